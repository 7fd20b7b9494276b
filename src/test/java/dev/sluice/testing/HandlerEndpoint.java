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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An HTTP function that notes what it gets: every record in order, every call, and whether two calls ever held records of one
 * partition at once. Can be told to fail or to hold calls back. Thread-safe.
 */
public final class HandlerEndpoint implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One record as the function saw it; {@code value} is null for a tombstone. */
    public record Received(String topic, int partition, long offset, String value) {
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> received = new ArrayList<>(); // guarded by this
    private final List<JsonNode> events = new ArrayList<>(); // guarded by this
    private final Map<String, Integer> running = new HashMap<>(); // guarded by this
    private final Queue<Integer> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean overlapped = new AtomicBoolean();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    /** The partitions whose calls the gate holds back, {@code topic-0}; null for all. */
    private volatile Set<String> held;
    private volatile int status = 200;

    public HandlerEndpoint() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** Answers the next {@code count} calls with status 500. */
    public void failNext(int count) {
        for (int i = 0; i < count; i++) {
            failures.add(500);
        }
    }

    /** Answers every call with status 500 from now on, or none. */
    public void failAlways(boolean fail) {
        answerAlways(fail ? 500 : 200);
    }

    /** Answers every call with this status from now on; with any but 200 the call counts as failed. */
    public void answerAlways(int code) {
        status = code;
    }

    /** Holds every call back until {@link #release}. */
    public void hold() {
        held = null;
        gate = new CountDownLatch(1);
    }

    /** Holds every call back until {@link #release} that has records of this partition. */
    public void hold(String topic, int partition) {
        held = Set.of(topic + "-" + partition);
        gate = new CountDownLatch(1);
    }

    public void release() {
        gate.countDown();
    }

    /** The records of all successful calls, in the order of their answers. */
    public synchronized List<Received> received() {
        return List.copyOf(received);
    }

    /** The values of all successful calls. */
    public List<String> values() {
        return received().stream().map(Received::value).toList();
    }

    /** Every event that arrived, also those that were answered with a failure. */
    public synchronized List<JsonNode> events() {
        return List.copyOf(events);
    }

    /** Whether two calls ever held records of the same partition at once. */
    public boolean overlapped() {
        return overlapped.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode event = JSON.readTree(exchange.getRequestBody());
            List<Received> records = records(event);
            begin(event);
            int code;
            try {
                if (isHeld(event)) {
                    gate.await(60, TimeUnit.SECONDS);
                }
                code = failures.isEmpty() ? status : failures.remove();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                end(event);
            }
            boolean ok = code == 200;
            if (ok) {
                synchronized (this) {
                    received.addAll(records);
                }
            }
            byte[] answer = (ok ? "{}" : "{\"errorMessage\":\"told to fail\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private boolean isHeld(JsonNode event) {
        Set<String> only = held;
        return only == null || only.stream().anyMatch(event.get("records")::has);
    }

    private synchronized void begin(JsonNode event) {
        events.add(event);
        event.get("records").fieldNames().forEachRemaining(partition -> {
            if (running.merge(partition, 1, Integer::sum) > 1) {
                overlapped.set(true);
            }
        });
    }

    private synchronized void end(JsonNode event) {
        event.get("records").fieldNames().forEachRemaining(partition -> running.merge(partition, -1, Integer::sum));
    }

    private static List<Received> records(JsonNode event) {
        List<Received> records = new ArrayList<>();
        event.get("records").forEach(partition -> partition.forEach(record -> records.add(new Received(
                record.get("topic").asText(), record.get("partition").asInt(), record.get("offset").asLong(),
                record.has("value") ? new String(Base64.getDecoder().decode(record.get("value").asText()), StandardCharsets.UTF_8)
                        : null))));
        return records;
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
