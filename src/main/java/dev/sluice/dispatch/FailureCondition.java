package dev.sluice.dispatch;

/** Why records are given up. */
public enum FailureCondition {
    /** MaximumRetryAttempts was reached. */
    RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted"),
    /** A record alone makes an event over Lambda's limit. */
    MAXIMUM_PAYLOAD_SIZE_EXCEEDED("MaximumPayloadSizeExceeded"),
    /** MaximumRecordAgeInSeconds was reached. AWS's word for it isn't documented for Kafka; this is the one for Kinesis. */
    RECORD_AGE_EXCEEDED("RecordAgeExceeded");

    private final String awsName;

    FailureCondition(String awsName) {
        this.awsName = awsName;
    }

    /** As SQS, SNS and S3 destinations are told. */
    public String awsName() {
        return awsName;
    }
}
