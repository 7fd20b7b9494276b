package dev.sluice.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An OAuth server that knows one client: the client credentials grant of RFC 6749, 4.4. Its paths: {@code /token}, {@code /expired} for
 * tokens that are, {@code /hangs} for no answer before it is closed. Thread-safe.
 */
public final class TokenEndpoint implements AutoCloseable {

    private final String id;
    private final String secret;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger hanging = new AtomicInteger();
    private final List<String> forms = new CopyOnWriteArrayList<>();

    public TokenEndpoint(String id, String secret) {
        this.id = id;
        this.secret = secret;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/token", exchange -> grant(exchange, Instant.now().plus(Duration.ofMinutes(5))));
        server.createContext("/expired", exchange -> grant(exchange, Instant.now().minus(Duration.ofMinutes(5))));
        server.createContext("/hangs", exchange -> hang());
        server.setExecutor(threads);
        server.start();
    }

    public String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    /** The bodies of the requests that were granted. */
    public List<String> forms() {
        return List.copyOf(forms);
    }

    /** How often somebody was refused. */
    public int refusals() {
        return refusals.get();
    }

    /** How many have come for an answer that they don't get. */
    public int hanging() {
        return hanging.get();
    }

    private void grant(HttpExchange exchange, Instant expires) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String client = "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
        if (!client.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            refusals.incrementAndGet();
            answer(exchange, 401, "{\"error\":\"invalid_client\"}");
            return;
        }
        forms.add(form);
        String token = part("{\"alg\":\"RS256\"}") + "." + part("{\"sub\":\"" + id + "\",\"iat\":" + (expires.getEpochSecond() - 600)
                + ",\"exp\":" + expires.getEpochSecond() + "}") + "." + part("signature");
        answer(exchange, 200, "{\"token_type\":\"bearer\",\"expires_in\":300,\"access_token\":\"" + token + "\"}");
    }

    private void hang() {
        hanging.incrementAndGet();
        try {
            closed.await();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream to = exchange.getResponseBody()) {
            to.write(body);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
