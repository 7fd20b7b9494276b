package dev.sluice.testing;

/** With which credentials does an AWS client act in the account of a test? The access key is the account's id; any secret will do. */
public record AwsCredentials(String accessKeyId, String secretAccessKey) {
}
