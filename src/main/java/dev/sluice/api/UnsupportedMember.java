package dev.sluice.api;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Which members of a mapping request are refused for a Kafka source instead of being silently ignored, in AWS's words. Some of them
 * AWS itself takes for Kafka; then the refusal's hint says that only Sluice lacks them.
 */
enum UnsupportedMember {
    FILTER_CRITERIA("FilterCriteria", true, "'filterCriteria'"),
    // AWS writes this one without quotes (recorded).
    DESTINATION_CONFIG("DestinationConfig", true, "DestinationConfig"),
    MAXIMUM_RETRY_ATTEMPTS("MaximumRetryAttempts", true, "'maximumRetryAttempts'"),
    MAXIMUM_RECORD_AGE_IN_SECONDS("MaximumRecordAgeInSeconds", true, "'maximumRecordAgeInSeconds'"),
    BISECT_BATCH_ON_FUNCTION_ERROR("BisectBatchOnFunctionError", true, "'bisectBatchOnFunctionError'"),
    FUNCTION_RESPONSE_TYPES("FunctionResponseTypes", true, "'functionResponseTypes'"),
    PROVISIONED_POLLER_CONFIG("ProvisionedPollerConfig", true, "'provisionedPollerConfig'"),
    LOGGING_CONFIG("LoggingConfig", true, "'loggingConfig'"),
    METRICS_CONFIG("MetricsConfig", true, "'metricsConfig'"),
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

    /** Refuses {@code body} when it has one of the members with something in it. */
    static void refuseIn(JsonNode body) {
        for (UnsupportedMember each : values()) {
            if (saysSomething(body.get(each.member))) {
                boolean onSuccess = each == DESTINATION_CONFIG && saysSomething(body.get(each.member).get("OnSuccess"));
                throw refusal(each.awsSpelling, each.acceptedByAws && !onSuccess ? each.member : null);
            }
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
