package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** That a wrong answer fails the call of the SDK that got it, though the SDK itself would take it. */
class CheckedAnswersIT {

    private HttpServer server;
    private LambdaClient lambda;
    private String answer = "";

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("x-amzn-RequestId", "1");
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        lambda = LambdaClient.builder().endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .overrideConfiguration(override -> override.addExecutionInterceptor(new CheckedAnswers())).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"))).build();
    }

    @AfterEach
    void stop() {
        lambda.close();
        server.stop(0);
    }

    @Test
    void aMemberThatTheContractDoesNotKnowFailsTheCall() {
        answer = "{\"EventSourceMappings\":[{\"UUID\":\"u\",\"Bogus\":1}]}";
        assertThatThrownBy(() -> lambda.listEventSourceMappings()).hasStackTraceContaining("breaks openapi/lambda.json")
                .hasStackTraceContaining("Bogus");
    }

    @Test
    void aDeclaredAnswerReachesTheCaller() {
        answer = "{\"EventSourceMappings\":[{\"UUID\":\"u\"}]}";
        assertThat(lambda.listEventSourceMappings().eventSourceMappings()).extracting(mapping -> mapping.uuid()).containsExactly("u");
    }
}
