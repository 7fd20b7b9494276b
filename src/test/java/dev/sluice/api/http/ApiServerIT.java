package dev.sluice.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.sluice.api.AwsRoutes;
import dev.sluice.api.aws.AwsOperation;
import dev.sluice.api.function.InvocationAnswer;
import dev.sluice.fixture.Authorization;
import dev.sluice.fixture.HttpApi;
import dev.sluice.fixture.OwnThread;
import dev.sluice.fixture.RawHttp;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.mapping.MappingException;
import dev.sluice.resource.Scope;
import io.javalin.config.RoutesConfig;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mechanics of HTTP over real sockets; the use cases behind the AWS routes are not reached here. */
class ApiServerIT {

    private static final String MAPPINGS = "/2015-03-31/event-source-mappings";
    private static final String FUNCTIONS = "/2015-03-31/functions";
    private static final String UUID_FORM = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CompletableFuture<String> released = new CompletableFuture<>();
    private ApiServer server;

    @BeforeEach
    void start() {
        server = new ApiServer(Set.of("sluice.example.com"), List.of(
                new AwsRoutes(new Scope("000000000000", "us-east-1"), false, null, null, null), this::testRoutes));
        server.start("localhost", 0);
    }

    @AfterEach
    void stop() {
        released.complete("released");
        server.close(Duration.ofSeconds(5));
    }

    private void testRoutes(RoutesConfig routes) {
        routes.get("/test/name/{name}", ctx -> ctx.result(ctx.pathParam("name").getBytes(StandardCharsets.UTF_8)));
        routes.get("/test/not-found", ctx -> {
            throw new MappingException.NotFound();
        });
        routes.get("/test/hint", ctx -> {
            throw new MappingException.InvalidParameter("No.", "Use –x\r\ninstead");
        });
        routes.get("/test/bug", ctx -> {
            throw new IllegalStateException("secret detail");
        });
        routes.get("/test/error", ctx -> {
            throw new StackOverflowError();
        });
        routes.get("/test/later", ctx -> {
            entered.countDown();
            ctx.future(() -> released.thenAcceptAsync(ctx::result, ctx.appData(ApiServer.EXECUTOR)));
        });
        routes.get("/test/answer/{kind}", ctx -> new InvocationAnswer().write(ctx, switch (ctx.pathParam("kind")) {
            case "success" -> new InvocationResult.Success("null".getBytes(StandardCharsets.UTF_8));
            case "error" -> new InvocationResult.FunctionError("E", "{\"errorType\":\"E\"}".getBytes(StandardCharsets.UTF_8));
            case "timeout" -> new InvocationResult.TimedOut("id-1", Duration.ofSeconds(3));
            case "throttled" -> new InvocationResult.Throttled("the endpoint answered 429");
            case "unreachable" -> new InvocationResult.CouldNotInvoke("http://localhost:1 refused the connection");
            default -> new InvocationResult.NotValid("Class not found: p.C");
        }));
    }

    @Test
    void answersOnBothLoopbackAddressesOfLocalhost() throws Exception {
        for (InetAddress address : InetAddress.getAllByName("localhost")) {
            try (Socket socket = new Socket(address, server.port())) {
                assertThat(socket.isConnected()).isTrue();
            }
        }
        get("/test/name/x").body(equalTo("x"));
    }

    @Test
    void answersAModelErrorAsAwsDoes() {
        post(MAPPINGS, "{\"FunctionName\":\"f\",\"BatchSize\":0}").statusCode(400)
                .header("x-amzn-ErrorType", "ValidationException").header("Content-Type", "application/json")
                .header("x-amzn-RequestId", matchesPattern(UUID_FORM)).header("Server", nullValue())
                .body(equalTo("{\"message\":\"1 validation error detected: Value '0' at 'batchSize' failed to satisfy "
                        + "constraint: Member must have value greater than or equal to 1\"}"));
    }

    @Test
    void servesPathsWithAndWithoutTrailingSlash() {
        String without = post(MAPPINGS, "{}").extract().asString();
        post(MAPPINGS + "/", "{}").body(equalTo(without)).body(containsString("functionName"));
    }

