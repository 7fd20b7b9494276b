package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.CallState.Return;
import org.junit.jupiter.api.Test;

class CallStateTest {

    private final CallState state = new CallState();

    @Test
    void leavesBothReportsToAThreadThatReturnsInTime() {
        assertThat(state.returned()).isEqualTo(Return.COMPLETED_AND_ENDED);
        assertThat(state.timeUp()).isFalse();
        assertThat(state.waitOver()).isFalse();
    }

    @Test
    void leavesTheEndToAThreadThatReturnsAfterTheTimeout() {
        assertThat(state.timeUp()).isTrue();
        assertThat(state.timeoutReported()).isFalse();
        assertThat(state.returned()).isEqualTo(Return.ENDED);
        assertThat(state.waitOver()).isFalse();
    }

    @Test
    void leavesTheEndToTheWatchdogWhenTheThreadReturnsWhileTheTimeoutIsReported() {
        assertThat(state.timeUp()).isTrue();
        assertThat(state.returned()).isEqualTo(Return.NOTHING);
        assertThat(state.timeoutReported()).isTrue();
        assertThat(state.waitOver()).isFalse();
    }

    @Test
    void leavesNothingToAThreadThatReturnsAfterTheWait() {
        assertThat(state.timeUp()).isTrue();
        assertThat(state.timeoutReported()).isFalse();
        assertThat(state.waitOver()).isTrue();
        assertThat(state.returned()).isEqualTo(Return.NOTHING);
    }

    @Test
    void isUpOnlyOnce() {
        assertThat(state.running()).isTrue();
        assertThat(state.timeUp()).isTrue();
        assertThat(state.timeUp()).isFalse();
        assertThat(state.running()).isFalse();
    }
}
