package dev.sluice.api;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Which members of a mapping request are refused for a Kafka source instead of being silently ignored, in AWS's words. Some of them
 * AWS itself takes for Kafka; then the refusal's hint says that only Sluice lacks them.
 */
enum UnsupportedMember {
    KMS_KEY_ARN("KMSKeyArn", true, "'kMSKeyArn'"),
    TAGS("Tags", true, "'tags'"),
    PARALLELIZATION_FACTOR("ParallelizationFactor", false, "'parallelizationFactor'"),
    TUMBLING_WINDOW_IN_SECONDS("TumblingWindowInSeconds", false, "'tumblingWindowInSeconds'"),
    SCALING_CONFIG("ScalingConfig", false, "'scalingConfig'"),
    QUEUES("Queues", false, "'queues'"),
    DOCUMENT_DB_EVENT_SOURCE_CONFIG("DocumentDBEventSourceConfig", false, "'documentDBEventSourceConfig'");

    private final String member;
    private final boolean acceptedByAws;
    private final String awsSpelling;

    UnsupportedMember(String member, boolean acceptedByAws, String awsSpelling) {
        this.member = member;
        this.acceptedByAws = acceptedByAws;
        this.awsSpelling = awsSpelling;
    }

    String member() {
        return member;
    }

    boolean acceptedByAws() {
        return acceptedByAws;
    }

    /** Refuses {@code body} when it has one of the members, or DestinationConfig.OnSuccess, with something in it. */
    static void refuseIn(JsonNode body) {
        for (UnsupportedMember each : values()) {
            if (saysSomething(body.get(each.member))) {
                throw refusal(each.awsSpelling, each.acceptedByAws ? each.member : null);
            }
        }
        if (saysSomething(body.path("DestinationConfig").get("OnSuccess"))) {
            // Recorded without quotes, other than all the rest.
            throw refusal("DestinationConfig", null);
        }
    }

    /** The refusal of a member. @param lacking the member that AWS takes and Sluice doesn't yet; null when AWS refuses too */
    static ApiException refusal(String awsSpelling, String lacking) {
        return ApiException.invalidParameter("Unsupported " + awsSpelling + " parameter for given event source mapping type.",
                lacking == null ? null : "AWS takes " + lacking + " for Kafka; Sluice does not yet. Leave it out here.");
    }

    /** Whether a member holds more than null, {}, [] or "", on all levels: those ask for nothing. */
    static boolean saysSomething(JsonNode node) {
        if (node == null || node.isNull()) {
            return false;
        }
        if (node.isContainerNode()) {
            for (JsonNode child : node) {
                if (saysSomething(child)) {
                    return true;
                }
            }
            // An element of a list is something even when it is {}; a member of a structure is not.
            return node.isArray() && !node.isEmpty();
        }
        return !node.isTextual() || !node.textValue().isEmpty();
    }
}
