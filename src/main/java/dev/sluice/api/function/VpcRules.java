package dev.sluice.api.function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.api.http.ApiException;

/** Which VPC may a request name for a function? What can be told without EC2, in the words that users of AWS reported. */
final class VpcRules {

    private VpcRules() {
    }

    /** @param config that keeps the contract; missing or null for none */
    static void require(JsonNode config) {
        if (config.path("SubnetIds").isEmpty() != config.path("SecurityGroupIds").isEmpty()) {
            throw ApiException.invalidParameter("SubnetIds and SecurityIds must coexist or be both empty list.");
        }
    }
}
