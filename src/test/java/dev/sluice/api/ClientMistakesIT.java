package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.fixture.Authorization;
import dev.sluice.fixture.RawHttp;
import dev.sluice.fixture.RawHttp.Answer;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a client does wrong is told to the client, on AWS's paths and in the control API alike, and leaves no stack trace in the log. */
class ClientMistakesIT {

    private static final String HEADERS = "Host: localhost\r\nAuthorization: " + Authorization.DEFAULT + "\r\n";
    private static final List<String> WITH_BODY = List.of("POST /_sluice/topics/t/records", "PUT /_sluice/functions/f",
            "POST /2015-03-31/functions/f/invocations", "PUT /2015-03-31/functions/f/configuration");

    @TempDir
    private static Path directory;
    private static TestServer server;

    private final List<ILoggingEvent> logged = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @BeforeAll
    static void start() {
        server = TestServer.start(directory, "localhost:1", Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void listen() {
        appender.list = logged;
        appender.start();
        root().addAppender(appender);
    }

    @AfterEach
    void nothingIsLoggedAsAFault() {
        root().detachAppender(appender);
        assertThat(logged).filteredOn(event -> event.getThrowableProxy() != null || event.getLevel().isGreaterOrEqual(Level.ERROR))
                .isEmpty();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static Answer send(String request, String headers, String body) {
        return RawHttp.send(server.endpoint().getPort(), request + " HTTP/1.1\r\n" + HEADERS + headers + "\r\n",
                body.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/2015-03-31/functions/%u0041", "/_sluice/functions/%u0041", "/2015-03-31/functions/a%2Fb%u",
            "/_sluice/mappings/%u/retry", "/%u0041", "/2017-03-31/tags/%uD800", "/_sluice/functions/%", "/2015-03-31/functions/%zz"})
    void aPathOfBrokenEscapesIsNoHttp(String path) {
        Answer answer = send("GET " + path, "", "");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("MalformedHttpRequestException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%ff%fe", "%c0%80", "%ed%a0%80", "%01", "%F0%9F%98%80"})
    void aPathOfStrangeCharactersNamesNothing(String name) {
        assertThat(send("GET /2015-03-31/functions/" + name, "", "").error()).isEqualTo("ValidationException");
        assertThat(send("GET /_sluice/functions/" + name, "", "").status()).isEqualTo(404);
        assertThat(send("GET /_sluice/deliveries?mapping=" + name, "", "").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Transfer-Encoding: chunked       | zz~ab
            Transfer-Encoding: chunked       | FFFFFFFFFFFFFFFFF~ab
            Transfer-Encoding: chunked       | 5~ab
            Transfer-Encoding: chunked       | 2~abXX0~~
            Transfer-Encoding: chunked       | -1~ab
            Transfer-Encoding: gzip, chunked | ab
            Content-Length: 10               | ab
            Content-Length: -1               | ab
            Content-Length: 99999999999      | ab
            """)
    void aBodyThatBreaksOffIsTheClientsMistake(String header, String body) {
        for (String request : WITH_BODY) {
            Answer answer = send(request, header + "\r\n", body.replace("~", "\r\n"));
            assertThat(answer.status()).as(request).isEqualTo(400);
            assertThat(answer.body()).containsPattern("ended before its announced end|is no valid HTTP");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {} {}                                                | more follows the end of the object at line 1, column 4
            {"a": 1 /* c */}                                     | unexpected text at line 1, column 9
            {"a": NaN}                                           | unexpected text at line 1
            {"a": 01}                                            | unexpected text at line 1
            {'a': 1}                                             | unexpected text at line 1, column 2
            {"a":                                                | it ends in the middle at line 1
            nul                                                  | at line 1
            {"value": "\u00c0\u0080"}                            | what follows its first 11 bytes is no UTF-8
            {"value": "\u00ed\u00a0\u0080"}                      | what follows its first 11 bytes is no UTF-8
            """)
    void whatIsWrongWithJsonIsSaidWithoutWordsOfAParser(String json, String problem) {
        for (String request : WITH_BODY) {
            // Invoke says what AWS's parser says, as recorded, and first whether there is such a function.
            if (!request.endsWith("invocations")) {
                Answer answer = send(request, "Content-Length: " + json.length() + "\r\n", json);
                assertThat(answer.status()).as(request).isEqualTo(400);
                assertThat(answer.body()).contains("he body is no JSON: ").contains(problem).doesNotContain("START_OBJECT", "Feature",
                        "fasterxml");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void whatIsNestedTooDeeplyHasNoPlace(String level) {
        String json = level.repeat(20_000);
        assertThat(send("POST /_sluice/topics/t/records", "Content-Length: " + json.length() + "\r\n", json).body())
                .isEqualTo("{\"message\":\"The body is nested too deeply, or has too long a number or name\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    POST /_sluice/topics/t/records | {"value": "\\ud800"}                                          | value has half of a surrogate pair
                    POST /_sluice/topics/t/records | {"key": "a\\udc00b", "value": "x"}                            | key has half of a surrogate pair
                    POST /_sluice/topics/t/records | {"value": "x", "headers": [{"name": "\\ud83d", "value": ""}]} | headers[0].name has half of a surrogate pair
                    POST /_sluice/topics/t/records | {"records": [{"value": "x"}, {"value": "\\ud83dx"}]}          | records[1].value has half of a surrogate pair
                    PUT /_sluice/functions/f       | {"url": "http://x/", "environment": {"A": "\\udfff"}}         | environment.A has half of a surrogate pair
                    PUT /_sluice/functions/f       | {"command": ["a", "\\ud800"]}                                 | command[1] has half of a surrogate pair
                    POST /_sluice/topics/t/records | {"value": "x", "partition": 1e999}                            | partition is a number too large; allowed
                    """)
    void theControlApiRefusesWhatHasNoBytes(String request, String json, String problem) {
        Answer answer = send(request, "Content-Length: " + json.length() + "\r\n", json);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).startsWith("{\"message\":\"" + problem);
    }

    @Test
    void theWholeServerHasNoOperation() {
        Answer answer = send("OPTIONS *", "", "");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error()).isEqualTo("UnknownOperationException");
        assertThat(answer.body()).isEqualTo("<UnknownOperationException/>");
        assertThat(answer.header("x-amzn-RequestId")).isNotEmpty();
    }

    @Test
    void aClientMayGoAwayAtAnyTime() throws IOException {
        for (String request : WITH_BODY) {
            for (boolean reset : new boolean[] {true, false}) {
                leave(request + " HTTP/1.1\r\n" + HEADERS + "Content-Length: 100\r\n\r\n{", reset);
                leave(request + " HTTP/1.1\r\n" + HEADERS + "Content-Length: 2\r\n\r\n{}", reset);
                leave(request + " HTTP/1.1\r\n" + HEADERS + "Transfer-Encoding: chunked\r\n\r\n5\r\n{", reset);
                leave(request + " HTT", reset);
            }
            // Answered after those before it were seen to end.
            assertThat(send("GET /_sluice/functions", "", "").status()).isEqualTo(200);
        }
    }

    private static void leave(String bytes, boolean reset) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), server.endpoint().getPort())) {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
