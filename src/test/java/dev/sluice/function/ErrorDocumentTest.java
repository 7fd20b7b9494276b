package dev.sluice.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ErrorDocumentTest {

    private static final StackTraceElement USER = new StackTraceElement("example.Handler", "handle", "Handler.java", 7);
    private static final StackTraceElement REFLECTION = new StackTraceElement("java.lang.reflect.Method", "invoke", "Method.java", 1);
    private static final StackTraceElement OURS = new StackTraceElement("dev.sluice.function.Call", "run", "Call.java", 1);

    @Test
    void carriesMessageTypeStackAndCauseWithoutSluicesFrames() throws IOException {
        Exception error = new IllegalStateException("broken", new IOException("disk"));
        error.setStackTrace(new StackTraceElement[] {USER, REFLECTION, OURS, USER});

        InvocationResult.FunctionError result = ErrorDocument.of(error);

        JsonNode json = new ObjectMapper().readTree(result.error());
        assertThat(result.errorType()).isEqualTo("java.lang.IllegalStateException");
        assertThat(json.get("errorMessage").asText()).isEqualTo("broken");
        assertThat(json.get("errorType").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(json.get("stackTrace")).hasSize(1);
        assertThat(json.get("stackTrace").get(0).asText()).isEqualTo("example.Handler.handle(Handler.java:7)");
        assertThat(json.get("cause").get("errorMessage").asText()).isEqualTo("disk");
    }

    @Test
    void namesTheClassWhereThereIsNoMessage() throws IOException {
        JsonNode json = new ObjectMapper().readTree(ErrorDocument.of(new NullPointerException()).error());

        assertThat(json.get("errorMessage").asText()).isEqualTo("java.lang.NullPointerException");
    }

    @Test
    void endsWhereCausesGoInCircles() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);

        assertThat(new String(ErrorDocument.of(first).error())).containsOnlyOnce("second");
    }

    @Test
    void survivesAnExceptionWhoseMessageFails() {
        Exception hostile = new Exception() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalArgumentException("no");
            }
        };

        assertThat(new String(ErrorDocument.of(hostile).error())).contains("getMessage failed");
    }
}
