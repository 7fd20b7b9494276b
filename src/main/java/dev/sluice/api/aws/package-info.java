/**
 * What requests of all AWS's operations have in common: who asks, which function is meant, pages and markers.
 *
 * <p>{@link dev.sluice.api.aws.AwsRequest} first, then {@code CredentialScope}.
 */
package dev.sluice.api.aws;
