package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.function.FunctionInvoker;
import dev.sluice.function.Invocation;
import dev.sluice.function.InvocationResult;
import dev.sluice.mapping.FunctionArn;
import dev.sluice.mapping.Scope;
import dev.sluice.testing.Authorization;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvokeRouteIT {

    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<Invocation> invocations = new LinkedBlockingQueue<>();
    private ApiServer server;

    @BeforeEach
    void start() {
        FunctionInvoker invoker = new FunctionInvoker() {
            @Override
            public Optional<Duration> timeout(FunctionArn function) {
                return Optional.empty();
            }

            @Override
            public Pending submit(Invocation invocation) {
                invocations.add(invocation);
                return () -> false;
            }
        };
        Map<String, AwsRoutes.Handler> handlers = new LinkedHashMap<>();
        new InvokeRoute(arn -> arn.name().equals("f"), invoker).addTo(handlers);
        server = new ApiServer(Set.of(), List.of(new AwsRoutes(new Scope("111111111111", "us-east-1"), false, handlers)));
        server.start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.close(Duration.ofSeconds(1));
    }

    @Test
    void answersWithWhatTheFunctionAnswered() throws Exception {
        var answer = client.sendAsync(request("f", "{\"a\":1}"), BodyHandlers.ofString());
        Invocation invocation = invocations.poll(10, TimeUnit.SECONDS);
        assertThat(invocation.function()).hasToString("arn:aws:lambda:us-east-1:111111111111:function:f");
        assertThat(payload(invocation)).isEqualTo("{\"a\":1}");
        finish(invocation);
        HttpResponse<String> received = answer.get(10, TimeUnit.SECONDS);
        assertThat(received.statusCode()).isEqualTo(200);
        assertThat(received.body()).isEqualTo("\"done\"");
        assertThat(received.headers().firstValue("X-Amz-Executed-Version")).hasValue("$LATEST");
        assertThat(received.headers().allValues("x-amzn-RequestId")).containsExactly("request-1");
        assertThat(received.headers().firstValue("X-Amz-Function-Error")).isEmpty();
    }

    @Test
    void holdsNoThreadPerWaitingInvocation() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(client.sendAsync(request("f", "{}"), BodyHandlers.ofString()));
        }
        // More than the server has threads: all of them arrive though none is answered.
        List<Invocation> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waiting.add(invocations.poll(10, TimeUnit.SECONDS));
        }
        assertThat(waiting).doesNotContainNull();
        waiting.forEach(InvokeRouteIT::finish);
        for (var answer : answers) {
            assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void answersAnEventBeforeItRan() throws Exception {
        HttpResponse<String> answer = client.send(typed("Event"), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("X-Amz-Executed-Version")).isEmpty();
        assertThat(invocations).hasSize(1);
    }

    @Test
    void onlyChecksInADryRun() throws Exception {
        HttpResponse<String> answer = client.send(typed("DryRun"), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("X-Amz-Executed-Version")).isEmpty();
        assertThat(invocations).isEmpty();
    }

    @Test
    void refusesAnUnknownTypeAtItsMember() throws Exception {
        assertThat(client.send(typed("Sync"), BodyHandlers.ofString()).body())
                .contains("Value 'Sync' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [");
    }

    @Test
    void namesLatestWhenTheFunctionDoesNotExist() throws Exception {
        HttpResponse<String> answer = client.send(request("doesnotexist", "no json"), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"Type\":\"User\",\"Message\":\"Function not found: "
                + "arn:aws:lambda:us-east-1:111111111111:function:doesnotexist:$LATEST\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0099not json", "{", "{} {}", " ", "{\"a\":}", "nul"})
    void refusesAPayloadThatIsNoJson(String payload) throws Exception {
        HttpResponse<String> answer = client.send(request("f", payload), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("x-amzn-ErrorType")).hasValue("InvalidRequestContentException");
        assertThat(answer.body()).startsWith("{\"Type\":\"User\",\"message\":\"Could not parse request body into json: Could not parse payload into json: ");
        assertThat(invocations).isEmpty();
    }

    @Test
    void sendsAnEmptyObjectForAnEmptyPayload() throws Exception {
        var answer = client.sendAsync(request("f", ""), BodyHandlers.ofString());
        Invocation invocation = invocations.poll(10, TimeUnit.SECONDS);
        assertThat(payload(invocation)).isEqualTo("{}");
        finish(invocation);
        assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    private static String payload(Invocation invocation) {
        var payload = invocation.payload().get();
        return new String(payload.bytes(), 0, payload.length(), StandardCharsets.UTF_8);
    }

    private static void finish(Invocation invocation) {
        invocation.listener().started("request-1");
        invocation.listener().completed(new InvocationResult.Success("\"done\"".getBytes(StandardCharsets.UTF_8)));
        invocation.listener().ended();
    }

    private HttpRequest typed(String type) {
        return HttpRequest.newBuilder(request("f", "{}"), (name, value) -> true).header("X-Amz-Invocation-Type", type).build();
    }

    private HttpRequest request(String function, String payload) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/2015-03-31/functions/" + function + "/invocations"))
                .timeout(Duration.ofSeconds(30)).header(Authorization.HEADER, Authorization.DEFAULT).POST(BodyPublishers.ofString(payload)).build();
    }
}
