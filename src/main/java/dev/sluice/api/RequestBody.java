package dev.sluice.api;

import io.javalin.config.Key;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * How is the body of a request read? All its bytes, as they come: a Content-Encoding is not undone. While it arrives it holds no thread,
 * so that slow clients, however many, keep nobody else waiting; and it may arrive only as long as its {@link BodyPatience} says. One
 * that is too long is read on for a while and dropped: most clients look at the answer only after they have sent everything.
 */
final class RequestBody implements Invocable.Task {

    /** What became of it. */
    sealed interface Read {

        record Whole(byte[] bytes) implements Read {
        }

        record TooLong(long limit) implements Read {
        }

        /** The connection or the chunks broke off. */
        record Truncated() implements Read {
        }

        record TooSlow(BodyPatience patience) implements Read {
        }
    }

    /** Answers a request whose body was read. */
    @FunctionalInterface
    interface Use {
        void handle(Context ctx, Read body) throws Exception;
    }

    /** How long every body may take to arrive. */
    static final Key<Duration> PATIENCE = new Key<>("body-patience");

    // Not at once as many as a client announces: it may send one of them and announce the same on a hundred connections.
    private static final int FIRST_BUFFER = 16 * 1024;

    private final Request request;
    private final int limit;
    private final BodyPatience patience;
    private final EndPoint connection;
    private final long idleTimeout;
    private final long announced;
    private final long started = System.nanoTime();
    private final CompletableFuture<Read> read = new CompletableFuture<>();
    private byte[] bytes = {};
    private long length;

    private RequestBody(Request request, int limit, BodyPatience patience) {
        this.request = request;
        this.limit = limit;
        this.patience = patience;
        this.connection = request.getConnectionMetaData().getConnection().getEndPoint();
        this.idleTimeout = connection.getIdleTimeout();
        this.announced = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    }

    /**
     * Handles requests when their bodies are there.
     *
     * @param limit how many bytes a body may have
     * @param bytesPerSecond how fast one has to be that takes longer than {@link #PATIENCE}; 0 when it may not
     */
    static Handler then(long limit, long bytesPerSecond, Use use) {
        return ctx -> {
            RequestBody body = new RequestBody(ServletContextRequest.getServletContextRequest(ctx.req()), Math.toIntExact(limit),
                    new BodyPatience(ctx.appData(PATIENCE), bytesPerSecond));
            body.run();
            if (body.read.isDone()) {
                // The usual case: it came with the head.
                use.handle(ctx, body.read.join());
                return;
            }
            Executor executor = ctx.appData(ApiServer.EXECUTOR);
            ctx.future(() -> body.read.thenAcceptAsync(read -> use(use, ctx, read), executor));
        };
    }

    private static void use(Use use, Context ctx, Read read) {
        try {
            use.handle(ctx, read);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    /** Reads what is there; called again when there is more, or when the connection has been idle for too long. */
    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                awaitMore();
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                end(chunk.getFailure() instanceof TimeoutException ? new Read.TooSlow(patience) : new Read.Truncated());
                return;
            }
            take(chunk.getByteBuffer());
            boolean last = chunk.isLast();
            chunk.release();
            if (last || length > 2L * limit) {
                end(length > limit ? new Read.TooLong(limit) : new Read.Whole(length == bytes.length ? bytes : Arrays.copyOf(bytes, (int) length)));
                return;
            }
        }
    }

    private void awaitMore() {
        long left = patience.left(length, Duration.ofNanos(System.nanoTime() - started)).toMillis();
        if (left <= 0) {
            end(new Read.TooSlow(patience));
            return;
        }
        connection.setIdleTimeout(left);
        request.demand(this);
    }

    private void end(Read result) {
        if (connection.getIdleTimeout() != idleTimeout) {
            connection.setIdleTimeout(idleTimeout);
        }
        read.complete(result);
    }

    private void take(ByteBuffer part) {
        int count = part.remaining();
        if (length + count > limit) {
            bytes = new byte[0];
        } else if (count > 0) {
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, grown((int) length + count));
            }
            part.get(bytes, (int) length, count);
        }
        length += count;
    }

    private int grown(int needed) {
        long wanted = Math.max(Math.max(needed, FIRST_BUFFER), 2L * bytes.length);
        // The last times it grows it gets what was announced, no more.
        long most = announced >= needed ? Math.min(announced, limit) : limit;
        return (int) Math.min(wanted, most);
    }
}
