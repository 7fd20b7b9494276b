package dev.sluice.runtime.api;

import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.util.Optional;

/** What the requests at one port come to, from one process or from several. Thread-safe. */
interface Conversation {

    /** A process asks for an event; the refusal, if it may not. */
    Optional<Answer> next(Parked request);

    /** A process begins to answer; the refusal, if it may not. */
    Optional<Answer> answering(String requestId, RuntimeState.Phase to);

    /** This is what comes of the event, unless that is settled already. */
    void answered(String requestId, Result of);

    /** The answer is no whole one; what comes of it is said later. */
    void answerLost(String requestId);

    /** A process says that it can't start; the refusal, if it may not. */
    Optional<Answer> initError(Result.Failed error);

    /** @param connection as of {@link Parked#connection} */
    default void closed(Object connection) {
    }
}
