package dev.sluice.api.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.sluice.api.AwsRoutes;
import dev.sluice.api.aws.AwsOperation;
import dev.sluice.api.http.ApiServer;
import dev.sluice.fixture.HttpApi;
import dev.sluice.fixture.OwnThread;
import dev.sluice.invocation.AsynchronousInvocations;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
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

    private static final String INVOCATIONS = "/2015-03-31/functions/f/invocations";

    private final BlockingQueue<Invocation> invocations = new LinkedBlockingQueue<>();
    private AsynchronousInvocations asynchronous;
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
        Map<String, AwsOperation> handlers = new LinkedHashMap<>();
        asynchronous = new AsynchronousInvocations(invoker, (step, after) -> {}, Clock.systemUTC(),
                new AsynchronousInvocations.Capacity(2, 3_000_000));
        new InvokeRoute(arn -> arn.name().equals("f"), invoker, () -> asynchronous).addTo(handlers);
        server = new ApiServer(Set.of(), List.of(new AwsRoutes(new Scope("111111111111", "us-east-1"), false, handlers)));
        server.start("localhost", 0);
    }

    @AfterEach
    void stop() {
        server.close(Duration.ofSeconds(1));
        asynchronous.close();
    }

    @Test
    void answersWithWhatTheFunctionAnswered() throws Exception {
        var answer = invoking(given().body("{\"a\":1}"));
        Invocation invocation = invocations.poll(10, TimeUnit.SECONDS);
        assertThat(invocation.function()).hasToString("arn:aws:lambda:us-east-1:111111111111:function:f");
        assertThat(payload(invocation)).isEqualTo("{\"a\":1}");
        finish(invocation);
        ValidatableResponse received = answer.get(10, TimeUnit.SECONDS);
        received.statusCode(200).body(equalTo("\"done\"")).header("X-Amz-Executed-Version", "$LATEST")
                .header("X-Amz-Function-Error", nullValue());
        assertThat(received.extract().headers().getValues("x-amzn-RequestId")).containsExactly(invocation.options().requestId());
    }

    @Test
    void holdsNoThreadPerWaitingInvocation() throws Exception {
        List<CompletableFuture<ValidatableResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(invoking(given()));
        }
        // More than the server has threads: all of them arrive though none is answered.
        List<Invocation> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waiting.add(invocations.poll(10, TimeUnit.SECONDS));
        }
        assertThat(waiting).doesNotContainNull();
        waiting.forEach(InvokeRouteIT::finish);
        for (var answer : answers) {
            answer.get(10, TimeUnit.SECONDS).statusCode(200);
        }
    }

    @Test
    void answersAnEventBeforeItRan() {
        typed("Event").when().post(INVOCATIONS)
                .then().statusCode(202).body(emptyString()).header("X-Amz-Executed-Version", nullValue());
        assertThat(invocations).hasSize(1);
    }

    @Test
    void onlyChecksInADryRun() {
        typed("DryRun").when().post(INVOCATIONS).then().statusCode(204).header("X-Amz-Executed-Version", nullValue());
        assertThat(invocations).isEmpty();
    }

    @Test
    void refusesAnUnknownTypeAtItsMember() {
        typed("Sync").when().post(INVOCATIONS).then().statusCode(400).body(containsString(
                "Value 'Sync' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: ["));
    }

    @Test
    void namesLatestWhenTheFunctionDoesNotExist() {
        given().body("no json").when().post("/2015-03-31/functions/doesnotexist/invocations")
                .then().statusCode(404).body(equalTo("{\"Type\":\"User\",\"Message\":\"Function not found: "
                        + "arn:aws:lambda:us-east-1:111111111111:function:doesnotexist:$LATEST\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0099not json", "{", "{} {}", " ", "{\"a\":}", "nul"})
    void refusesAPayloadThatIsNoJson(String payload) {
        given().body(payload).when().post(INVOCATIONS)
                .then().statusCode(400).header("x-amzn-ErrorType", "InvalidRequestContentException").body(startsWith(
                        "{\"Type\":\"User\",\"message\":\"Could not parse request body into json: Could not parse payload into json: "));
        assertThat(invocations).isEmpty();
    }

    @Test
    void saysWhereAPayloadIsNoJsonAsAwsDoes() {
        // The form is recorded from AWS.
        given().body("{\"a\":}").when().post(INVOCATIONS).then().body(matchesPattern(
                "\\{\"Type\":\"User\",\"message\":\"Could not parse request body into json: Could not parse payload into json: "
                        + "Unexpected character \\('}' \\(code 125\\)\\): .*\\\\n at \\[Source: REDACTED \\(`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION`"
                        + " disabled\\); line: 1, column: 6]\"}"));
        given().body(" ").when().post(INVOCATIONS).then().body(endsWith("No content to map due to end-of-input\\n"
                + " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]\"}"));
    }

    @Test
    void answersWithTheLogOnlyWhenAskedForIt() throws Exception {
        var asked = invoking(given().header("X-Amz-Log-Type", "Tail"));
        Invocation invocation = invocations.poll(10, TimeUnit.SECONDS);
        assertThat(invocation.options().logWanted()).isTrue();
        invocation.listener().executes("7");
        invocation.listener().logged("START\n".getBytes(StandardCharsets.UTF_8));
        finish(invocation);
        asked.get(10, TimeUnit.SECONDS).header("X-Amz-Log-Result", "U1RBUlQK").header("X-Amz-Executed-Version", "7");

        var plain = invoking(given().header("X-Amz-Log-Type", "None"));
        Invocation other = invocations.poll(10, TimeUnit.SECONDS);
        assertThat(other.options().logWanted()).isFalse();
        finish(other);
        plain.get(10, TimeUnit.SECONDS).statusCode(200).header("X-Amz-Log-Result", nullValue());
    }

    @Test
    void passesTheTraceAndTheClientContextOn() throws Exception {
        String context = Base64.getEncoder().encodeToString("{ \"custom\":\n{\"a\":\"\u00e9\"} }".getBytes(StandardCharsets.UTF_8));
        var answer = invoking(given().header("X-Amz-Client-Context", context).header("X-Amzn-Trace-Id", "Root=1-2-3"));
        Invocation invocation = invocations.poll(10, TimeUnit.SECONDS);
        assertThat(invocation.options().traceId()).isEqualTo("Root=1-2-3");
        assertThat(invocation.options().clientContext()).isEqualTo("{\"custom\":{\"a\":\"\\u00E9\"}}");
        finish(invocation);
        answer.get(10, TimeUnit.SECONDS).header("X-Amzn-Trace-Id", "Root=1-2-3");
    }

    @Test
    void makesATraceForARequestThatBringsNone() {
        typed("DryRun").when().post(INVOCATIONS)
                .then().header("X-Amzn-Trace-Id", matchesPattern("Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"string", "W10=", "eyJ9", "%%%"})
    void refusesAClientContextThatIsNoJsonObject(String context) {
        // boto3#2153
        given().header("X-Amz-Client-Context", context).when().post(INVOCATIONS)
                .then().statusCode(400).header("x-amzn-ErrorType", "InvalidRequestContentException")
                .body(containsString("Client context must be a valid Base64-encoded JSON object."));
        assertThat(invocations).isEmpty();
    }

    @Test
    void throttlesOverAReservationInAwsWords() throws Exception {
        var answer = invoking(given());
        Invocation invocation = invocations.poll(10, TimeUnit.SECONDS);
        assertThat(invocation.options().whenBusy()).isEqualTo(InvocationOptions.WhenBusy.THROTTLE_OVER_RESERVATION);
        invocation.listener().completed(new InvocationResult.Throttled("ReservedFunctionConcurrentInvocationLimitExceeded"));
        answer.get(10, TimeUnit.SECONDS).statusCode(429).header("Retry-After", notNullValue())
                .header("x-amzn-ErrorType", "TooManyRequestsException")
                .body(equalTo("{\"Type\":\"User\",\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\","
                        + "\"message\":\"Rate Exceeded.\"}"));
    }

    @Test
    void takesAnEventOfOneMegabyteAndNoMore() {
        typed("Event").body("\"" + "x".repeat(1_048_574) + "\"").when().post(INVOCATIONS).then().statusCode(202);
        typed("Event").body("\"" + "x".repeat(1_048_575) + "\"").when().post(INVOCATIONS).then().statusCode(413)
                .body(containsString("1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)"));
    }

    @Test
    void anEventRunsUnderTheIdOfItsRequestAndWaitsForItsSlot() throws Exception {
        ValidatableResponse answer = typed("Event").when().post(INVOCATIONS).then();
        Invocation invocation = invocations.poll(10, TimeUnit.SECONDS);
        answer.header("x-amzn-RequestId", invocation.options().requestId());
        assertThat(invocation.options().whenBusy()).isEqualTo(InvocationOptions.WhenBusy.WAIT);
    }

    @Test
    void refusesEventsWhenTooManyWait() {
        typed("Event").when().post(INVOCATIONS).then().statusCode(202);
        typed("Event").when().post(INVOCATIONS).then().statusCode(202);
        typed("Event").when().post(INVOCATIONS)
                .then().statusCode(429).body(containsString("\"Reason\":\"CallerRateLimitExceeded\""));
        assertThat(invocations).hasSize(2);
    }

    @Test
    void sendsAnEmptyObjectForAnEmptyPayload() throws Exception {
        var answer = invoking(given().body(""));
        Invocation invocation = invocations.poll(10, TimeUnit.SECONDS);
        assertThat(payload(invocation)).isEqualTo("{}");
        finish(invocation);
        answer.get(10, TimeUnit.SECONDS).statusCode(200);
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

    private RequestSpecification typed(String type) {
        return given().header("X-Amz-Invocation-Type", type);
    }

    /** With an empty event, unless it is given another body. */
    private RequestSpecification given() {
        return HttpApi.given(server.port()).body("{}");
    }

    /** On a thread of its own, as it waits for the function. */
    private static CompletableFuture<ValidatableResponse> invoking(RequestSpecification request) {
        return CompletableFuture.supplyAsync(() -> request.when().post(INVOCATIONS).then(), OwnThread.EXECUTOR);
    }
}
