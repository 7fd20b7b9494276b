package dev.sluice.runtime.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.invocation.Payload;
import java.nio.charset.StandardCharsets;

/** What the Runtime API answers to a process, in the words of AWS's Runtime Interface Emulator. Immutable. */
record Answer(int status, String json) {

    static final Answer ACCEPTED = new Answer(202, object("status", "OK").toString());
    static final Answer INVALID_REQUEST_ID = refusal(400, "Invalid request ID", "InvalidRequestID");
    static final Answer INVALID_RESPONSE_MODE = refusal(400, "Invalid function response mode", "InvalidFunctionResponseMode");
    static final Answer TRUNCATED = refusal(400, "HTTP request detected as truncated", "TruncatedHTTPRequest");
    static final Answer TOO_LARGE = refusal(413, "Exceeded maximum allowed payload size (" + Payload.LONGEST_ANSWER + " bytes).",
            "RequestEntityTooLarge");

    static final Answer NO_WEB_PAGES = refusal(403, "No web page may speak the Runtime API, nor a host name that one could have made up",
            "Forbidden");

    static Answer invalidTransition(RuntimeState.Phase from, RuntimeState.Phase to) {
        return refusal(403, "State transition from " + from.awsName() + " to " + to.awsName()
                + " failed for runtime. Error: State transition is not allowed", "InvalidStateTransition");
    }

    byte[] bytes() {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static Answer refusal(int status, String message, String type) {
        return new Answer(status, object("errorMessage", message).put("errorType", type).toString());
    }

    private static ObjectNode object(String name, String value) {
        return JsonNodeFactory.instance.objectNode().put(name, value);
    }
}
