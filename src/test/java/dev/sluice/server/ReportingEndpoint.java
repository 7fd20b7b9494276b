package dev.sluice.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What the handlers of {@link ReportingHandler} do, as an HTTP service. Thread-safe. */
final class ReportingEndpoint implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    ReportingEndpoint(Path directory) throws IOException {
        this.directory = directory;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            StringBuilder lines = new StringBuilder();
            boolean fatal = false;
            for (JsonNode records : JSON.readTree(exchange.getRequestBody()).get("records")) {
                for (JsonNode record : records) {
                    String line = record.get("partition").asInt() + " " + record.get("offset").asLong();
                    fatal |= line.equals(ReportingHandler.FATAL);
                    lines.append(line).append('\n');
                }
            }
            append("seen", lines);
            boolean fails = fatal && directory.resolve("failed").toFile().mkdir();
            if (!fails) {
                append("done", lines);
            }
            byte[] answer = (fails ? "{\"errorMessage\":\"told to fail\"}" : "\"ok\"").getBytes(UTF_8);
            exchange.sendResponseHeaders(fails ? 500 : 200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private void append(String name, CharSequence lines) throws IOException {
        Files.writeString(directory.resolve(name), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
