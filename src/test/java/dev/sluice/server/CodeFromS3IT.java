package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.AwsStub;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.PrintingHandler;
import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateFunctionResponse;
import software.amazon.awssdk.services.lambda.model.FunctionCode;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.LambdaException;

/** Functions whose code is in a bucket, as the AWS SDK for Java makes them with the built jar; localstack#91. */
class CodeFromS3IT {

    @TempDir
    private static Path directory;

    private static AwsStub aws;
    private static SluiceProcess server;
    private static LambdaClient lambda;
    private static byte[] version1;
    private static byte[] version2;
    private static String loadedAtStart;

    @BeforeAll
    static void start() throws IOException {
        aws = new AwsStub();
        Files.writeString(directory.resolve("sluice.yaml"), "functions: {declared: {url: \"http://localhost:1/\"}}\n");
        Path classes = directory.resolve("classes.log");
        server = SluiceJar.in(directory).with("SLUICE_ENDPOINTS_S3", aws.url().toString())
                .with("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes).serve("--kafka", "localhost:1").awaitReady();
        loadedAtStart = Files.readString(classes);
        lambda = client(server);
        version1 = PrintingHandler.jar(directory, 1);
        version2 = PrintingHandler.jar(directory, 2);
        aws.put("code", "f.jar", "first", version1);
        aws.put("code", "f.jar", "second", version2);
        aws.put("code", "text", "first", "no zip".getBytes(StandardCharsets.UTF_8));
        aws.put("code", "large", 262_144_000L);
    }

    @AfterAll
    static void stop() {
        try (AwsStub too = aws; SluiceProcess toEnd = server; LambdaClient toClose = lambda) {
            assertThat(List.of(too, toEnd, toClose)).doesNotContainNull();
        }
    }

    private static LambdaClient client(SluiceProcess of) {
        return LambdaClient.builder().endpointOverride(URI.create(of.endpoint().toString())).region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("111111111111", "made-up"))).build();
    }

    private static CreateFunctionResponse create(LambdaClient at, String name, FunctionCode code) {
        return at.createFunction(request -> request.functionName(name).role("arn:aws:iam::111111111111:role/r").runtime("java17")
                .handler(PrintingHandler.HANDLER).code(code));
    }

    private static FunctionCode object(String key, String version) {
        return FunctionCode.builder().s3Bucket("code").s3Key(key).s3ObjectVersion(version).build();
    }

    private static String invoked(String name) {
        return lambda.invoke(request -> request.functionName(name).payload(SdkBytes.fromUtf8String("{}"))).payload().asUtf8String();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void aFunctionIsCreatedAndUpdatedFromAnObjectAndItsVersions() throws Exception {
        CreateFunctionResponse created = create(lambda, "f", object("f.jar", null));
        assertThat(created.codeSha256()).isEqualTo(sha256(version2));
        assertThat(created.codeSize()).isEqualTo(version2.length);
        assertThat(invoked("f")).isEqualTo("{\"version\":2}");

        assertThat(lambda.updateFunctionCode(request -> request.functionName("f").s3Bucket("code").s3Key("f.jar").s3ObjectVersion("first"))
                .codeSha256()).isEqualTo(sha256(version1));

        assertThat(invoked("f")).isEqualTo("{\"version\":1}");
        assertThat(aws.asked()).anySatisfy(get -> assertThat(get.headers().getFirst("Authorization")).contains("/eu-west-1/s3/"));
    }

    @Test
    void codeInABucketMayBeLargerThanARequest() throws Exception {
        byte[] noise = new byte[53_000_000];
        new Random(1).nextBytes(noise);
        byte[] zip = CompiledHandler.compile(directory, "Large",
                "public class Large { public String handle() { return \"large\"; } }").zip("noise", noise);
        aws.put("code", "fat.jar", "first", zip);

        assertThat(create(lambda, "fat", object("fat.jar", null)).codeSize()).isEqualTo(zip.length).isGreaterThan(52_428_800);
    }

    @Test
    void whatCannotBeUsedIsRefusedInAwssWords() {
        refused(object("g.jar", null),
                "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.");
        refused(FunctionCode.builder().s3Bucket("nowhere").s3Key("f.jar").build(),
                "Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist");
        refused(object("f.jar", "third"),
                "Error occurred while GetObject. S3 Error Code: NoSuchVersion. S3 Error Message: The specified version does not exist.");
        refused(object("text", null), "Could not unzip uploaded file. Please check your file, then try to upload again.");
        refused(object("large", null), "Unzipped size must be smaller than 262144000 bytes");
        refused(FunctionCode.builder().s3Bucket("code").build(), "Please provide a source for function code.");
        refused(FunctionCode.builder().s3Bucket("code").s3Key("f.jar").zipFile(SdkBytes.fromUtf8String("zip")).build(),
                "Please do not provide other FunctionCode parameters when providing a ZipFile.");
        assertThatThrownBy(() -> lambda.getFunction(request -> request.functionName("refused"))).isInstanceOf(LambdaException.class)
                .hasMessageContaining("Function not found");
    }

    private static void refused(FunctionCode code, String message) {
        assertThatThrownBy(() -> create(lambda, "refused", code)).isInstanceOfSatisfying(InvalidParameterValueException.class,
                e -> assertThat(e.awsErrorDetails().errorMessage()).isEqualTo(message));
    }

    @Test
    void anUpdateThatIsRefusedLeavesTheCodeAsItWas() throws Exception {
        create(lambda, "kept", object("f.jar", "first"));

        assertThatThrownBy(() -> lambda.updateFunctionCode(request -> request.functionName("kept").s3Bucket("code").s3Key("gone")))
                .isInstanceOf(InvalidParameterValueException.class).hasMessageContaining("S3 Error Code: NoSuchKey.");

        assertThat(lambda.getFunctionConfiguration(request -> request.functionName("kept")).codeSha256()).isEqualTo(sha256(version1));
    }

    @Test
    void codeForADeclaredFunctionIsNotFetched() {
        create(lambda, "declared", object("declared.jar", null));
        lambda.updateFunctionCode(request -> request.functionName("declared").s3Bucket("code").s3Key("declared.jar"));

        assertThat(aws.asked()).noneMatch(get -> get.path().contains("declared.jar"));
    }

    @Test
    void anEndpointThatIsDownIsNamedAndItsSettingToo(@TempDir Path elsewhere) throws Exception {
        URI down;
        try (AwsStub gone = new AwsStub()) {
            down = gone.url();
        }
        SluiceJar jar = SluiceJar.in(elsewhere).with("SLUICE_ENDPOINTS_S3", down.toString());
        try (SluiceProcess other = jar.serve("--kafka", "localhost:1").awaitReady();
                LambdaClient client = client(other)) {
            assertThatThrownBy(() -> create(client, "f", object("f.jar", null))).isInstanceOfSatisfying(
                    InvalidParameterValueException.class,
                    e -> assertThat(e.awsErrorDetails().errorMessage()).contains("refused")
                            .startsWith("Sluice can't get the code from s3://code/f.jar: ")
                            .endsWith("The setting endpoints.s3 (SLUICE_ENDPOINTS_S3) says where S3 is; it is " + down + "."));
            other.terminate();
            other.awaitExit(Duration.ofSeconds(8));
        }
    }

    @Test
    void nothingOfTheAwsSdkIsLoadedBeforeItIsNeeded() {
        assertThat(loadedAtStart).contains("dev.sluice.aws.S3CodeBuckets");
        assertThat(loadedAtStart.lines().filter(line -> line.contains("software.amazon.awssdk"))).isEmpty();
    }
}
