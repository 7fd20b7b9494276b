package dev.sluice.credential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.SaslAuthenticationException;

/**
 * Which token does a client show the brokers? Fetched once at a time for each client, on a thread of its own that nobody waits for longer
 * than the patience, and kept for four fifths of its life. A client that the endpoint has refused twice is not shown to it for a while.
 * Thread-safe.
 *
 * <p>RFC 6749, 4.4 (client credentials) and 2.3.1 (the client's own log-in by HTTP Basic).
 */
public final class OAuthTokens {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONNECT_MILLIS = 2_000;
    private static final int SILENCE_MILLIS = 5_000;
    private static final int MOST_BYTES = 1024 * 1024;
    private static final long DEFAULT_SECONDS = 300;
    private static final int TRIES = 2;

    private final LongSupplier nanos;
    private final Duration patience;
    private final Duration pause;
    private final Map<OAuthClient, Kept> kept = new ConcurrentHashMap<>();

    /** @param nanos a clock that never goes back @param patience how long whoever asks waits @param pause after two refusals */
    public OAuthTokens(LongSupplier nanos, Duration patience, Duration pause) {
        this.nanos = Objects.requireNonNull(nanos, "nanos");
        this.patience = Objects.requireNonNull(patience, "patience");
        this.pause = Objects.requireNonNull(pause, "pause");
    }

    /**
     * @throws SaslAuthenticationException when the endpoint refuses the client
     * @throws SecretsUnreachableException when it doesn't answer, or not with a token
     */
    String token(OAuthClient client) throws InterruptedException {
        Kept entry = entry(client);
        CompletableFuture<String> fetch;
        synchronized (entry) {
            if (entry.token != null && nanos.getAsLong() - entry.until < 0) {
                return entry.token;
            }
            if (entry.refusals >= TRIES && nanos.getAsLong() - entry.notBefore < 0) {
                throw new SaslAuthenticationException(entry.refusal);
            }
            if (entry.fetching == null) {
                entry.fetching = new CompletableFuture<>();
                start(client, entry, entry.fetching);
            }
            fetch = entry.fetching;
        }
        try {
            return fetch.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new SecretsUnreachableException(client.endpoint() + " gave no token within " + patience.toMillis() + " ms");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof SaslAuthenticationException refused) {
                throw new SaslAuthenticationException(refused.getMessage());
            }
            throw new SecretsUnreachableException(failed.getCause().getMessage());
        }
    }

    private Kept entry(OAuthClient client) {
        Kept present = kept.get(client);
        if (present == null) {
            long now = nanos.getAsLong();
            kept.values().removeIf(other -> other.over(now)); // mostly those of a secret that has another value now
            present = kept.computeIfAbsent(client, unknown -> new Kept());
        }
        return present;
    }

    /** Called with the entry's lock. */
    private void start(OAuthClient client, Kept entry, CompletableFuture<String> fetching) {
        Thread thread = new Thread(() -> {
            long asked = nanos.getAsLong();
            try {
                JsonNode answer = fetch(client);
                String token = answer.path("access_token").asText("");
                if (token.isEmpty()) {
                    throw new SecretsUnreachableException(client.endpoint() + " answered without an access_token");
                }
                synchronized (entry) {
                    entry.token = token;
                    entry.until = asked + TimeUnit.SECONDS.toNanos(answer.path("expires_in").asLong(DEFAULT_SECONDS) * 4 / 5);
                    entry.fetching = null;
                    entry.refusals = 0;
                }
                fetching.complete(token);
            } catch (IOException | RuntimeException | Error failure) {
                synchronized (entry) {
                    entry.fetching = null;
                    if (failure instanceof SaslAuthenticationException) {
                        entry.refusals++;
                        entry.refusal = failure.getMessage();
                        entry.notBefore = nanos.getAsLong() + pause.toNanos();
                    }
                }
                fetching.completeExceptionally(failure instanceof IOException io
                        ? new SecretsUnreachableException(client.endpoint() + " gave no token: " + io.getMessage())
                        : failure);
            }
        }, "sluice-token");
        thread.setDaemon(true);
        thread.start();
    }

    private static JsonNode fetch(OAuthClient client) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) client.endpoint().toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(SILENCE_MILLIS);
        connection.setInstanceFollowRedirects(false); // the client's secret is for this endpoint
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
        connection.setRequestProperty("Accept", "application/json");
        String user = encoded(client.id()) + ":" + encoded(client.secret());
        connection.setRequestProperty("Authorization",
                "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
        String form = "grant_type=client_credentials" + (client.scope() == null ? "" : "&scope=" + encoded(client.scope()))
                + (client.audience() == null ? "" : "&audience=" + encoded(client.audience()));
        try (OutputStream body = connection.getOutputStream()) {
            body.write(form.getBytes(StandardCharsets.UTF_8));
        }
        int status = connection.getResponseCode();
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            byte[] answer = body == null ? new byte[0] : body.readNBytes(MOST_BYTES);
            if (status == 400 || status == 401 || status == 403) {
                throw new SaslAuthenticationException(client.endpoint() + " refuses the client of secret " + client.secretArn() + ": HTTP "
                        + status + error(answer));
            }
            if (status != 200) {
                throw new SecretsUnreachableException(client.endpoint() + " gave no token: HTTP " + status);
            }
            return JSON.readTree(answer);
        } catch (JsonProcessingException noJson) { // whose words quote the token
            throw new SecretsUnreachableException(client.endpoint() + " answered with no JSON");
        }
    }

    /** RFC 6749, 5.2: a code such as invalid_client, which has no secrets in it. */
    private static String error(byte[] answer) {
        try {
            String code = JSON.readTree(answer).path("error").asText("");
            return code.matches("[a-z_]{1,60}") ? " " + code : "";
        } catch (IOException noJson) {
            return "";
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The token of one client; its own lock guards it, and is held for no fetch. */
    private static final class Kept {
        private String token;
        private long until;
        private int refusals;
        private String refusal;
        private long notBefore;
        private CompletableFuture<String> fetching;

        /** Whether nothing of it holds any more. */
        synchronized boolean over(long now) {
            return fetching == null && (token == null || now - until >= 0) && (refusal == null || now - notBefore >= 0);
        }
    }
}
