package dev.sluice.runtime.api;

import dev.sluice.invocation.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads the body of one request without holding a thread. One that is too long is read to its end all the same, and thrown away:
 * few clients look at an answer before they have sent everything.
 */
public final class RequestBody implements Invocable.Task {

    /** What was read. */
    public sealed interface Read {

        /** @param trailers never null */
        record Whole(byte[] bytes, HttpFields trailers) implements Read {
        }

        record TooLong(long length) implements Read {
        }

        /** The connection or the chunks broke off. */
        record Truncated() implements Read {
        }
    }

    private static final int FIRST_BUFFER = 8 * 1024;

    private final Request request;
    private final Consumer<Read> whenRead;
    private byte[] bytes;
    private long length;

    private RequestBody(Request request, Consumer<Read> whenRead) {
        this.request = request;
        this.whenRead = whenRead;
        long announced = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        this.bytes = new byte[announced < 0 ? FIRST_BUFFER : (int) Math.min(announced, Payload.LONGEST_ANSWER)];
    }

    static void read(Request request, Consumer<Read> whenRead) {
        new RequestBody(request, whenRead).run();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                whenRead.accept(new Read.Truncated());
                return;
            }
            take(chunk.getByteBuffer());
            boolean last = chunk.isLast();
            chunk.release();
            if (last) {
                whenRead.accept(whole());
                return;
            }
        }
    }

    private void take(ByteBuffer part) {
        int count = part.remaining();
        if (length + count > Payload.LONGEST_ANSWER) {
            bytes = null;
        } else {
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(Payload.LONGEST_ANSWER, Math.max(length + count, bytes.length * 2L)));
            }
            part.get(bytes, (int) length, count);
        }
        length += count;
    }

    private Read whole() {
        if (bytes == null) {
            return new Read.TooLong(length);
        }
        HttpFields trailers = request.getTrailers();
        return new Read.Whole(length == bytes.length ? bytes : Arrays.copyOf(bytes, (int) length),
                trailers == null ? HttpFields.EMPTY : trailers);
    }
}
