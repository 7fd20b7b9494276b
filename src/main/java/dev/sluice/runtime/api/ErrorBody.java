package dev.sluice.runtime.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The error that a runtime reports, as its caller is to get it: what it says, whatever that is. */
final class ErrorBody {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** The form in which the error comes together with what X-Ray is told, which is not for the caller. */
    private static final String WITH_CAUSE = "application/vnd.aws.lambda.error.cause+json";
    private static final byte[] INVALID = "\"Invalid error body\"".getBytes(StandardCharsets.UTF_8);

    private ErrorBody() {
    }

    static byte[] of(String contentType, byte[] body) {
        return WITH_CAUSE.equals(contentType) ? withoutCause(body) : body;
    }

    private static byte[] withoutCause(byte[] body) {
        try {
            JsonNode error = JSON.readTree(body);
            if (error instanceof ObjectNode object) {
                return JSON.writeValueAsBytes(object.retain(List.of("errorMessage", "errorType", "stackTrace")));
            }
        } catch (IOException e) {
            // As Lambda does: what it can't read, its caller can't either.
            return INVALID;
        }
        return INVALID;
    }
}
