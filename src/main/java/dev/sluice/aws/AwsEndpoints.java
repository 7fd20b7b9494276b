package dev.sluice.aws;

import java.net.URI;

/**
 * Where are SQS, SNS and S3: each the URL of an emulator, a proxy or AWS itself, or null for what the AWS SDK chooses, which is
 * AWS unless the environment or the profile says otherwise. Immutable.
 */
public record AwsEndpoints(URI sqs, URI sns, URI s3) {

    /** None is set. */
    public static final AwsEndpoints OF_THE_SDK = new AwsEndpoints(null, null, null);
}
