package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.invocation.InvocationResult;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ThrownErrorTest {

    private static final StackTraceElement USER = new StackTraceElement("example.Handler", "handle", "Handler.java", 7);
    private static final StackTraceElement REFLECTION = new StackTraceElement("java.lang.reflect.Method", "invoke", "Method.java", 1);
    private static final StackTraceElement OURS = new StackTraceElement("dev.sluice.runtime.Call", "run", "Call.java", 1);

    @Test
    void carriesMessageTypeStackAndCauseWithoutSluicesFrames() throws IOException {
        Exception error = new IllegalStateException("broken", new IOException("disk"));
        error.setStackTrace(new StackTraceElement[] {USER, REFLECTION, OURS, USER});

        InvocationResult.FunctionError result = ThrownError.of(error).document();

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
        JsonNode json = new ObjectMapper().readTree(ThrownError.of(new NullPointerException()).document().error());

        assertThat(json.get("errorMessage").asText()).isEqualTo("java.lang.NullPointerException");
    }

    @Test
    void endsWhereCausesGoInCircles() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);

        assertThat(new String(ThrownError.of(first).document().error())).containsOnlyOnce("second");
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

        assertThat(new String(ThrownError.of(hostile).document().error())).contains("getMessage failed");
    }

    /** An exception whose every method that could be asked is the user's own. */
    private static final class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1L;
        @SuppressWarnings("unused")
        private final transient Object self = this;

        @Override
        public String getMessage() {
            return getMessage();
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no stack");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }
    }

    @Test
    void reportsAnExceptionWhoseOwnMethodsFail() throws IOException {
        JsonNode json = new ObjectMapper().readTree(ThrownError.of(new Hostile()).document().error());

        assertThat(json.get("errorType").asText()).isEqualTo(Hostile.class.getName());
        assertThat(json.get("errorMessage").asText()).contains("getMessage failed with java.lang.StackOverflowError");
        assertThat(json.get("stackTrace")).isEmpty();
        assertThat(ThrownError.of(new IllegalStateException("outer", new Hostile())).text()).contains("outer",
                "Caused by: " + Hostile.class.getName());
    }

    @Test
    void boundsMessagesStacksAndCauses() throws IOException {
        Exception error = null;
        StackTraceElement[] deep = new StackTraceElement[5_000];
        java.util.Arrays.fill(deep, USER);
        for (int i = 0; i < 100; i++) {
            error = new Exception("x".repeat(1_000_000), error);
            error.setStackTrace(deep);
        }

        JsonNode json = new ObjectMapper().readTree(ThrownError.of(error).document().error());

        int causes = 0;
        for (JsonNode next = json; next != null; next = next.get("cause")) {
            causes++;
            assertThat(next.get("errorMessage").asText()).hasSize(64 * 1024);
            assertThat(next.get("stackTrace")).hasSize(1024);
        }
        assertThat(causes).isEqualTo(16);
    }

    @Test
    void writesAMessageThatIsNoValidUnicode() throws IOException {
        JsonNode json = new ObjectMapper().readTree(ThrownError.of(new Exception("a\ud83d b\ude00 \ud83d\ude00")).document().error());

        assertThat(json.get("errorMessage").asText()).isEqualTo("a\ufffd b\ufffd \ud83d\ude00");
        assertThat(new String(ThrownError.of(new Exception("x".repeat(64 * 1024 - 1) + "\ud83d\ude00")).document().error()))
                .contains("xxx");
    }
}
