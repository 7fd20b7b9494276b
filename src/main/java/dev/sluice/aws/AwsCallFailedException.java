package dev.sluice.aws;

import java.util.Optional;

/**
 * Why did a call of one of AWS's services not succeed? The message has the cause in one line, and no secrets. Immutable.
 */
public final class AwsCallFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    /**
     * What the service itself said.
     *
     * @param code as in {@code NoSuchKey}
     * @param message its first line; empty when there was none
     * @param bucketRegion where S3 says that the bucket is; null where it doesn't say
     */
    public record Refusal(String code, String message, String bucketRegion) {
    }

    AwsCallFailedException(String problem, Throwable cause) {
        this(problem, null, cause);
    }

    /** @param refusal null when the service didn't say why */
    AwsCallFailedException(String problem, Refusal refusal, Throwable cause) {
        super(problem, cause);
        this.refusal = refusal;
    }

    /** Empty when the service wasn't reached or answered with a status alone. */
    public Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }
}
