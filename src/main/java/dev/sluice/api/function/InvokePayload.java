package dev.sluice.api.function;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.BodyJson;
import dev.sluice.api.http.ErrorType;
import dev.sluice.api.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What a request of Invoke brings for the function, and how it is refused: in texts recorded from AWS or reported by users. */
final class InvokePayload {

    private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);

    private InvokePayload() {
    }

    /** The event: JSON, an empty object where nothing was sent. */
    static byte[] of(byte[] body) {
        if (body.length == 0) {
            return NOTHING;
        }
        try (JsonParser parser = Json.MAPPER.createParser(body)) {
            if (parser.nextToken() == null) {
                throw new JsonParseException(parser, "No content to map due to end-of-input");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "Unexpected content after the end of the JSON value");
            }
            BodyJson.requireUtf8(body);
        } catch (BodyJson.Unreadable e) {
            // No runtime could read it.
            throw notJson("The payload " + e.getMessage());
        } catch (JsonProcessingException e) {
            // AWS's Jackson says the same, and where: "… at [Source: REDACTED (…); line: 1, column: 2]".
            throw notJson(e.getMessage());
        } catch (IOException e) {
            // Bytes that begin as UTF-16 or UTF-32 and don't go on so.
            throw notJson("Invalid encoding of a character");
        }
        return body;
    }

    /** The client context in one line of ASCII, as it goes on in a header; null for none. */
    static String clientContext(String base64) {
        if (base64 == null || base64.isEmpty()) {
            return null;
        }
        try {
            JsonNode context = Json.MAPPER.readTree(Base64.getDecoder().decode(base64));
            if (context.isObject()) {
                return Json.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(context);
            }
        } catch (IllegalArgumentException | IOException e) {
            throw noClientContext(e);
        }
        throw noClientContext(null);
    }

    private static ApiException noClientContext(Exception cause) {
        // Reported by a user (boto3#2153).
        ApiException refusal = ApiException.of(ErrorType.INVALID_REQUEST_CONTENT,
                "Client context must be a valid Base64-encoded JSON object.");
        refusal.initCause(cause);
        return refusal;
    }

    private static ApiException notJson(String why) {
        return ApiException.of(ErrorType.INVALID_REQUEST_CONTENT,
                "Could not parse request body into json: Could not parse payload into json: " + why);
    }
}
