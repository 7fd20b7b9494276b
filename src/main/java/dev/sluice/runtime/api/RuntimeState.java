package dev.sluice.runtime.api;

import java.util.Optional;

/**
 * Which request may a process make now? The state machine of AWS's Runtime Interface Emulator, without its snapshots:
 *
 * <pre>
 * STARTED        next       READY                     READY, RUNNING   next       as before
 * STARTED        init/error INIT_ERROR                READY            delivered  RUNNING
 * RUNNING        response   INVOCATION_RESPONSE       RUNNING          error      INVOCATION_ERROR_RESPONSE
 * INVOCATION_…   answered   RESPONSE_SENT             RESPONSE_SENT    next       READY
 * any            ended      ENDED
 * </pre>
 *
 * Anything else is refused and changes nothing. A response is in INVOCATION_RESPONSE while its body arrives. Who asks for the next
 * event while one is unanswered is given that again: its first answer may have been lost with a connection. Not thread-safe.
 */
final class RuntimeState {

    /** Where the process is, under the name that AWS's texts have for it. */
    enum Phase {
        STARTED("Started"),
        INIT_ERROR("InitError"),
        READY("Ready"),
        RUNNING("Running"),
        INVOCATION_RESPONSE("InvocationResponse"),
        INVOCATION_ERROR_RESPONSE("InvocationErrorResponse"),
        RESPONSE_SENT("RuntimeResponseSentState"),
        ENDED("Ended");

        private final String awsName;

        Phase(String awsName) {
            this.awsName = awsName;
        }

        String awsName() {
            return awsName;
        }
    }

    private Phase phase = Phase.STARTED;
    /** Of the event that it has, or answered last and asked for no other since. */
    private String requestId;

    Phase phase() {
        return phase;
    }

    /** Whether it answers, or has answered and not asked for another event since. */
    boolean answering() {
        return phase == Phase.INVOCATION_RESPONSE || phase == Phase.INVOCATION_ERROR_RESPONSE || phase == Phase.RESPONSE_SENT;
    }

    /** Of the event that it was given last, while it has asked for no other; null for none. */
    String requestId() {
        return requestId;
    }

    /** It asks for an event; the refusal, if it may not. */
    Optional<Answer> next() {
        switch (phase) {
            case RUNNING :
                return Optional.empty();
            case STARTED, READY, RESPONSE_SENT :
                phase = Phase.READY;
                requestId = null;
                return Optional.empty();
            default :
                return refused(Phase.READY);
        }
    }

    /** It is given the event that it asked for. */
    void delivered(String id) {
        if (phase != Phase.READY) {
            throw new IllegalStateException("an event is delivered in " + phase);
        }
        phase = Phase.RUNNING;
        requestId = id;
    }

    /** It begins to answer; the refusal, if it may not. */
    Optional<Answer> answering(String id, Phase to) {
        if (!id.equals(requestId)) {
            return Optional.of(Answer.INVALID_REQUEST_ID);
        }
        if (phase != Phase.RUNNING) {
            return refused(to);
        }
        phase = to;
        return Optional.empty();
    }

    /** Its answer is complete, or will never be. */
    void answered() {
        if (phase == Phase.INVOCATION_RESPONSE || phase == Phase.INVOCATION_ERROR_RESPONSE) {
            phase = Phase.RESPONSE_SENT;
        }
    }

    /** It says that it can't start; the refusal, if it may not. */
    Optional<Answer> initError() {
        if (phase != Phase.STARTED) {
            return refused(Phase.INIT_ERROR);
        }
        phase = Phase.INIT_ERROR;
        return Optional.empty();
    }

    void ended() {
        phase = Phase.ENDED;
        requestId = null;
    }

    private Optional<Answer> refused(Phase to) {
        return Optional.of(Answer.invalidTransition(phase, to));
    }
}
