package dev.sluice.api.http;

import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * What did a request bring in its body, and did all of it come in time? All bytes, as they come: a Content-Encoding is not undone.
 * While it arrives it holds no thread. Used by one thread after the other, as Jetty calls it.
 */
public final class RequestBody implements Invocable.Task {

    /** What became of it. */
    public sealed interface Read {

        record Whole(byte[] bytes) implements Read {
        }

        record TooLong() implements Read {
        }

        /** The connection or the chunks broke off. */
        record Truncated() implements Read {
        }

        record TooSlow(BodyPatience patience) implements Read {
        }
    }

    /**
     * No route takes more. A longer one is read on for a while and dropped: most clients look at the answer only after they have sent
     * everything.
     */
    static final int LONGEST = 71_000_000;

    private static final String ATTRIBUTE = RequestBody.class.getName();

    private static final int SLACK_MILLIS = 50;

    // Not at once as many as a client announces: it may send one of them and announce the same on a hundred connections.
    private static final int FIRST_BUFFER = 16 * 1024;

    private final Request request;
    private final BodyPatience patience;
    private final EndPoint connection;
    private final long idleTimeout;
    private final long announced;
    private final long started = System.nanoTime();
    private byte[] bytes = {};
    private long length;
    private Runnable whenRead;
    private Consumer<Error> whenFailed;

    RequestBody(Request request, BodyPatience patience) {
        this.request = request;
        this.patience = patience;
        this.connection = request.getConnectionMetaData().getConnection().getEndPoint();
        this.idleTimeout = connection.getIdleTimeout();
        this.announced = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    }

    /** What was read before the request came to its route. @param limit how many bytes the route takes */
    public static Read of(Context ctx, long limit) {
        Read read = (Read) ctx.req().getAttribute(ATTRIBUTE);
        return read instanceof Read.Whole whole && whole.bytes().length > limit ? new Read.TooLong() : read;
    }

    /** Reads what is there; whether that was all of it. */
    boolean read() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                return timeIsUp();
            }
            if (Content.Chunk.isFailure(chunk)) {
                // What comes in while time runs out may have it fail in another way.
                boolean late = chunk.getFailure() instanceof TimeoutException || left() <= 0;
                return end(late ? new Read.TooSlow(patience) : new Read.Truncated());
            }
            take(chunk.getByteBuffer());
            boolean last = chunk.isLast();
            chunk.release();
            if (last || length > 2L * LONGEST) {
                return end(length > LONGEST ? new Read.TooLong()
                        : new Read.Whole(length == bytes.length ? bytes : Arrays.copyOf(bytes, (int) length)));
            }
        }
    }

    /**
     * Reads the rest as it comes. One of both is called once, on a thread that may be held.
     *
     * @param failed takes an Error, such as that there is no memory for the body
     */
    void readOn(Runnable then, Consumer<Error> failed) {
        whenRead = then;
        whenFailed = failed;
        request.demand(this);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.BLOCKING;
    }

    /** There is more, or nothing came for as long as it may take. */
    @Override
    public void run() {
        boolean whole;
        try {
            whole = read();
        } catch (Error e) {
            whenFailed.accept(e);
            return;
        }
        if (whole) {
            whenRead.run();
        } else {
            request.demand(this);
        }
    }

    private boolean timeIsUp() {
        long left = left();
        if (left <= 0) {
            return end(new Read.TooSlow(patience));
        }
        // The connection counts from its last byte, which came a moment ago.
        connection.setIdleTimeout(left + SLACK_MILLIS);
        return false;
    }

    private long left() {
        return patience.left(length, Duration.ofNanos(System.nanoTime() - started)).toMillis();
    }

    private boolean end(Read read) {
        if (connection.getIdleTimeout() != idleTimeout) {
            connection.setIdleTimeout(idleTimeout);
        }
        request.setAttribute(ATTRIBUTE, read);
        return true;
    }

    private void take(ByteBuffer part) {
        int count = part.remaining();
        if (length + count > LONGEST) {
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
        // The last time it grows it gets what was announced, no more.
        return (int) Math.min(wanted, announced >= needed ? Math.min(announced, LONGEST) : LONGEST);
    }
}
