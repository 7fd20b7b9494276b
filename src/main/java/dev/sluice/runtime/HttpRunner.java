package dev.sluice.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionVersion;
import dev.sluice.invocation.ErrorDocument;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.instance.FunctionRunner;
import dev.sluice.runtime.instance.RunningCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Runs functions that are HTTP endpoints: the event is a POST, the answer its body. Thread-safe; one serves all functions. */
final class HttpRunner implements FunctionRunner {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Without a charset: JSON has none, and some endpoints compare the whole header. */
    private static final ContentType EVENT = ContentType.create("application/json");
    private static final String FUNCTION_ERROR = "X-Amz-Function-Error";
    private static final int TOO_MANY_REQUESTS = 429;
    /** How much of an unexpected answer's body is quoted. */
    private static final int QUOTED = 512;
    /** Below the default timeout of 3 s, so that a host that swallows packets is "could not be invoked", not "timed out". */
    private static final Timeout CONNECT = Timeout.ofSeconds(2);
    /** A connection idle for longer is looked at before it is used: the peer may have closed it. */
    private static final TimeValue STALE = TimeValue.ofMilliseconds(250);
    /** More than all functions together may have in use; a function's share is bounded by its slots. */
    private static final int CONNECTIONS = 4096;

    /** Made for the first call: a server whose functions all run here starts without. */
    private volatile Clients clients;

    /** @param fresh each of its requests has a connection of its own */
    private record Clients(CloseableHttpClient client, CloseableHttpClient fresh) {
    }

    private Clients clients() {
        Clients made = clients;
        if (made == null) {
            synchronized (this) {
                made = clients;
                if (made == null) {
                    made = new Clients(client(true), client(false));
                    clients = made;
                }
            }
        }
        return made;
    }

    private static CloseableHttpClient client(boolean keepsConnections) {
        HttpClientBuilder builder = HttpClients.custom();
        if (!keepsConnections) {
            builder.setConnectionReuseStrategy((request, response, context) -> false);
        }
        return builder.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
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
    }

    @Override
    public Prepared prepare(FunctionVersion version) {
        return new PreparedPost(version);
    }

    /** Nothing to let go of: connections belong to an address, not to a function. */
    @Override
    public void changed() {
    }

    @Override
    public void close() {
        Clients made = clients;
        if (made == null) {
            return;
        }
        try {
            made.client().close();
            made.fresh().close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the HTTP client", e);
        }
    }

    private final class PreparedPost implements Prepared {
        private final FunctionCode.HttpEndpoint endpoint;
        private final Duration timeout;
        private final HttpPost post;
        private InvocationResult result;

        private PreparedPost(FunctionVersion version) {
            this.endpoint = (FunctionCode.HttpEndpoint) version.code();
            this.timeout = version.settings().timeout();
            this.post = new HttpPost(endpoint.url());
        }

        @Override
        public InvocationResult run(Payload event, RunningCall call) {
            if (!call.limitTo(timeout)) {
                return FunctionRunner.late(call, timeout);
            }
            post.setHeader("Lambda-Runtime-Aws-Request-Id", call.requestId());
            post.setHeader("Lambda-Runtime-Invoked-Function-Arn", call.function().toString());
            post.setHeader("Lambda-Runtime-Trace-Id", call.traceId());
            if (call.clientContext() != null) {
                post.setHeader("Lambda-Runtime-Client-Context", call.clientContext());
            }
            return exchange(event, clients().client());
        }

        private InvocationResult exchange(Payload event, CloseableHttpClient by) {
            Sending sending = new Sending(event);
            post.setEntity(sending);
            try {
                by.execute(post, sending.context, response -> {
                    result = read(response);
                    return null;
                });
                return result;
            } catch (UnknownHostException e) {
                return new InvocationResult.CouldNotInvoke(
                        endpoint.address() + " could not be reached: unknown host " + endpoint.url().getHost());
            } catch (IOException e) {
                if (result != null) {
                    return result; // an answer that is too large was cancelled, which is all that the exception says
                }
                if (sending.onOldConnection() && !post.isCancelled()) {
                    // Most likely it was closed before the event was on its way. If not, the function has it twice, as after any retry.
                    return exchange(event, clients().fresh());
                }
                return sending.begun() ? lost(e)
                        : new InvocationResult.CouldNotInvoke(endpoint.address() + " could not be reached: " + said(e));
            }
        }

        /** Without the class, and without the address, which was said before. */
        private static String said(IOException e) {
            return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage().replaceFirst("^Connect to .* failed: ", "");
        }

        /** The function has the event, or a part of it, and nobody knows what came of it: as when an environment of Lambda's ends. */
        private InvocationResult lost(IOException e) {
            String reason = endpoint.address() + " took the event, and the connection ended before its answer was whole: " + said(e);
            return ErrorDocument.of("Runtime.ExitError", reason).because(reason);
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
                return FunctionRunner.tooLarge();
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
                byte[] body = in.readNBytes(FunctionRunner.LONGEST_ANSWER + 1);
                if (body.length <= FunctionRunner.LONGEST_ANSWER) {
                    return body;
                }
                // Before the stream is closed, which would read the rest to keep the connection, however much that is.
                result = FunctionRunner.tooLarge();
                post.cancel();
                return null;
            }
        }
    }

    /** The event on its way over one connection; it knows how far it came. Confined to the thread that sends it. */
    private static final class Sending extends HttpEntityWrapper {
        private final HttpClientContext context = HttpClientContext.create();
        private EndpointDetails connection;
        private long received;

        private Sending(Payload event) {
            super(new ByteArrayEntity(event.bytes(), 0, event.length(), EVENT));
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            connection = context.getEndpointDetails();
            received = connection.getReceivedBytesCount();
            super.writeTo(out);
        }

        /** Whether the function may have any of it. */
        private boolean begun() {
            return connection != null;
        }

        /** Whether it went over a connection that had served others before, and not a byte came back. */
        private boolean onOldConnection() {
            return begun() && connection.getRequestCount() > 1 && connection.getReceivedBytesCount() == received;
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
