package dev.sluice.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.runtime.api.RuntimeState.Phase;
import org.junit.jupiter.api.Test;

/** The texts and the order of checks are those of AWS's Runtime Interface Emulator (rapi/handler, core/states.go). */
class RuntimeStateTest {

    private final RuntimeState state = new RuntimeState();

    private void running(String id) {
        assertThat(state.next()).isEmpty();
        state.delivered(id);
    }

    private static String refusal(String from, String to) {
        return "{\"errorMessage\":\"State transition from " + from + " to " + to
                + " failed for runtime. Error: State transition is not allowed\",\"errorType\":\"InvalidStateTransition\"}";
    }

    @Test
    void goesFromEventToEvent() {
        running("1");
        assertThat(state.answering("1", Phase.INVOCATION_RESPONSE)).isEmpty();
        assertThat(state.phase()).isEqualTo(Phase.INVOCATION_RESPONSE);
        state.answered();
        assertThat(state.phase()).isEqualTo(Phase.RESPONSE_SENT);
        running("2");
        assertThat(state.answering("2", Phase.INVOCATION_ERROR_RESPONSE)).isEmpty();
        state.answered();
        assertThat(state.next()).isEmpty();
        assertThat(state.phase()).isEqualTo(Phase.READY);
    }

    @Test
    void anotherIdIsInvalidWhateverTheState() {
        String invalid = "{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}";
        assertThat(state.answering("1", Phase.INVOCATION_RESPONSE)).contains(new Answer(400, invalid));
        running("1");
        assertThat(state.answering("2", Phase.INVOCATION_RESPONSE)).contains(new Answer(400, invalid));
        assertThat(state.answering("1", Phase.INVOCATION_RESPONSE)).isEmpty();
        state.answered();
        assertThat(state.next()).isEmpty();
        assertThat(state.answering("1", Phase.INVOCATION_RESPONSE)).contains(new Answer(400, invalid));
    }

    @Test
    void aSecondAnswerIsRefused() {
        running("1");
        assertThat(state.answering("1", Phase.INVOCATION_RESPONSE)).isEmpty();
        assertThat(state.answering("1", Phase.INVOCATION_ERROR_RESPONSE))
                .contains(new Answer(403, refusal("InvocationResponse", "InvocationErrorResponse")));
        state.answered();
        assertThat(state.answering("1", Phase.INVOCATION_RESPONSE))
                .contains(new Answer(403, refusal("RuntimeResponseSentState", "InvocationResponse")));
    }

    @Test
    void anErrorOfTheStartIsTheEnd() {
        assertThat(state.initError()).isEmpty();
        assertThat(state.next()).contains(new Answer(403, refusal("InitError", "Ready")));
        assertThat(state.initError()).contains(new Answer(403, refusal("InitError", "InitError")));
    }

    @Test
    void whoHasAskedForAnEventHasStarted() {
        assertThat(state.next()).isEmpty();
        assertThat(state.initError()).contains(new Answer(403, refusal("Ready", "InitError")));
        state.delivered("1");
        assertThat(state.initError()).contains(new Answer(403, refusal("Running", "InitError")));
    }

    @Test
    void whileAnAnswerArrivesNoEventIsAskedFor() {
        running("1");
        assertThat(state.next()).isEmpty();
        assertThat(state.phase()).isEqualTo(Phase.RUNNING);
        assertThat(state.answering("1", Phase.INVOCATION_RESPONSE)).isEmpty();
        assertThat(state.next()).contains(new Answer(403, refusal("InvocationResponse", "Ready")));
    }

    @Test
    void nothingIsAllowedAfterTheEnd() {
        running("1");
        state.ended();
        assertThat(state.next()).contains(new Answer(403, refusal("Ended", "Ready")));
        assertThat(state.answering("1", Phase.INVOCATION_RESPONSE)).contains(Answer.INVALID_REQUEST_ID);
        assertThatThrownBy(() -> state.delivered("2")).isInstanceOf(IllegalStateException.class).hasMessageContaining("ENDED");
    }
}
