package dev.sluice.destination;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * How AWS's services are called: at which endpoint, with which credentials, for how long, and what a failure means. Thread-safe.
 *
 * <p>An emulator takes any credentials, so that made-up ones stand in where the user has none. The instance's own are not
 * looked for there: asking for them takes seconds on a machine that isn't AWS's.
 */
final class AwsClients implements AutoCloseable {

    static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** A service, and the setting that says where it is. */
    enum Service {
        SQS("endpoints.sqs"), SNS("endpoints.sns"), S3("endpoints.s3");

        private final String setting;

        Service(String setting) {
            this.setting = setting;
        }
    }

    /**
     * Where the user's credentials are looked for.
     *
     * @param all the whole chain of the SDK, for AWS itself
     * @param atHand what is found without asking the network
     */
    record CredentialSources(AwsCredentialsProvider all, AwsCredentialsProvider atHand) {

        static CredentialSources ofTheSdk() {
            return new CredentialSources(DefaultCredentialsProvider.builder().build(), AwsCredentialsProviderChain.of(
                    SystemPropertyCredentialsProvider.create(), EnvironmentVariableCredentialsProvider.create(),
                    ProfileCredentialsProvider.create()));
        }
    }

    private final AwsEndpoints endpoints;
    private final AwsCredentialsProvider own;
    private final AwsCredentialsProvider ownOrMadeUp;
    private final Duration callTimeout;
    private final SdkHttpClient http;

    /** @param callTimeout for a request with all its attempts */
    AwsClients(AwsEndpoints endpoints, CredentialSources credentials, Duration callTimeout) {
        this.endpoints = endpoints;
        this.own = credentials.all();
        this.ownOrMadeUp = AwsCredentialsProviderChain.of(credentials.atHand(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
        this.callTimeout = callTimeout;
        this.http = Apache5HttpClient.builder().connectionTimeout(CONNECT_TIMEOUT).socketTimeout(callTimeout).build();
    }

    SqsClient sqs(String region) {
        return configured(SqsClient.builder(), region, Service.SQS).build();
    }

    SnsClient sns(String region) {
        return configured(SnsClient.builder(), region, Service.SNS).build();
    }

    S3Client s3(String region) {
        S3ClientBuilder builder = configured(S3Client.builder(), region, Service.S3).forcePathStyle(endpoints.s3() != null);
        if (emulated(Service.S3)) {
            // Not every emulator knows the checksums that the SDK adds where it may, and the chunks that it signs one by one.
            builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                    .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build());
        }
        return builder.build();
    }

    /** Runs {@code request}; what the SDK throws becomes a {@link DestinationFailedException} with what matters to the user. */
    void call(Service service, String destination, Runnable request) {
        requireCredentials(service, destination);
        try {
            request.run();
        } catch (SdkException e) {
            throw new DestinationFailedException(destination, problem(e), e);
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B configured(
            B builder, String region, Service service) {
        builder.region(Region.of(region)).credentialsProvider(credentials(service)).httpClient(http)
                .overrideConfiguration(settings -> settings.apiCallTimeout(callTimeout));
        return endpoint(service) == null ? builder : builder.endpointOverride(endpoint(service));
    }

    private URI endpoint(Service service) {
        return switch (service) {
            case SQS -> endpoints.sqs();
            case SNS -> endpoints.sns();
            case S3 -> endpoints.s3();
        };
    }

    private boolean emulated(Service service) {
        return endpoint(service) != null && !endpoint(service).getHost().matches("(?i).*\\.(amazonaws\\.com(\\.cn)?|api\\.aws)");
    }

    private AwsCredentialsProvider credentials(Service service) {
        return emulated(service) ? ownOrMadeUp : own;
    }

    private void requireCredentials(Service service, String destination) {
        try {
            credentials(service).resolveCredentials();
        } catch (SdkException e) {
            throw new DestinationFailedException(destination, "there are no AWS credentials to send with; set " + service.setting
                    + " to the URL of an emulator, as in http://localhost:4566, or give the server credentials for AWS", e);
        }
    }

    private String problem(SdkException e) {
        if (e instanceof AwsServiceException refused) {
            AwsErrorDetails details = refused.awsErrorDetails();
            if (details != null && details.errorCode() != null) {
                String message = details.errorMessage() == null ? "" : details.errorMessage().lines().findFirst().orElse("");
                return details.errorCode() + (message.isBlank() ? "" : ": " + message) + " (HTTP " + refused.statusCode() + ")";
            }
            return "HTTP " + refused.statusCode();
        }
        if (e instanceof ApiCallTimeoutException) {
            return "no answer within " + callTimeout.toMillis() + " ms";
        }
        return e instanceof AbortedException ? "the server is closing" : DestinationFailedException.firstLine(e);
    }
}
