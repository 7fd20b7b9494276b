package dev.sluice.mapping;

import org.jspecify.annotations.Nullable;

/**
 * What a mapping does with records that its function doesn't take. Immutable; what the request left out is null, and stays out of
 * answers.
 *
 * <p>AWS: "Configuring error handling controls for Kafka event sources" in the AWS Lambda developer guide.
 *
 * @param maximumRetryAttempts -1 (for ever) to 10000, the first try not counted; null for the default
 * @param maximumRecordAgeInSeconds -1 (for ever) or 60 to 604800; null for the default
 * @param bisectBatchOnFunctionError whether a batch that fails is split in two; null for the default, no
 * @param reportBatchItemFailures whether the function's answer names the records that failed
 * @param onFailureDestination ARN of a queue, topic or bucket, or {@code kafka://topic}; null for none
 */
public record FailureHandling(@Nullable Integer maximumRetryAttempts, @Nullable Integer maximumRecordAgeInSeconds,
        @Nullable Boolean bisectBatchOnFunctionError,
        boolean reportBatchItemFailures, @Nullable String onFailureDestination) {

    /** Retries until the batch succeeds or its records expire in Kafka. */
    public static final FailureHandling DEFAULT = new FailureHandling(null, null, null, false, null);

    /** What -1 means where a destination waits for the records: AWS doesn't retry for ever then. */
    private static final int RETRIES_BEFORE_A_DESTINATION = 10;

    public FailureHandling {
        if (maximumRetryAttempts != null && (maximumRetryAttempts < -1 || maximumRetryAttempts > 10_000)) {
            throw new IllegalArgumentException("maximumRetryAttempts is " + maximumRetryAttempts + "; allowed are -1 to 10000");
        }
        if (maximumRecordAgeInSeconds != null && maximumRecordAgeInSeconds != -1
                && (maximumRecordAgeInSeconds < 60 || maximumRecordAgeInSeconds > 604_800)) {
            throw new IllegalArgumentException(
                    "maximumRecordAgeInSeconds is " + maximumRecordAgeInSeconds + "; allowed are -1 and 60 to 604800");
        }
        if (onFailureDestination != null && onFailureDestination.isEmpty()) {
            throw new IllegalArgumentException("onFailureDestination is empty; none is null");
        }
    }

    /** How often a batch is tried again at most; -1 for ever. */
    public int retryLimit() {
        if (maximumRetryAttempts != null && maximumRetryAttempts >= 0) {
            return maximumRetryAttempts;
        }
        return onFailureDestination == null ? -1 : RETRIES_BEFORE_A_DESTINATION;
    }

    /** Whether a record that has been tried again so often in Queue mode is to be given up; AWS's default is 0 there. */
    public boolean isQueueRetryLimit(int retries) {
        int limit = maximumRetryAttempts == null ? 0 : maximumRetryAttempts;
        return limit >= 0 && retries >= limit;
    }

    /** How old a record may be that is still delivered, in milliseconds; -1 for any age. */
    public long maximumRecordAgeMillis() {
        return maximumRecordAgeInSeconds == null || maximumRecordAgeInSeconds < 0 ? -1 : maximumRecordAgeInSeconds * 1_000L;
    }

    /** Whether a batch that fails is split in two. */
    public boolean bisects() {
        return Boolean.TRUE.equals(bisectBatchOnFunctionError);
    }
}
