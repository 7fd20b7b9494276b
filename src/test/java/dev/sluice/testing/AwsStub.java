package dev.sluice.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SQS, SNS and S3 as far as the SDK's requests for sending a message and for putting and getting an object go. Notes what it is
 * asked; can be told to refuse, or to hold answers back. Thread-safe.
 */
public final class AwsStub implements AutoCloseable {

    /** A request; {@code operation} is the {@code X-Amz-Target} of SQS, the {@code Action} of SNS, else the HTTP method. */
    public record Asked(String operation, String path, String query, com.sun.net.httpserver.Headers headers, String body) {
    }

    /** An answer that refuses. */
    public record Refusal(int status, String contentType, String body, Map<String, String> headers) {
        public Refusal(int status, String contentType, String body) {
            this(status, contentType, body, Map.of());
        }
    }

    private static final Pattern MESSAGE_BODY = Pattern.compile("\"MessageBody\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Map<String, Long> zeros = new ConcurrentHashMap<>();
    private final Semaphore breaks = new Semaphore(0);
    private volatile CountDownLatch stalled = new CountDownLatch(0);
    private volatile CountDownLatch gate = new CountDownLatch(0);

    public AwsStub() {
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
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public List<Asked> asked() {
        return asked;
    }

    public List<String> operations() {
        return asked.stream().map(Asked::operation).toList();
    }

    /** Answers the next requests so, in this order. */
    public void refuse(Refusal... next) {
        refusals.addAll(List.of(next));
    }

    /** An object to be got; the newest version as well as the one with this id. */
    public void put(String bucket, String key, String version, byte[] content) {
        objects.put("/" + bucket + "/" + key, content);
        objects.put("/" + bucket + "/" + key + "?" + version, content);
    }

    /** An object of zeros. */
    public void put(String bucket, String key, long length) {
        zeros.put("/" + bucket + "/" + key, length);
    }

    /** The next object that is asked for breaks off in its middle. */
    public void breakOff() {
        breaks.release();
    }

    /** Of the next object that is asked for, only one half comes, and then nothing until {@link #release}. */
    public void stall() {
        stalled = new CountDownLatch(1);
        breaks.release();
    }

    /** Answers nothing until {@link #release}. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    public void release() {
        gate.countDown();
        stalled.countDown();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            Matcher action = Pattern.compile("(?:^|&)Action=(\\w+)").matcher(body);
            String operation = target != null ? target : action.find() ? action.group(1) : exchange.getRequestMethod();
            asked.add(new Asked(operation, exchange.getRequestURI().getRawPath(), exchange.getRequestURI().getRawQuery(),
                    exchange.getRequestHeaders(), body));
            gate.await();
            Refusal refusal = refusals.poll();
            if (refusal != null) {
                refusal.headers().forEach(exchange.getResponseHeaders()::set);
                answer(exchange, refusal.status(), refusal.contentType(), refusal.body());
                return;
            }
            switch (operation) {
                case "AmazonSQS.GetQueueUrl" -> answer(exchange, 200, "application/x-amz-json-1.0",
                        "{\"QueueUrl\":\"http://elsewhere.invalid:1/000000000000/dlq\"}");
                case "AmazonSQS.SendMessage" -> answer(exchange, 200, "application/x-amz-json-1.0",
                        "{\"MessageId\":\"m\",\"MD5OfMessageBody\":\"" + md5OfMessage(body) + "\"}");
                case "Publish" -> answer(exchange, 200, "text/xml",
                        "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">"
                                + "<PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>");
                case "GET" -> get(exchange);
                default -> answer(exchange, 200, "application/xml", "");
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void get(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        Matcher version = Pattern.compile("versionId=([^&]*)").matcher(String.valueOf(exchange.getRequestURI().getQuery()));
        boolean versioned = version.find();
        byte[] content = objects.get(versioned ? path + "?" + version.group(1) : path);
        String bucket = path.substring(0, path.indexOf('/', 1) + 1);
        if (zeros.containsKey(path)) {
            exchange.sendResponseHeaders(200, zeros.get(path));
            for (long left = zeros.get(path); left > 0; left -= 8192) {
                exchange.getResponseBody().write(new byte[(int) Math.min(left, 8192)]);
            }
        } else if (content != null && breaks.tryAcquire()) {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, content.length / 2);
            exchange.getResponseBody().flush();
            stalled.await();
        } else if (content != null) {
            answer(exchange, 200, "application/zip", content);
        } else if (objects.keySet().stream().noneMatch(name -> name.startsWith(bucket))) {
            refuse(exchange, "NoSuchBucket", "The specified bucket does not exist");
        } else if (versioned && objects.containsKey(path)) {
            refuse(exchange, "NoSuchVersion", "The specified version does not exist.");
        } else {
            refuse(exchange, "NoSuchKey", "The specified key does not exist.");
        }
    }

    private static void refuse(HttpExchange exchange, String code, String message) throws IOException {
        answer(exchange, 404, "application/xml", "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>");
    }

    private static void answer(HttpExchange exchange, int status, String contentType, String body) throws IOException {
        answer(exchange, status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String contentType, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** The SDK compares it with what it sent. */
    private static String md5OfMessage(String body) {
        Matcher message = MESSAGE_BODY.matcher(body);
        if (!message.find()) {
            throw new IllegalArgumentException("no MessageBody in " + body);
        }
        String text = message.group(1).replace("\\\"", "\"").replace("\\\\", "\\");
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
