package dev.sluice.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Authorization;
import dev.sluice.fixture.RawHttp;
import dev.sluice.fixture.RawHttp.Answer;
import dev.sluice.fixture.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever comes in over a socket is answered with AWS's shape of a client error (localstack#7193 and many others: a 500 with a
 * stack trace). {@link RawHttp} holds every answer against the contract, headers included.
 */
class MalformedInputIT {

    private static final String MAPPINGS = "/2015-03-31/event-source-mappings";
    private static final String FUNCTIONS = "/2015-03-31/functions";
    private static final String SIGNED = "Authorization: " + Authorization.DEFAULT + "\r\n";
    private static final String HOST = "Host: localhost\r\n";
    private static final byte[] NOTHING = {};
    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    @TempDir
    private static Path directory;
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(directory, "localhost:1", Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** One body that is no good. */
    private record Body(String name, byte[] bytes, String error) {

        private Body(String text, String error) {
            this(text.length() > 60 ? text.substring(0, 60) : text, text.getBytes(StandardCharsets.UTF_8), error);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Body> bodies() {
        String serialization = "SerializationException";
        String validation = "ValidationException";
        String parameter = "InvalidParameterValueException";
        return Stream.of(new Body("null", serialization), new Body("[]", serialization), new Body("\"x\"", serialization),
                new Body(" ", serialization), new Body("{\"FunctionName\":\"f\"} x", serialization), new Body("{", serialization),
                new Body("", validation), new Body("{}", validation),
                new Body("{\"FunctionName\":\"f\",\"BatchSize\":NaN}", serialization),
                new Body("{\"FunctionName\":\"f\",\"BatchSize\":1e999999999}", serialization),
                new Body("{\"FunctionName\":\"f\",\"BatchSize\":1.5}", serialization),
                new Body("{\"FunctionName\":\"f\",\"BatchSize\":-0}", validation),
                new Body("{\"FunctionName\":\"f\",\"BatchSize\":2147483648}", validation),
                new Body("{\"FunctionName\":\"f\",\"BatchSize\":" + "9".repeat(900) + "}", validation),
                new Body("{\"FunctionName\":\"f\",\"BatchSize\":" + "9".repeat(2000) + "}", serialization),
                new Body("{\"FunctionName\":\"f\",\"StartingPosition\":\"AT_TIMESTAMP\",\"StartingPositionTimestamp\":1e999}",
                        serialization),
                new Body("{\"FunctionName\":\"f\",\"StartingPosition\":\"AT_TIMESTAMP\",\"StartingPositionTimestamp\":1e300}", parameter),
                new Body("{\"FunctionName\":\"f\",\"StartingPosition\":\"AT_TIMESTAMP\",\"StartingPositionTimestamp\":-1e300}", parameter),
                new Body("{\"FunctionName\":7}", serialization), new Body("{\"FunctionName\":{}}", serialization),
                new Body("{\"FunctionName\":\"f\",\"FunctionName\":\"g!\"}", validation),
                new Body("{\"FunctionName\":\"\\ud800\"}", serialization), new Body("{\"FunctionName\":\"\\udc00\\ud800\"}", serialization),
                new Body("{\"FunctionName\":\"f\",\"Tags\":{\"\\ud800\":\"x\"}}", serialization),
                new Body("{\"FunctionName\":\"a\\u0000b\"}", validation),
                new Body("{\"FunctionName\":\"" + "a.".repeat(200_000) + "\"}", validation),
                new Body("{\"FunctionName\":\"f\",\"Topics\":[" + "\"x\",".repeat(100_000) + "\"x\"]}", validation),
                new Body("[".repeat(100_000), serialization), new Body("{\"a\":".repeat(100_000), serialization),
                new Body("{\"a\":" + "[".repeat(100_000), serialization),
                new Body("\ufeff{\"FunctionName\":\"f\"}", parameter),
                new Body("in UTF-16", "{\"FunctionName\":\"f\"}".getBytes(StandardCharsets.UTF_16), parameter),
                new Body("broken UTF-32", new byte[] {0, 0, 0, '{', -1, -1, -1, -1}, serialization),
                new Body("broken UTF-8", new byte[] {'{', '"', -1, '"', ':', '1', '}'}, serialization),
                new Body("gzip", gzip(EMPTY_OBJECT), serialization));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void refusesABody(Body body) {
        Answer answer = post(MAPPINGS, "", body.bytes());
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).as(answer.body()).isEqualTo(body.error());
        assertThat(answer.body()).doesNotContain("Jackson", "StreamRead", "JsonReadFeature", "\\tat ", "Exception:");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            HEAD    | /2015-03-31/functions
            HEAD    | /2015-03-31/event-source-mappings/x
            OPTIONS | /2015-03-31/functions
            TRACE   | /2015-03-31/functions
            PATCH   | /2015-03-31/functions
            DELETE  | /2015-03-31/functions
            FOO     | /2015-03-31/functions
            get     | /2015-03-31/functions
            PUT     | /2015-03-31/event-source-mappings
            POST    | /2015-03-31/event-source-mappings/x/y
            GET     | /2015-03-31/functions//
            GET     | /2015-03-31//functions
            GET     | //2015-03-31/functions
            GET     | /2015-03-31/functions/../functions
            GET     | /2015-03-31/functions/./f
            GET     | /2015-03-31/functions/%2e%2e/functions
            GET     | /2015-03-31/functions/f/no-such-thing
            GET     | /2014-11-13/functions
            GET     | /2015-03-31
            GET     | /
            """)
    void answersWhatItDoesNotServeAsAnUnknownOperationWithOrWithoutSignature(String method, String path) {
        for (String signature : new String[] {SIGNED, ""}) {
            Answer answer = send(method + " " + path + " HTTP/1.1\r\n" + HOST + signature + "\r\n", NOTHING);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.error()).isEqualTo("UnknownOperationException");
            assertThat(answer.header("x-amzn-RequestId")).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            /2015-03-31/functions/%zz              | 400 | MalformedHttpRequestException
            /2015-03-31/functions/%                | 400 | MalformedHttpRequestException
            /2015-03-31/functions/%00              | 400 | MalformedHttpRequestException
            /2015-03-31/functions/%ff              | 400 | ValidationException
            /2015-03-31/functions/%c0%af           | 400 | ValidationException
            /2015-03-31/functions/%2F              | 400 | ValidationException
            /2015-03-31/functions/a%252Fb          | 400 | ValidationException
            /2015-03-31/functions/f;x=1            | 400 | ValidationException
            /2015-03-31/functions/f%5cg            | 400 | ValidationException
            /2015-03-31/functions?MaxItems=%zz     | 400 | SerializationException
            /2015-03-31/functions?MaxItems=%       | 400 | SerializationException
            /2015-03-31/functions?MaxItems         | 400 | SerializationException
            /2015-03-31/functions?MaxItems=+1      | 400 | SerializationException
            /2015-03-31/functions?MaxItems=1e1     | 400 | SerializationException
            /2015-03-31/functions?MaxItems=99999999999999999999 | 400 | SerializationException
            /2015-03-31/functions?%4daxItems=0     | 400 | ValidationException
            /2015-03-31/functions?Marker=%ff%fe    | 400 | InvalidParameterValueException
            /2015-03-31/functions?Marker=%00       | 400 | InvalidParameterValueException
            /2015-03-31/functions/f?Qualifier=a+b  | 400 | ValidationException
            /2015-03-31/functions/f?Qualifier=     | 400 | ValidationException
            *                                      | 400 | MalformedHttpRequestException
            functions                              | 400 | MalformedHttpRequestException
            http://evil.example/2015-03-31/functions | 400 | MalformedHttpRequestException
            """)
    void refusesAPathOrQuery(String target, int status, String error) {
        Answer answer = send("GET " + target + " HTTP/1.1\r\n" + HOST + SIGNED + "\r\n", NOTHING);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.error()).isEqualTo(error);
        assertThat(answer.body()).startsWith("{").doesNotContain("badMessage", "etty");
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(send("GET /2015-03-31/functions/" + "a".repeat(40_000) + " HTTP/1.1\r\n" + HOST + SIGNED + "\r\n", NOTHING))
                .satisfies(answer -> assertBroken(answer, 414));
        assertThat(send("GET " + FUNCTIONS + "?Marker=" + "a".repeat(40_000) + " HTTP/1.1\r\n" + HOST + SIGNED + "\r\n", NOTHING))
                .satisfies(answer -> assertBroken(answer, 414));
        assertThat(send("GET " + FUNCTIONS + " HTTP/1.1\r\n" + HOST + SIGNED + "X: " + "a".repeat(40_000) + "\r\n\r\n", NOTHING))
                .satisfies(answer -> assertBroken(answer, 431));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rubbish\r\n\r\n", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
            "\u0016\u0003\u0001\u0000\u0000", "GET /2015-03-31/functions HTTP/1.1\r\n\r\n", "GET / f HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "POST /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
            "POST /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
            "POST /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "POST /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "POST /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n",
            "POST /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: foo\r\n\r\n",
            "POST /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\nContent-Type: \u0001\r\nContent-Length: 0\r\n\r\n"})
    void refusesWhatIsNoHttp(String request) {
        assertBroken(send(request, NOTHING), 400);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            Content-Length: 20         | {}
            Content-Length: 5000000000 | {}
            Transfer-Encoding: chunked | zz;
            Transfer-Encoding: chunked | 20;{}
            """)
    void refusesABodyThatDoesNotEndAsAnnounced(String header, String sent) {
        assertBroken(send("POST " + MAPPINGS + " HTTP/1.1\r\n" + HOST + SIGNED + header + "\r\n\r\n",
                sent.replace(";", "\r\n").getBytes(StandardCharsets.US_ASCII)), 400);
    }

    @Test
    void takesABodyInChunksWithAnyContentTypeAndAfterA100() {
        String missing = "Value null at 'functionName'";
        assertThat(send("POST " + MAPPINGS + " HTTP/1.1\r\n" + HOST + SIGNED + "Transfer-Encoding: chunked\r\n\r\n",
                "2\r\n{}\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)).body()).contains(missing);
        assertThat(post(MAPPINGS, "Content-Type: application/x-www-form-urlencoded\r\n", EMPTY_OBJECT).body()).contains(missing);
        assertThat(post(MAPPINGS, "Content-Type: multipart/form-data\r\n", EMPTY_OBJECT).body()).contains(missing);
        assertThat(post(MAPPINGS, "Expect: 100-continue\r\n", EMPTY_OBJECT).body()).contains(missing);
        assertBroken(post(MAPPINGS, "Expect: miracles\r\n", EMPTY_OBJECT), 417);
    }

    @ParameterizedTest
    @CsvSource({"POST, /2015-03-31/event-source-mappings, 1048576, CreateEventSourceMapping",
            "PUT, /2015-03-31/event-source-mappings/x, 1048576, UpdateEventSourceMapping",
            "POST, /2015-03-31/functions/f/invocations, 6291456, InvokeFunction",
            "PUT, /2015-03-31/functions/f/code, 70167211, UpdateFunctionCode", "POST, /2015-03-31/functions, 70167211, CreateFunction"})
    void refusesABodyOverTheLimitHoweverItComesAndGoesOnWithTheConnection(String method, String path, int limit, String operation)
            throws IOException {
        byte[] body = new byte[limit + 1];
        String message = "{\"message\":\"Request must be smaller than " + limit + " bytes for the " + operation + " operation\"}";
        try (RawHttp http = new RawHttp(server.endpoint().getPort())) {
            String start = method + " " + path + " HTTP/1.1\r\n" + HOST + SIGNED;
            for (String announcement : new String[] {"Content-Length: " + body.length, "Transfer-Encoding: chunked"}) {
                boolean chunked = announcement.startsWith("T");
                http.write(start + announcement + "\r\n\r\n" + (chunked ? Integer.toHexString(body.length) + "\r\n" : ""), body);
                Answer answer = (chunked ? http.more("\r\n0\r\n\r\n", NOTHING) : http).read();
                assertThat(answer.status()).isEqualTo(413);
                assertThat(answer.error()).isEqualTo("RequestEntityTooLargeException");
                assertThat(answer.body()).isEqualTo(message);
            }
            assertThat(http.write("GET " + FUNCTIONS + " HTTP/1.1\r\n" + HOST + SIGNED + "\r\n", NOTHING).read().status()).isEqualTo(200);
        }
    }

    @Test
    void refusesAnUnsignedRequestOnAwsPathsOnlyAndSaysHowToSign() {
        Answer answer = send("GET " + FUNCTIONS + " HTTP/1.1\r\n" + HOST + "\r\n", NOTHING);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.error()).isEqualTo("MissingAuthenticationTokenException");
        assertThat(answer.body()).isEqualTo("{\"message\":\"Missing Authentication Token\"}");
        assertThat(answer.header("X-Sluice-Hint")).contains("curl --aws-sigv4 aws:amz:us-east-1:lambda --user 000000000000:test");
        for (String open : new String[] {"/_sluice/health", "/metrics"}) {
            assertThat(send("GET " + open + " HTTP/1.1\r\n" + HOST + "\r\n", NOTHING).status()).isEqualTo(200);
        }
        assertThat(send("GET " + FUNCTIONS + "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20260101%2Fus-east-1%2Flambda"
                + "%2Faws4_request&X-Amz-Signature=0 HTTP/1.1\r\n" + HOST + "\r\n", NOTHING).status()).isEqualTo(200);
    }

    @Test
    void readsAnUnsignedUploadBeforeItRefusesIt() {
        Answer answer = send("POST " + FUNCTIONS + " HTTP/1.1\r\n" + HOST + "Content-Length: 20000000\r\n\r\n", new byte[20_000_000]);
        assertThat(answer.error()).isEqualTo("MissingAuthenticationTokenException");
    }

    private static void assertBroken(Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.error()).isEqualTo("MalformedHttpRequestException");
        assertThat(answer.header("x-amzn-RequestId")).isNotEmpty();
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.body()).startsWith("{\"message\":\"").doesNotContain("etty", "badMessage");
    }

    private static Answer post(String path, String headers, byte[] body) {
        return send("POST " + path + " HTTP/1.1\r\n" + HOST + SIGNED + headers + "Content-Length: " + body.length + "\r\n\r\n", body);
    }

    private static Answer send(String head, byte[] body) {
        return RawHttp.send(server.endpoint().getPort(), head, body);
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(zipped)) {
            out.write(content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return zipped.toByteArray();
    }
}
