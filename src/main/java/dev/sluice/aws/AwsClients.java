package dev.sluice.aws;

import dev.sluice.aws.AwsCallFailedException.Refusal;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
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
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * How are AWS's services called: at which endpoint, with which credentials, for how long, and what does a failure mean?
 * Thread-safe; single-use: construct, use, close.
 *
 * <p>An emulator takes any credentials, so that made-up ones stand in where the user has none. The instance's own are not
 * looked for there: asking for them takes seconds on a machine that isn't AWS's.
 */
public final class AwsClients implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    /** How long a service may send nothing at all. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    /** A service, and the setting that says where it is. */
    public enum Service {
        SQS("endpoints.sqs"), SNS("endpoints.sns"), S3("endpoints.s3"), SECRETS_MANAGER("endpoints.secretsmanager");

        private final String setting;

        Service(String setting) {
            this.setting = setting;
        }
    }

    private final AwsEndpoints endpoints;
    private final AwsCredentialsProvider own;
    private final AwsCredentialsProvider ownOrMadeUp;
    private final Duration callTimeout;
    private final SdkHttpClient http;

    /** @param callTimeout for a request with all its attempts */
    public AwsClients(AwsEndpoints endpoints, CredentialSources credentials, Duration callTimeout) {
        this.endpoints = endpoints;
        this.own = credentials.all();
        this.ownOrMadeUp = AwsCredentialsProviderChain.of(credentials.atHand(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
        this.callTimeout = callTimeout;
        this.http = Apache5HttpClient.builder().connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(callTimeout.compareTo(LONGEST_SILENCE) < 0 ? callTimeout : LONGEST_SILENCE).build();
    }

    public SqsClient sqs(String region) {
        return configured(SqsClient.builder(), region, Service.SQS).build();
    }

    public SnsClient sns(String region) {
        return configured(SnsClient.builder(), region, Service.SNS).build();
    }

    public S3Client s3(String region) {
        S3ClientBuilder builder = configured(S3Client.builder(), region, Service.S3).forcePathStyle(endpoints.s3() != null);
        if (emulated(Service.S3)) {
            // Not every emulator knows the checksums that the SDK adds where it may, and the chunks that it signs one by one.
            builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                    .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build());
        }
        return builder.build();
    }

    public SecretsManagerClient secretsManager(String region) {
        return configured(SecretsManagerClient.builder(), region, Service.SECRETS_MANAGER).build();
    }

    /** Runs {@code request}; what the SDK throws becomes an {@link AwsCallFailedException} with what matters to the user. */
    public <T> T call(Service service, Supplier<T> request) {
        requireCredentials(service);
        try {
            return request.get();
        } catch (SdkException e) {
            throw failure(e);
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
            case SECRETS_MANAGER -> endpoints.secretsManager();
        };
    }

    private boolean emulated(Service service) {
        return endpoint(service) != null && !endpoint(service).getHost().matches("(?i).*\\.(amazonaws\\.com(\\.cn)?|api\\.aws)");
    }

    private AwsCredentialsProvider credentials(Service service) {
        return emulated(service) ? ownOrMadeUp : own;
    }

    private void requireCredentials(Service service) {
        try {
            credentials(service).resolveCredentials();
        } catch (SdkException e) {
            throw new AwsCallFailedException("there are no AWS credentials to send with; set " + service.setting
                    + " to the URL of an emulator, as in http://localhost:4566, or give the server credentials for AWS", e);
        }
    }

    private AwsCallFailedException failure(SdkException e) {
        if (e instanceof AwsServiceException refused) {
            AwsErrorDetails details = refused.awsErrorDetails();
            String status = "HTTP " + refused.statusCode();
            if (details == null || details.errorCode() == null) {
                return new AwsCallFailedException(status, e);
            }
            String message = details.errorMessage() == null ? "" : details.errorMessage().lines().findFirst().orElse("");
            String problem = details.errorCode() + (message.isBlank() ? "" : ": " + message) + " (" + status + ")";
            String bucketRegion = details.sdkHttpResponse() == null ? null
                    : details.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region").orElse(null);
            return new AwsCallFailedException(problem, new Refusal(details.errorCode(), message, bucketRegion), e);
        }
        if (e instanceof ApiCallTimeoutException) {
            return new AwsCallFailedException("no answer within " + callTimeout.toMillis() + " ms", e);
        }
        return new AwsCallFailedException(e instanceof AbortedException ? "the server is closing" : firstLine(e), e);
    }

    /** Later lines may repeat the request. */
    private static String firstLine(SdkException failure) {
        String text = failure.getMessage();
        return text == null || text.isBlank() ? failure.getClass().getSimpleName() : text.lines().findFirst().orElse("").strip();
    }
}
