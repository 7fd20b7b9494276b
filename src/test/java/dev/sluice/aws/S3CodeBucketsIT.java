package dev.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.AwsStub;
import dev.sluice.fixture.AwsStub.Asked;
import dev.sluice.fixture.AwsStub.Refusal;
import dev.sluice.fixture.OwnThread;
import dev.sluice.function.CodeSource;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.code.CodeBuckets.Result;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What the AWS SDK asks S3 in our name, seen by a server of this test. */
class S3CodeBucketsIT {

    private static final Scope CALLER = new Scope("111122223333", "ap-southeast-2");
    private static final CodeSource.S3Object OBJECT = new CodeSource.S3Object("code", "a/f 1.zip", null);
    private static final long LIMIT = 1000;
    private static final AwsCredentialsProvider NONE = () -> {
        throw SdkClientException.create("Unable to load credentials from any of the providers in the chain");
    };

    @TempDir
    private Path directory;
    private Path file;
    private final AwsStub aws = new AwsStub();
    private final S3CodeBuckets buckets = buckets(aws.url(), Duration.ofSeconds(20));

    @BeforeEach
    void make() throws IOException {
        file = Files.createFile(directory.resolve("code.zip"));
        aws.put("code", "a/f 1.zip", "first", "one".getBytes(StandardCharsets.UTF_8));
        aws.put("code", "a/f 1.zip", "second", "two".getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void close() {
        buckets.close();
        aws.close();
    }

    private static S3CodeBuckets buckets(URI endpoint, Duration callTimeout) {
        AwsEndpoints endpoints = new AwsEndpoints(null, null, endpoint);
        return new S3CodeBuckets(endpoints, () -> new S3Objects(
                new AwsClients(endpoints, new CredentialSources(NONE, NONE), callTimeout)));
    }

    private Result fetch(String bucket, String key, String version) throws IOException {
        return buckets.fetch(CALLER, new CodeSource.S3Object(bucket, key, version), file, LIMIT);
    }

    @Test
    void anObjectIsAskedForInTheCallersRegionAndUnderItsBucketsPath() throws Exception {
        assertThat(fetch("code", "a/f 1.zip", null)).isEqualTo(new Result.Fetched());

        assertThat(file).hasContent("two");
        Asked get = aws.asked().get(0);
        assertThat(get.operation() + " " + get.path()).isEqualTo("GET /code/a/f%201.zip");
        assertThat(get.query()).isNull();
        assertThat(get.headers().getFirst("Authorization")).contains("Credential=test/").contains("/ap-southeast-2/s3/aws4_request");
        assertThat(aws.asked()).hasSize(1);
    }

    @Test
    void aVersionIsTheOneThatIsFetched() throws Exception {
        assertThat(fetch("code", "a/f 1.zip", "first")).isEqualTo(new Result.Fetched());

        assertThat(file).hasContent("one");
        assertThat(aws.asked().get(0).query()).isEqualTo("versionId=first");
    }

    @ParameterizedTest
    @CsvSource({"code, b.zip, , NoSuchKey, The specified key does not exist.",
            "other, b.zip, , NoSuchBucket, The specified bucket does not exist",
            "code, a/f 1.zip, third, NoSuchVersion, The specified version does not exist."})
    void whatS3RefusesIsToldInItsWords(String bucket, String key, String version, String code, String message) throws Exception {
        assertThat(fetch(bucket, key, version)).isEqualTo(new Result.Refused(code, message));
    }

    // Reported of Lambda by users, in aws-samples/aws-codepipeline-bitbucket-integration#7 and gilt/s3-sftp-bridge#3.
    @Test
    void aBucketOfAnotherRegionIsToldInLambdasWords() throws Exception {
        String body = "<Error><Code>PermanentRedirect</Code><Message>The bucket you are attempting to access must be addressed using the"
                + " specified endpoint.</Message><Endpoint>code.s3.amazonaws.com</Endpoint></Error>";
        aws.refuse(new Refusal(301, "application/xml", body, Map.of("x-amz-bucket-region", "us-east-1")),
                new Refusal(301, "application/xml", body));

        assertThat(fetch("code", "a/f 1.zip", null)).isEqualTo(new Result.Refused("PermanentRedirect",
                "The bucket is in this region: us-east-1. Please use this region to retry the request"));
        assertThat(fetch("code", "a/f 1.zip", null)).isEqualTo(new Result.Refused("PermanentRedirect",
                "The bucket is in this region: null. Please use this region to retry the request"));
    }

    @Test
    void anObjectOfTheLimitIsTooLarge() throws Exception {
        aws.put("code", "large", LIMIT);
        aws.put("code", "fits", LIMIT - 1);

        assertThat(fetch("code", "large", null)).isEqualTo(new Result.TooLarge());
        assertThat(fetch("code", "fits", null)).isEqualTo(new Result.Fetched());
        assertThat(file).hasSize(LIMIT - 1);
    }

    @Test
    void anObjectThatBreaksOffIsFetchedAgain() throws Exception {
        aws.breakOff();

        assertThat(fetch("code", "a/f 1.zip", null)).isEqualTo(new Result.Fetched());

        assertThat(file).hasContent("two");
        assertThat(aws.operations()).containsExactly("GET", "GET");
    }

    @Test
    void aFileThatCannotBeWrittenIsTheCallersProblem() {
        assertThatThrownBy(() -> buckets.fetch(CALLER, OBJECT, directory.resolve("missing/file"), LIMIT))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(aws.operations()).containsExactly("GET");
    }

    @Test
    void anEndpointThatIsDownIsNamedWithItsSetting() throws Exception {
        aws.close();

        unavailable(fetch("code", "a/f 1.zip", null), "refused", " The setting endpoints.s3 (SLUICE_ENDPOINTS_S3) says where S3 is; it is "
                + aws.url() + ".");
    }

    @Test
    void anAnswerWithoutAReasonIsToldWithItsStatus() throws Exception {
        aws.refuse(new Refusal(403, "text/html", ""));

        unavailable(fetch("code", "a/f 1.zip", null), "HTTP 403. The setting endpoints.s3 (SLUICE_ENDPOINTS_S3) says where S3 is");
    }

    @Test
    void aRegionThatAwsCannotHaveIsTold() throws Exception {
        AwsCredentialsProvider some = StaticCredentialsProvider.create(AwsBasicCredentials.create("some", "secret"));
        try (S3CodeBuckets ofAws = new S3CodeBuckets(AwsEndpoints.OF_THE_SDK, () -> new S3Objects(
                new AwsClients(AwsEndpoints.OF_THE_SDK, new CredentialSources(some, some), Duration.ofSeconds(3))))) {
            unavailable(ofAws.fetch(new Scope("111122223333", "-"), new CodeSource.S3Object("code", "k", null), file, LIMIT),
                    "egion", "it is not set");
        }
    }

    @Test
    void aSilentEndpointIsGivenUp() throws Exception {
        aws.hold();
        try (S3CodeBuckets hurried = buckets(aws.url(), Duration.ofSeconds(1))) {
            unavailable(hurried.fetch(CALLER, OBJECT, file, LIMIT), "no answer within 1000 ms");
        }
    }

    @Test
    void anObjectThatStopsComingIsGivenUp() throws Exception {
        aws.stall();
        try (S3CodeBuckets hurried = buckets(aws.url(), Duration.ofSeconds(2))) {
            unavailable(hurried.fetch(CALLER, OBJECT, file, LIMIT), "no answer within 2000 ms");
        }
    }

    @Test
    void withoutEndpointAndCredentialsTheSettingIsNamed() throws Exception {
        try (S3CodeBuckets unset = buckets(null, Duration.ofSeconds(3))) {
            unavailable(unset.fetch(CALLER, OBJECT, file, LIMIT), "there are no AWS credentials",
                    "set endpoints.s3 to the URL of an emulator",
                    "(SLUICE_ENDPOINTS_S3) says where S3 is; it is not set, so that AWS is asked.");
        }
    }

    @Test
    void closingEndsAFetchThatWaits() throws Exception {
        aws.hold();
        CompletableFuture<Result> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return fetch("code", "a/f 1.zip", null);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }, OwnThread.EXECUTOR);
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> !aws.asked().isEmpty());

        buckets.close();

        unavailable(waiting.get(6, TimeUnit.SECONDS), "the server is closing");
        unavailable(fetch("code", "a/f 1.zip", null), "the server is closing");
    }

    private static void unavailable(Result result, String... parts) {
        assertThat(result).isInstanceOfSatisfying(Result.Unavailable.class, it -> assertThat(it.problem()).contains(parts));
    }
}
