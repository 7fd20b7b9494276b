package dev.sluice.invocation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What a function's error looks like as JSON: errorMessage and errorType at least, as Lambda's runtimes write it. Stateless. */
public final class ErrorDocument {

    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectMapper TREES = new ObjectMapper();
    /** What Lambda calls an error of which the function says nothing. */
    private static final String UNKNOWN = "Function.Unknown";

    private ErrorDocument() {
    }

    /** A document without a stack. */
    public static InvocationResult.FunctionError of(String errorType, String errorMessage) {
        return document(errorType, json -> {
            json.writeStartObject();
            json.writeStringField("errorMessage", errorMessage);
            json.writeStringField("errorType", errorType);
            json.writeEndObject();
        });
    }

    /**
     * What a process reported.
     *
     * @param errorType of the header; null when it said nothing there
     * @param error what it sent; may be empty, or no JSON
     */
    public static InvocationResult.FunctionError reported(String errorType, byte[] error) {
        String type = errorType;
        try {
            JsonNode said = error.length == 0 ? null : TREES.readTree(error);
            if (said != null && said.isObject()) {
                type = said.path("errorType").asText(type == null ? UNKNOWN : type);
                return new InvocationResult.FunctionError(type, error);
            }
        } catch (IOException noJson) {
            // Any body is taken, as on Lambda; who reads the answer wants a document.
            type = errorType;
        }
        return of(type == null ? UNKNOWN : type, new String(error, StandardCharsets.UTF_8));
    }

    /** The members errorType and errorMessage of what a function reported; empty where it has none. */
    public record Said(String type, String message) {
        public static Said of(InvocationResult.FunctionError error) {
            try {
                JsonNode document = TREES.readTree(error.error());
                return new Said(error.errorType(), document == null ? "" : document.path("errorMessage").asText(""));
            } catch (IOException noJson) {
                return new Said(error.errorType(), "");
            }
        }
    }

    /** What is logged of an error without a stack. */
    public static String line(InvocationResult.FunctionError error) {
        Said said = Said.of(error);
        return said.message() + (said.message().isEmpty() ? "" : ": ") + said.type();
    }

    /** Writes one object. */
    @FunctionalInterface
    public interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    /** The document that {@code content} writes. */
    public static InvocationResult.FunctionError document(String errorType, Content content) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (JsonGenerator json = JSON.createGenerator(out)) {
                content.write(json);
            }
            return new InvocationResult.FunctionError(errorType, out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
    }
}
