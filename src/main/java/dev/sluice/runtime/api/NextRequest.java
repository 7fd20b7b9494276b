package dev.sluice.runtime.api;

import dev.sluice.runtime.process.RuntimeProcess.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A parked {@code GET invocation/next}. */
final class NextRequest implements Parked {

    /** The JDK copies what is written to memory outside the heap that it keeps per thread: as little as doesn't cost speed. */
    private static final int SLICE = 256 * 1024;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private volatile boolean lost;

    NextRequest(Request request, Response response, Callback callback) {
        this.request = request;
        this.response = response;
        this.callback = callback;
    }

    @Override
    public void give(Event event, Runnable written) {
        response.setStatus(200);
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, "application/json");
        headers.put(HttpHeader.CONTENT_LENGTH, event.payload().length());
        headers.put("Lambda-Runtime-Aws-Request-Id", event.requestId());
        headers.put("Lambda-Runtime-Deadline-Ms", Long.toString(event.deadlineMillis()));
        headers.put("Lambda-Runtime-Invoked-Function-Arn", event.functionArn());
        headers.put("Lambda-Runtime-Trace-Id", event.traceId());
        if (event.clientContext() != null) {
            headers.put("Lambda-Runtime-Client-Context", headerValue(event.clientContext()));
        }
        new EventWrite(ByteBuffer.wrap(event.payload().bytes(), 0, event.payload().length()), written).writeNext();
    }

    @Override
    public void drop() {
        request.getConnectionMetaData().getConnection().getEndPoint().close();
    }

    @Override
    public Object connection() {
        return request.getConnectionMetaData().getConnection();
    }

    @Override
    public boolean reused() {
        return request.getConnectionMetaData().getConnection().getMessagesIn() > 1;
    }

    @Override
    public boolean single() {
        return request.getConnectionMetaData().getHttpVersion().getVersion() < HttpVersion.HTTP_1_1.getVersion()
                || request.getHeaders().contains(HttpHeader.CONNECTION, "close");
    }

    /** Nobody else reads there while the request isn't answered, and no client sends anything before it is. */
    @Override
    public boolean gone() {
        try {
            return request.getConnectionMetaData().getConnection().getEndPoint().fill(ByteBuffer.allocate(1).limit(0)) != 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public boolean lost() {
        return lost;
    }

    /** In UTF-8, as Lambda sends it (Jetty sends the low byte of each character), and on one line, which is the same JSON. */
    private static String headerValue(String json) {
        return new String(json.replaceAll("[\\r\\n]", " ").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private final class EventWrite implements Callback {
        private final ByteBuffer payload;
        private final Runnable written;
        private boolean last;

        private EventWrite(ByteBuffer payload, Runnable written) {
            this.payload = payload;
            this.written = written;
        }

        private void writeNext() {
            ByteBuffer slice = payload.slice(payload.position(), Math.min(SLICE, payload.remaining()));
            payload.position(payload.position() + slice.remaining());
            last = !payload.hasRemaining();
            response.write(last, slice, this);
        }

        @Override
        public void succeeded() {
            if (last) {
                written.run();
                callback.succeeded();
            } else {
                writeNext();
            }
        }

        /** The process is gone or has closed the connection; in the latter case it asks again. */
        @Override
        public void failed(Throwable x) {
            lost = true;
            written.run();
            callback.failed(x);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
