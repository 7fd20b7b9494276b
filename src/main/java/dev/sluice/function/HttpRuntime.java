package dev.sluice.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Runs functions that are HTTP endpoints: the event is a POST, the answer its body. Thread-safe; one serves all functions. */
final class HttpRuntime implements FunctionRuntime {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Without a charset: JSON has none, and some endpoints compare the whole header. */
    private static final ContentType EVENT = ContentType.create("application/json");
    private static final String FUNCTION_ERROR = "X-Amz-Function-Error";
    private static final int TOO_MANY_REQUESTS = 429;
    /** How much of an unexpected answer's body is quoted. */
    private static final int QUOTED = 512;
    /** Below the default timeout of 3 s, so that a host that swallows packets is "could not be invoked", not "timed out". */
    private static final Timeout CONNECT = Timeout.ofSeconds(2);
    /** A connection idle for longer is looked at before it is used: the peer may have closed it, and an event is never sent twice. */
    private static final TimeValue STALE = TimeValue.ofMilliseconds(250);
    /** More than all functions together may have in use; a function's share is bounded by its slots. */
    private static final int CONNECTIONS = 4096;

    private final CloseableHttpClient client = HttpClients.custom()
            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnPerRoute(CONNECTIONS)
                    .setMaxConnTotal(CONNECTIONS)
                    .setDefaultConnectionConfig(
                            ConnectionConfig.custom().setConnectTimeout(CONNECT).setValidateAfterInactivity(STALE).build())
                    .build())
            // The call's own watchdog ends the exchange; the client's default of 3 minutes would be too short for some functions.
            .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(Timeout.DISABLED).build())
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .setUserAgent("Sluice")
            .build();

    @Override
    public Attempt prepare(FunctionVersion version) {
        return new HttpAttempt(version);
    }

    /** Nothing to let go of: connections belong to an address, not to a function. */
    @Override
    public void changed() {
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the HTTP client", e);
        }
    }

    private final class HttpAttempt implements Attempt {
        private final FunctionCode.HttpEndpoint endpoint;
        private final Duration timeout;
        private final HttpPost post;
        private InvocationResult result;

        private HttpAttempt(FunctionVersion version) {
            this.endpoint = (FunctionCode.HttpEndpoint) version.code();
            this.timeout = version.settings().timeout();
            this.post = new HttpPost(endpoint.url());
        }

        @Override
        public InvocationResult run(Payload event, RunningCall call) {
            if (!call.limitTo(timeout)) {
                return FunctionRuntime.late(call, timeout);
            }
            post.setHeader("Lambda-Runtime-Aws-Request-Id", call.requestId());
            post.setHeader("Lambda-Runtime-Invoked-Function-Arn", call.function().toString());
            post.setHeader("Lambda-Runtime-Trace-Id", call.traceId());
            if (call.clientContext() != null) {
                post.setHeader("Lambda-Runtime-Client-Context", call.clientContext());
            }
            post.setEntity(new ByteArrayEntity(event.bytes(), 0, event.length(), EVENT));
            try {
                client.execute(post, response -> {
                    result = read(response);
                    return null;
                });
            } catch (UnknownHostException e) {
                return new InvocationResult.CouldNotInvoke(
                        endpoint.address() + " could not be reached: unknown host " + endpoint.url().getHost());
            } catch (IOException e) {
                // After a cancelled answer that is too large the result is there, and the exception only says "cancelled".
                return result != null ? result : new InvocationResult.CouldNotInvoke(endpoint.address() + " could not be reached: " + e);
            }
            return result;
        }

        @Override
        public void abort() {
            post.cancel();
        }

        @Override
        public void done(boolean overdue) {
        }

        private InvocationResult read(ClassicHttpResponse response) throws IOException {
            byte[] body = body(response.getEntity());
            if (body == null) {
                return FunctionRuntime.tooLarge();
            }
            int status = response.getCode();
            if (status == TOO_MANY_REQUESTS) {
                return new InvocationResult.Throttled(endpoint.address() + " answered 429");
            }
            if (status < 200 || status > 299) {
                return ErrorDocument.of("Http.Status" + status, endpoint.address() + " answered " + status + quoted(body));
            }
            JsonNode error = response.containsHeader(FUNCTION_ERROR) || endpoint.runtimeEmulator() ? object(body) : null;
            if (error != null && error.has("errorType") && error.has("errorMessage")) {
                return new InvocationResult.FunctionError(error.get("errorType").asText(), body);
            }
            if (response.containsHeader(FUNCTION_ERROR)) {
                return ErrorDocument.of(response.getFirstHeader(FUNCTION_ERROR).getValue(), endpoint.address() + " answered with "
                        + FUNCTION_ERROR + quoted(body));
            }
            return new InvocationResult.Success(body);
        }

        /** The body, or null when it is longer than Lambda takes. */
        private byte[] body(HttpEntity entity) throws IOException {
            if (entity == null) {
                return new byte[0];
            }
            try (InputStream in = entity.getContent()) {
                byte[] body = in.readNBytes(FunctionRuntime.LONGEST_ANSWER + 1);
                if (body.length <= FunctionRuntime.LONGEST_ANSWER) {
                    return body;
                }
                // Before the stream is closed, which would read the rest to keep the connection, however much that is.
                result = FunctionRuntime.tooLarge();
                post.cancel();
                return null;
            }
        }
    }

    /** The body as a JSON object, or null when it is none. */
    private static JsonNode object(byte[] body) {
        try {
            JsonNode node = JSON.readTree(body);
            return node != null && node.isObject() ? node : null;
        } catch (IOException e) {
            // No JSON is an answer like any other; only an error's form is looked for.
            return null;
        }
    }

    private static String quoted(byte[] body) {
        if (body.length == 0) {
            return "";
        }
        String text = new String(body, 0, Math.min(body.length, QUOTED), StandardCharsets.UTF_8);
        return ": " + text + (body.length > QUOTED ? "…" : "");
    }
}
