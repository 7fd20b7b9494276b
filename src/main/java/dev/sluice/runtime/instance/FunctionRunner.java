package dev.sluice.runtime.instance;

import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import dev.sluice.invocation.ErrorDocument;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import java.time.Duration;
import java.util.Optional;

/** How functions of one kind are run. Thread-safe. */
public interface FunctionRunner {

    /** Gets ready to run this version of the function, without running any of the user's code. */
    Prepared prepare(FunctionVersion version) throws NotRunnableException;

    /** The function has changed or is gone: lets go of what is ready for the old definition. */
    void changed();

    /** As {@link FunctionInvoker#watch}, of any version of the function. */
    default FunctionInvoker.Watch watch(Runnable then) {
        return FunctionInvoker.Watch.NONE;
    }

    /** The server is about to end: what no call uses is let go now, as its end takes a while; calls may still come. */
    default void stopKeeping() {
    }

    /** Frees what is held; attempts that still run free theirs when they return. */
    void close();

    /** One call that can be run. */
    interface Prepared {

        /**
         * Runs it on this thread; whatever the function throws is in the result.
         *
         * @throws NotRunnableException when it shows only now that nobody can run it until it is changed
         */
        InvocationResult run(Payload event, RunningCall call) throws NotRunnableException;

        /** What counts instead of whatever a running one comes to, its time being up included; empty for nothing. Any thread. */
        default Optional<InvocationResult> instead() {
            return Optional.empty();
        }

        /** Makes a running one stop, as far as that is possible; called by another thread, which interrupts the running one itself. */
        void abort();

        /** Whether it is code that runs in this JVM. */
        default boolean inThisJvm() {
            return false;
        }

        /** It has returned, or was never run: frees or keeps what it used. {@code overdue}: its time was up before. */
        void done(boolean overdue);
    }

    /** The longest answer Lambda takes, in bytes. */
    int LONGEST_ANSWER = Payload.LONGEST_ANSWER;

    /** What AWS says of an answer that is longer; the text is recorded from AWS. */
    static InvocationResult tooLarge() {
        return ErrorDocument.of("Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size (" + LONGEST_ANSWER + " bytes).");
    }

    /** The result when {@link RunningCall#limitTo} says that nobody waits any more; never reported. */
    static InvocationResult late(RunningCall call, Duration timeout) {
        return new InvocationResult.TimedOut(call.requestId(), timeout);
    }
}
