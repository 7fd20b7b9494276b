package dev.sluice.function;

import dev.sluice.mapping.FunctionArn;
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

    /** An invocation that may still be waiting for its slot. */
    interface Pending {

        /** Takes the invocation back if it has not started; then its listener is never called. */
        boolean cancel();
    }
}
