package dev.sluice.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.AwsRoutes;
import dev.sluice.api.aws.AwsOperation;
import dev.sluice.api.control.ControlAnswers;
import dev.sluice.fixture.Authorization;
import dev.sluice.fixture.RawHttp;
import dev.sluice.resource.Scope;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send the bodies of their requests slowly, or not at all. */
class SlowBodiesIT {

    private static final String INVOKE = "/2015-03-31/functions/f/invocations";
    private static final String CONTROL = "/_sluice/test";
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final byte[] BODY =
            ("{\"FunctionName\":\"f\",\"Description\":\"" + "x".repeat(50_000) + "\"}").getBytes(StandardCharsets.UTF_8);

    private final List<RawHttp> connections = new ArrayList<>();
    private ApiServer server;

    @AfterEach
    void close() throws IOException {
        for (RawHttp connection : connections) {
            connection.close();
        }
        server.close(Duration.ZERO);
    }

    private void start(Duration patience) {
        Map<String, AwsOperation> handlers = Map.of("Invoke", (request, ctx) -> ctx.status(204));
        server = new ApiServer(Set.of(), List.of(new AwsRoutes(new Scope("000000000000", "us-east-1"), false, handlers),
                SlowBodiesIT::control), patience);
        server.start("localhost", 0);
    }

    private static void control(RoutesConfig routes) {
        routes.get(CONTROL, ctx -> ctx.result("pong"));
        routes.post(CONTROL, ControlAnswers.withBody((ctx, body) -> ctx.result(Integer.toString(body.length))));
    }

    private RawHttp begin(String path, int announced, byte[] first) throws IOException {
        RawHttp http = new RawHttp(server.port());
        connections.add(http);
        return http.write(head(path) + "Content-Length: " + announced + "\r\n\r\n", first);
    }

    private static String head(String path) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + Authorization.DEFAULT + "\r\n";
    }

    @Test
    void twoHundredSlowBodiesKeepNobodyElseWaiting() throws IOException {
        start(Duration.ofSeconds(60));
        for (int i = 0; i < 200; i++) {
            begin(i % 2 == 0 ? CONTROL : INVOKE, BODY.length, new byte[] {BODY[0]});
        }
        for (int sent = 1; sent < 4; sent++) {
            for (RawHttp slow : connections) {
                slow.more("", new byte[] {BODY[sent]});
            }
            long asked = System.nanoTime();
            assertThat(RawHttp.send(server.port(), "GET " + CONTROL + " HTTP/1.1\r\nHost: localhost\r\n\r\n", new byte[0]).body())
                    .isEqualTo("pong");
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(AT_ONCE);
        }
        byte[] rest = Arrays.copyOfRange(BODY, 4, BODY.length);
        for (int i = 0; i < connections.size(); i++) {
            RawHttp.Answer answer = connections.get(i).more("", rest).read();
            assertThat(answer.status()).as(answer.body()).isEqualTo(i % 2 == 0 ? 200 : 204);
        }
    }

    /** As hundreds of clients could, each of which sends a byte of it. */
    @Test
    void announcedSizesCostNoMemoryBeforeTheyArrive() throws IOException {
        start(Duration.ofSeconds(60));
        for (int i = 0; i < 300; i++) {
            begin(CONTROL, 32 * 1024 * 1024, new byte[] {'{'});
        }
        assertThat(RawHttp.send(server.port(), "GET " + CONTROL + " HTTP/1.1\r\nHost: localhost\r\n\r\n", new byte[0]).body())
                .isEqualTo("pong");
    }

    @ParameterizedTest
    @ValueSource(strings = {CONTROL, INVOKE})
    void aBodyThatDripsHasNoMoreTimeThanOneThatStops(String path) throws IOException {
        start(Duration.ofMillis(300));
        RawHttp stopping = begin(path, 100_000, new byte[] {'{'});
        RawHttp dripping = begin(path, 100_000, new byte[] {'{'});
        Awaitility.await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(20)).until(() -> {
            if (!dripping.hasAnswer()) {
                dripping.more("", new byte[] {' '});
            }
            return dripping.hasAnswer();
        });
        for (RawHttp each : List.of(dripping, stopping)) {
            RawHttp.Answer answer = each.read();
            assertThat(answer.status()).as(answer.body()).isEqualTo(path.equals(CONTROL) ? 408 : 400);
            assertThat(answer.body()).contains("body stopped or came too slowly; it may take 0.3 s");
            assertThat(answer.error()).isEqualTo(path.equals(CONTROL) ? null : "MalformedHttpRequestException");
        }
    }

    @Test
    void whatComesFastEnoughHasMoreTime() throws IOException {
        start(Duration.ofMillis(500));
        long began = System.nanoTime();
        // Worth nine seconds more.
        byte[] most = ("{\"x\":\"" + "x".repeat(900_000)).getBytes(StandardCharsets.UTF_8);
        RawHttp upload = begin(INVOKE, most.length + 2, most);
        Awaitility.await().until(() -> System.nanoTime() - began > Duration.ofMillis(700).toNanos());
        assertThat(upload.more("", "\"}".getBytes(StandardCharsets.UTF_8)).read().status()).isEqualTo(204);
    }

    @Test
    void aConnectionServesOnAfterABodyInParts() throws IOException {
        start(Duration.ofSeconds(60));
        RawHttp http = begin(CONTROL, 4, new byte[] {'a'});
        assertThat(http.more("", new byte[] {'b', 'c', 'd'}).read().body()).isEqualTo("4");
        http.write(head(CONTROL) + "Transfer-Encoding: chunked\r\n\r\n", "2\r\nab\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(http.more("1\r\nc\r\n0\r\n\r\n", new byte[0]).read().body()).isEqualTo("3");
        http.write(head(CONTROL) + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", new byte[0]);
        assertThat(http.more("xy", new byte[0]).read().body()).isEqualTo("2");
    }
}
