package dev.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP function that can't take records whose value begins with {@code poison}: it fails the whole call, or names them in its answer.
 * Notes the values of each call. Thread-safe.
 */
public final class PoisonedFunction implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean namesThem;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<List<String>> calls = new ArrayList<>(); // guarded by this
    private final List<String> taken = new ArrayList<>(); // guarded by this
    private volatile boolean healed;

    /** @param namesThem whether it answers with {@code batchItemFailures} instead of an error */
    public PoisonedFunction(boolean namesThem) {
        this.namesThem = namesThem;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Registers it at {@code to}. */
    public void registerAs(String name, TestServer to) {
        to.send("PUT", "/_sluice/functions/" + name, "{\"url\":\"" + URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/")
                + "\",\"timeoutSeconds\":60}");
    }

    /** Takes everything from now on. */
    public void heal() {
        healed = true;
    }

    /** The values of each call, in the order of their beginnings. */
    public synchronized List<List<String>> calls() {
        return List.copyOf(calls);
    }

    /** The values that were taken, in the order of the answers. */
    public synchronized List<String> taken() {
        return List.copyOf(taken);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode event = JSON.readTree(exchange.getRequestBody());
            List<String> values = new ArrayList<>();
            List<String> good = new ArrayList<>();
            List<String> failed = new ArrayList<>();
            event.get("records").properties().forEach(partition -> partition.getValue().forEach(record -> {
                String value = new String(Base64.getDecoder().decode(record.path("value").asText()), StandardCharsets.UTF_8);
                values.add(value);
                if (value.startsWith("poison") && !healed) {
                    failed.add(
                            "{\"itemIdentifier\":{\"partition\":\"" + partition.getKey() + "\",\"offset\":" + record.get("offset") + "}}");
                } else {
                    good.add(value);
                }
            }));
            boolean fails = !failed.isEmpty() && !namesThem;
            synchronized (this) {
                calls.add(values);
                taken.addAll(fails ? List.of() : good);
            }
            byte[] answer =
                    (fails ? "{\"errorMessage\":\"poison\"}" : "{\"batchItemFailures\":" + failed + "}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(fails ? 500 : 200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
