package dev.sluice.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
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

    /** Whom its tokens are for. */
    static final String AUDIENCE = "kafka";

    static final String ISSUER = "https://tokens.example";

    private static final String KEY_ID = "of-the-tests";
    private static final KeyPair KEYS = newKeys();

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
        String signed = part("{\"alg\":\"RS256\",\"kid\":\"" + KEY_ID + "\"}") + "."
                + part("{\"sub\":\"" + id + "\",\"aud\":\"" + AUDIENCE + "\",\"iss\":\"" + ISSUER + "\",\"iat\":"
                        + (expires.getEpochSecond() - 600) + ",\"exp\":" + expires.getEpochSecond() + "}");
        String token = signed + "." + signature(signed);
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

    /** The keys that its tokens are signed with, a JSON Web Key Set of RFC 7517. */
    public String keys() {
        RSAPublicKey key = (RSAPublicKey) KEYS.getPublic();
        return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"" + KEY_ID + "\",\"n\":\"" + part(key.getModulus())
                + "\",\"e\":\"" + part(key.getPublicExponent()) + "\"}]}";
    }

    private static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance("RSA").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signature(String of) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(KEYS.getPrivate());
            signature.update(of.getBytes(StandardCharsets.US_ASCII));
            return part(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String part(String json) {
        return part(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Without the byte that only says that it is positive. */
    private static String part(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return part(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private static String part(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
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
