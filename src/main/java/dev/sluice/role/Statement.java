package dev.sluice.role;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What does the role have to be allowed, on what, and for what? A statement of an IAM policy that allows. Immutable.
 *
 * @param sid letters and digits, unique in its policy
 * @param actions such as {@code kafka:GetBootstrapBrokers}
 * @param resources ARNs, or {@code *} where the actions know no narrower one
 * @param viaService the service through which alone the actions are allowed ({@code kms:ViaService}); null for any
 * @param when what has to be so for the statement to be needed, to follow "Needed when "; null when it always is
 * @param why a sentence for the user
 */
public record Statement(String sid, List<String> actions, List<String> resources, String viaService, String when, String why) {
    public Statement {
        Objects.requireNonNull(sid, "sid");
        Objects.requireNonNull(why, "why");
        actions = List.copyOf(actions);
        resources = List.copyOf(resources);
        if (actions.isEmpty() || resources.isEmpty()) {
            throw new IllegalArgumentException(sid + " allows nothing");
        }
    }

    /** One that is always needed, and not bound to a service. */
    Statement(String sid, List<String> actions, List<String> resources, String why) {
        this(sid, actions, resources, null, null, why);
    }

    /** Its members in IAM's policy language. */
    public Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("Sid", sid);
        document.put("Effect", "Allow");
        document.put("Action", actions);
        document.put("Resource", resources);
        if (viaService != null) {
            document.put("Condition", Map.of("StringEquals", Map.of("kms:ViaService", viaService)));
        }
        return document;
    }
}
