package dev.sluice.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what is no HTTP or no URI, and so never reaches a route, in the shape of AWS's errors. How AWS's own front does is not
 * recorded; the name is the one its documentation has for such requests. Thread-safe.
 */
final class BrokenHttp extends ErrorHandler {

    static final String TEXT = "The request is no valid HTTP/1.1: its request line, a header or the encoding of its path is broken.";

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(Request request, Response response, int code, String message, Throwable cause,
            Callback callback) {
        if (code == 503) {
            // The server is stopping (GracefulHandler). No answer, as a moment later: clients of AWS try that again, and nothing has failed.
            request.getConnectionMetaData().getConnection().close();
            callback.failed(new EofException("the server is stopping"));
            return;
        }
        if (code == 404) {
            // The whole server, "*", which no servlet has.
            response.setStatus(code);
            response.getHeaders().put(ApiServer.REQUEST_ID, UUID.randomUUID().toString());
            response.getHeaders().put(ErrorAnswers.ERROR_TYPE, ErrorAnswers.UNKNOWN_OPERATION_TYPE);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/xml");
            response.write(true, ByteBuffer.wrap(ErrorAnswers.UNKNOWN_OPERATION), callback);
            return;
        }
        // Jetty's 505 is the client's mistake too: a version that nobody speaks.
        boolean server = code >= 500 && code != 505;
        ErrorType type = server ? ErrorType.SERVICE : ErrorType.MALFORMED_HTTP_REQUEST;
        response.setStatus(server ? ErrorType.SERVICE.status() : code >= 500 ? type.status() : code);
        response.getHeaders().put(ApiServer.REQUEST_ID, UUID.randomUUID().toString());
        response.getHeaders().put(ErrorAnswers.ERROR_TYPE, type.awsName());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        ObjectNode body = type.body(server ? "The request failed inside Sluice." : text(code), null);
        response.write(true, ByteBuffer.wrap(Json.bytes(body)), callback);
    }

    private static String text(int code) {
        return switch (code) {
            case 414 -> "The URI is too long.";
            case 417 -> "The only expectation that can be met is 100-continue.";
            case 431 -> "The headers are too long.";
            default -> TEXT;
        };
    }
}
