package dev.sluice.aws;

import java.net.URI;

/**
 * Where are SQS, SNS, S3 and Secrets Manager: each the URL of an emulator, a proxy or AWS itself, or null for what the AWS SDK chooses, which is
 * AWS unless the environment or the profile says otherwise; but Secrets Manager is asked only where it is said. Immutable.
 */
public record AwsEndpoints(URI sqs, URI sns, URI s3, URI secretsManager) {

    /** Without a Secrets Manager. */
    public AwsEndpoints(URI sqs, URI sns, URI s3) {
        this(sqs, sns, s3, null);
    }

    /** None is set. */
    public static final AwsEndpoints OF_THE_SDK = new AwsEndpoints(null, null, null);
}
