package dev.sluice.api.function;

import dev.sluice.api.http.ApiException;
import dev.sluice.resource.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which layers may a function name? What can be told from their ARNs; whether a layer exists is not looked at. Texts as recorded. */
final class LayerRules {

    private static final int MOST = 5;
    private static final int REGION = 3;

    private LayerRules() {
    }

    /** @param arns of layer versions, that keep the contract; null for none */
    static void require(Scope caller, List<String> arns) {
        if (arns == null) {
            return;
        }
        if (arns.size() > MOST) {
            throw ApiException.invalidParameter("Cannot reference more than " + MOST + " layers.");
        }
        Map<String, String> versions = new HashMap<>();
        for (String arn : arns) {
            String region = arn.split(":")[REGION];
            if (!region.isEmpty() && !region.equals(caller.region())) {
                throw ApiException.invalidParameter("Layers are not in the same region as the function."
                        + " Layers are expected to be in region " + caller.region() + ".");
            }
            String other = versions.put(arn.substring(0, arn.lastIndexOf(':')), arn);
            if (other != null) {
                throw ApiException.invalidParameter("Two different versions of the same layer are not allowed to be referenced in the"
                        + " same function. " + other + " and " + arn + " are versions of the same layer.");
            }
        }
    }
}