    @Test
    void answersAResourceNotFoundWithTheCapitalMessage() {
        get("/test/not-found").statusCode(404).header("x-amzn-ErrorType", "ResourceNotFoundException")
                .body(equalTo("{\"Type\":\"User\",\"Message\":\"The resource you requested does not exist.\"}"));
    }

    @Test
    void sendsAHintInOneLineOfAscii() {
        get("/test/hint").statusCode(400).header("X-Sluice-Hint", "Use ?x??instead");
    }

    @Test
    void keepsTheCauseOfAnUnexpectedErrorInTheLog() {
        ValidatableResponse answer = get("/test/bug").statusCode(500).header("x-amzn-ErrorType", "ServiceException")
                .body(startsWith("{\"Type\":\"Service\",\"Message\":\"")).body(not(containsString("secret")))
                .body(not(containsString("\tat ")));
        answer.body(containsString(answer.extract().header("x-amzn-RequestId")));
        get("/test/error").statusCode(500).body(startsWith("{\"Type\":\"Service\"")).body(not(containsString("\tat ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"FunctionName\":}", "[]", "\"x\"", "nul", "{} {}", "{\"FunctionName\":\"f\"", "\u0099"})
    void refusesABodyThatIsNoJsonObject(String body) {
        post(MAPPINGS, body).statusCode(400).header("x-amzn-ErrorType", "SerializationException")
                .body(startsWith("{\"message\":\"the body "));
    }

    @ParameterizedTest
    @CsvSource({"arn%3Aaws%3Akafka%3Aus-east-1%3A1%3Acluster%2Fc%2F1, arn:aws:kafka:us-east-1:1:cluster/c/1",
            "arn:aws:lambda:x, arn:aws:lambda:x",
            "a%2Fb, a/b", "a%252Fb, a%2Fb", "%2E%2E, ..", "a+b, a+b", "%24LATEST, $LATEST", "a%5Cb, a\\b", "a;b, a;b", "%C3%A4, ä"})
    void splitsTheRawPathAndDecodesAfterwards(String raw, String decoded) throws Exception {
        assertThat(raw("GET /test/name/" + raw + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).endsWith(decoded)
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void decodesAnArnInAFunctionPath() {
        get(FUNCTIONS + "/arn%3Aaws%3Alambda%3Aap-southeast-1%3A000000000000%3Afunction%3Af").statusCode(404)
                .body(containsString("Functions from 'ap-southeast-1' are not reachable in this region ('us-east-1')"));
        get(FUNCTIONS + "/a%2Fb").body(containsString("Value 'a/b' at 'functionName'"));
    }

    @Test
    void takesTheRegionFromTheCredentialScope() {
        HttpApi.given(server.port(), Authorization.of("111111111111", "eu-west-1"))
                .when().get(FUNCTIONS + "/arn:aws:lambda:us-east-1:111111111111:function:f")
                .then().body(containsString("are not reachable in this region ('eu-west-1')"));
    }

    @Test
    void answersAClientThatStopsInTheMiddleOfABody() throws Exception {
        Map<String, AwsOperation> handlers = Map.of("CreateEventSourceMapping", (request, ctx) -> ctx.status(202));
        try (ApiServer impatient = new ApiServer(Set.of(), List.of(
                new AwsRoutes(new Scope("000000000000", "us-east-1"), false, handlers)), Duration.ofMillis(200))) {
            impatient.start("localhost", 0);
            try (RawHttp http = new RawHttp(impatient.port())) {
                http.write("POST " + MAPPINGS + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n", new byte[] {'{'});
                RawHttp.Answer answer = http.read();
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.error()).isEqualTo("MalformedHttpRequestException");
            }
        }
    }

    @Test
    void readsAnUploadLongerThanJacksonsOwnLimit() {
        post(FUNCTIONS, "{\"Code\":{\"ZipFile\":\"" + "A".repeat(21_000_000) + "\"}}")
                .body(startsWith("{\"message\":\"2 validation errors detected: Value null at 'functionName'"));
    }

    @Test
    void refusesForeignHostsAndOrigins() throws Exception {
        assertThat(raw("GET /test/name/x HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403").containsIgnoringCase("x-amzn-RequestId")
                .contains("{\"message\":\"Host 'evil.example' is not allowed.");
        assertThat(raw("GET /test/name/x HTTP/1.1\r\nHost: sluice.example.com\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200");
        assertThat(raw("GET /test/name/x HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
        given().header("Origin", "https://evil.example").body("{}").when().post(MAPPINGS)
                .then().statusCode(403).body(containsString("Origin 'https://evil.example' is not allowed."));
        given().header("Origin", "https://evil.example").when().get("/no/such").then().statusCode(403);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~', nullValues = "-",
            textBlock = """
                    success | 200 | null | -
                    error | 200 | {"errorType":"E"} | Unhandled
                    timeout | 200 | {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: id-1 Error: Task timed out after 3.00 seconds"} | Unhandled
                    invalid | 200 | {"errorType":"Runtime.InvalidEntrypoint","errorMessage":"Class not found: p.C"} | Unhandled
                    throttled | 429 | {"Type":"User","Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","message":"Rate Exceeded."} | -
                    unreachable | 500 | {"Type":"Service","Message":"http://localhost:1 refused the connection"} | -
                    """)
    void answersAnInvocation(String kind, int status, String body, String functionError) {
        ValidatableResponse answer = get("/test/answer/" + kind).statusCode(status).body(equalTo(body))
                .header("X-Amz-Function-Error", equalTo(functionError))
                .header("X-Amz-Executed-Version", equalTo(status == 200 ? "$LATEST" : null))
                .header("x-amzn-Remapped-Content-Length", equalTo(status == 200 ? "0" : null))
                .header("Retry-After", status == 429 ? notNullValue() : nullValue());
        assertThat(answer.extract().headers().getValues("x-amzn-RequestId")).hasSize(1);
    }

    @Test
    void closeWaitsForARunningRequestAndAcceptsNoMore() throws Exception {
        int port = server.port();
        CompletableFuture<ValidatableResponse> running = CompletableFuture.supplyAsync(() -> get("/test/later"), OwnThread.EXECUTOR);
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> server.close(Duration.ofSeconds(20)), OwnThread.EXECUTOR);
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> refusesConnections(port));
        Awaitility.await().during(Duration.ofMillis(400)).atMost(Duration.ofSeconds(10)).until(() -> !running.isDone() && !closed.isDone());
        released.complete("released");
        running.get(10, TimeUnit.SECONDS).statusCode(200).body(equalTo("released"));
        closed.get(10, TimeUnit.SECONDS);
        server.close();
    }

    // What Jetty answers to a request that it has just taken when it begins to stop; it was a 500 that blamed Sluice.
    @Test
    void hangsUpOnARequestThatComesTooLate() throws Exception {
        Server stopping = new Server(new InetSocketAddress("127.0.0.1", 0));
        stopping.setErrorHandler(new BrokenHttp());
        stopping.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Response.writeError(request, response, callback, 503);
                return true;
            }
        });
        stopping.start();
        try (RawHttp http = new RawHttp(((ServerConnector) stopping.getConnectors()[0]).getLocalPort())) {
            http.write("PUT /test/name/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", new byte[0]);
            assertThat(http.ended()).isTrue();
        } finally {
            stopping.stop();
        }
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ApiServer other = new ApiServer(Set.of(), List.of())) {
            assertThatThrownBy(() -> other.start("localhost", taken.getLocalPort())).isInstanceOfSatisfying(PortTakenException.class,
                    e -> assertThat(e.port()).isEqualTo(taken.getLocalPort()));
        }
    }

    private static boolean refusesConnections(int port) {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            return !socket.isConnected();
        } catch (IOException refused) {
            return true;
        }
    }

    private ValidatableResponse get(String path) {
        return given().when().get(path).then();
    }

    private ValidatableResponse post(String path, String body) {
        return given().body(body).when().post(path).then();
    }

    private RequestSpecification given() {
        return HttpApi.given(server.port());
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
