package dev.sluice.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A function behind an HTTP endpoint of the test: notes each event it gets, and answers at once, or not before it is released. Thread-safe.
 */
public final class HttpFunction implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "http-function");
        thread.setDaemon(true);
        return thread;
    });
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final CountDownLatch released;

    private HttpFunction(int waitFor) throws IOException {
        released = new CountDownLatch(waitFor);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public static HttpFunction answering() throws IOException {
        return new HttpFunction(0);
    }

    /** Answers when it is closed. */
    public static HttpFunction hanging() throws IOException {
        return new HttpFunction(1);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** The bodies so far. */
    public List<String> events() {
        return List.copyOf(events);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            events.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            released.await();
            exchange.sendResponseHeaders(200, -1);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
