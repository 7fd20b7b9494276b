package dev.sluice.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.Operation.BodyLimit;
import io.javalin.config.Key;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EndPoint;

/** How the body of a request is read, and refused when it is too large, broken on its way, or no JSON object. */
final class RequestBody {

    // What Jackson adds for its own users.
    private static final Pattern PARSER_ADVICE = Pattern.compile("( \\(start marker at |: enable ).*", Pattern.DOTALL);

    private RequestBody() {
    }

    /** How long the next bytes of a body may take; the connection itself may be idle for much longer. */
    static final Key<Duration> PATIENCE = new Key<>("body-patience");

    /** All bytes, as they come: a Content-Encoding is not undone. */
    static byte[] bytes(Context ctx, BodyLimit limit) {
        EndPoint connection = ServletContextRequest.getServletContextRequest(ctx.req()).getConnectionMetaData().getConnection()
                .getEndPoint();
        long idle = connection.getIdleTimeout();
        connection.setIdleTimeout(ctx.appData(PATIENCE).toMillis());
        try {
            byte[] body = read(ctx, limit);
            connection.setIdleTimeout(idle);
            return body;
        } catch (IOException | HttpException.RuntimeException e) {
            throw ApiException.of(ErrorType.MALFORMED_HTTP_REQUEST,
                    "the body ended or stopped before its announced end, or its chunks are broken");
        }
    }

    private static byte[] read(Context ctx, BodyLimit limit) throws IOException {
        int announced = Math.max(ctx.contentLength(), 0);
        ByteArrayOutputStream body = new ByteArrayOutputStream((int) Math.min(Math.max(announced, 512), limit.bytes()));
        byte[] buffer = new byte[16_384];
        long read = 0;
        InputStream in = ctx.req().getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            read += n;
            if (read <= limit.bytes()) {
                body.write(buffer, 0, n);
            } else if (read > 2 * limit.bytes()) {
                break;
            }
            // In between the rest is read and dropped: most clients look at the answer only after they have sent everything.
        }
        if (read > limit.bytes()) {
            throw ApiException.of(ErrorType.REQUEST_ENTITY_TOO_LARGE,
                    "Request must be smaller than " + limit.bytes() + " bytes for the " + limit.operation() + " operation");
        }
        return body.toByteArray();
    }

    /** The object that {@code bytes} spell; an empty one when there are none. */
    static ObjectNode object(byte[] bytes) {
        if (bytes.length == 0) {
            return Json.MAPPER.createObjectNode();
        }
        try {
            JsonNode node = Json.MAPPER.readTree(bytes);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw ApiException.serialization("the body must be a JSON object, not " + node.getNodeType());
        } catch (StreamConstraintsException e) {
            throw ApiException.serialization("the body is nested too deeply, or has too long a number or name");
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
            throw ApiException.serialization(
                    "the body is no JSON: " + PARSER_ADVICE.matcher(e.getOriginalMessage()).replaceFirst("") + where);
        } catch (IOException e) {
            // Bytes that begin as UTF-16 or UTF-32 and don't go on so.
            throw ApiException.serialization("the body is no JSON: its bytes are in no Unicode encoding");
        }
    }
}
