/**
 * The AWS services that Sluice itself calls: SQS, SNS and S3, at AWS or at an emulator.
 *
 * <p>{@link dev.sluice.aws.AwsClients} first; {@code S3CodeBuckets} fetches code.
 */
package dev.sluice.aws;
