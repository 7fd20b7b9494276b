package dev.sluice.aws;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;

/**
 * Where are the user's credentials looked for? Thread-safe, as the providers are.
 *
 * @param all the whole chain of the SDK, for AWS itself
 * @param atHand what is found without asking the network
 */
public record CredentialSources(AwsCredentialsProvider all, AwsCredentialsProvider atHand) {

    public static CredentialSources ofTheSdk() {
        return new CredentialSources(DefaultCredentialsProvider.builder().build(), AwsCredentialsProviderChain.of(
                SystemPropertyCredentialsProvider.create(), EnvironmentVariableCredentialsProvider.create(),
                ProfileCredentialsProvider.create()));
    }
}
