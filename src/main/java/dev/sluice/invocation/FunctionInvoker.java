package dev.sluice.invocation;

import dev.sluice.resource.FunctionArn;
import java.time.Duration;
import java.util.Optional;

/** How a function is invoked. Thread-safe. */
public interface FunctionInvoker {

    /**
     * Queues the invocation until the function has a free slot, or throttles it where its {@link InvocationOptions} or a reserved
     * concurrency of 0 say so; never blocks. A function that doesn't exist completes with {@link InvocationResult.NotValid}.
     */
    Pending submit(Invocation invocation);

    /** The timeout of the function's version, of an alias with several that of the main one; empty when there is no such function. */
    Optional<Duration> timeout(FunctionArn function);

    /** Whether an invocation of the function that is submitted now would get its slot at once. */
    default boolean hasRoom(FunctionArn function) {
        return true;
    }

    /**
     * Begins to look for code of the function in the working tree that wasn't there before; {@code then} is called on another thread,
     * once, when there is some. Never blocks.
     */
    default Watch watch(FunctionArn function, Runnable then) {
        return Watch.NONE;
    }

    /** Somebody who waits. */
    @FunctionalInterface
    interface Watch {

        /** Where there is nothing to look at. */
        Watch NONE = () -> {};

        /** Waits no longer; a call that is under way may still come. */
        void close();
    }

    /** An invocation that may still be waiting for its slot. */
    interface Pending {

        /** Takes the invocation back if it has not started; then its listener is never called. */
        boolean cancel();
    }
}
