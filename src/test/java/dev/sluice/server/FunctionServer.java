package dev.sluice.server;

import dev.sluice.fixture.TestServer;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.CreateFunctionResponse;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;

/** A server with a declared function, and the AWS SDK for Java as an account uses it. Confined to one thread. */
final class FunctionServer implements AutoCloseable {

    static final String ARN = "arn:aws:lambda:us-west-2:111111111111:function:";
    static final String ROLE = "arn:aws:iam::111111111111:role/r";

    /** Nothing listens there. */
    private static final String NO_BROKER = "localhost:1";

    private final TestServer server;
    private LambdaClient lambda;

    FunctionServer(Path directory) {
        server = TestServer.startWithFile(directory, NO_BROKER, Map.of(),
                "functions: {declared: {url: 'http://localhost:1/', timeoutSeconds: 7}}\n");
        lambda = client("111111111111", Region.US_WEST_2);
    }

    /** The client of account 111111111111 in us-west-2. */
    LambdaClient lambda() {
        return lambda;
    }

    LambdaClient client(String account, Region region) {
        return LambdaClient.builder().endpointOverride(server.endpoint()).region(region)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(account, "made-up"))).build();
    }

    /** Begins a request of no account in particular. */
    RequestSpecification given() {
        return server.given();
    }

    /** Sends one request of no account in particular. */
    HttpResponse<String> send(String method, String path, String body) {
        return server.send(method, path, body);
    }

    void restart() {
        lambda.close();
        server.stop();
        server.start();
        lambda = client("111111111111", Region.US_WEST_2);
    }

    CreateFunctionResponse create(String name) {
        return lambda.createFunction(request(name).build());
    }

    GetFunctionConfigurationResponse configuration(String name) {
        return lambda.getFunctionConfiguration(request -> request.functionName(name));
    }

    static CreateFunctionRequest.Builder request(String name) {
        return CreateFunctionRequest.builder().functionName(name).runtime("python3.12").handler("index.handler").role(ROLE)
                .code(code -> code.zipFile(zip("1")));
    }

    static SdkBytes zip(String content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            ZipEntry entry = new ZipEntry("index.py");
            entry.setTime(0);
            zip.putNextEntry(entry);
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return SdkBytes.fromByteArray(bytes.toByteArray());
    }

    @Override
    public void close() {
        lambda.close();
        server.close();
    }
}
