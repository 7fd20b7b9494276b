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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** DynamoDB as far as PutItem goes: what was put, and items that are refused the first time. Thread-safe. */
public final class ItemTable implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A request that puts an item. @param accessKey whose request it is @param item its texts and numbers as {@code name=value} */
    public record Put(String table, String accessKey, List<String> item) {
    }

    private final HttpServer server;
    private final List<Put> puts = new CopyOnWriteArrayList<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    public ItemTable() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    public URI endpoint() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** Refuses, once, an item that has this {@code name=value}. */
    public void refuseOnce(String member) {
        refused.add(member);
    }

    /** Every item that was taken, in order, also when it was there already. */
    public List<Put> puts() {
        return List.copyOf(puts);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
            String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            if (!"DynamoDB_20120810.PutItem".equals(operation)) {
                send(exchange, 400, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#UnknownOperationException\"}");
                return;
            }
            List<String> item = request.get("Item").properties().stream()
                    .map(member -> member.getKey() + "=" + member.getValue().elements().next().asText()).sorted().toList();
            if (refused.removeAll(item)) {
                send(exchange, 400, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\","
                        + "\"message\":\"The conditional request failed\"}");
                return;
            }
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            puts.add(new Put(request.get("TableName").asText(), authorization.replaceFirst(".*Credential=([^/]*)/.*", "$1"), item));
            send(exchange, 200, "{}");
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
