package dev.sluice.runtime;

import dev.sluice.function.FunctionDefinition;
import java.time.Duration;

/**
 * How much of one function may run at once, and how long Sluice waits for it. Immutable.
 *
 * @param jarConcurrency invocations at once of a function that runs in this JVM
 * @param httpConcurrency invocations at once of an HTTP function
 * @param initialisation how long a handler's class and constructor may take, where the function's timeout isn't longer (AWS: 10 s)
 * @param abandonAfter how long after its timeout a call that goes on still counts as running
 * @param abandonedCalls calls of one function that may go on after their timeout before new ones are refused
 * @param timeouts when a function's timeout applies
 */
public record InvocationLimits(int jarConcurrency, int httpConcurrency, Duration initialisation, Duration abandonAfter,
        int abandonedCalls, Timeouts timeouts) {

    /**
     * How long an instance that nobody calls is kept; AWS tells no time. A poller that has records calls far more often than this,
     * and a function that a developer has left alone holds no memory for long.
     */
    static final Duration IDLE_INSTANCE = Duration.ofMinutes(10);

    /** When a function's timeout applies. */
    public enum Timeouts { ENFORCED, OFF, OFF_WHEN_DEBUGGED }

    public InvocationLimits {
        if (jarConcurrency < 1 || httpConcurrency < 1) {
            throw new IllegalArgumentException("jarConcurrency is " + jarConcurrency + ", httpConcurrency is " + httpConcurrency
                    + "; both must be at least 1");
        }
        if (initialisation.isNegative() || initialisation.isZero() || abandonAfter.isNegative()) {
            throw new IllegalArgumentException("initialisation is " + initialisation + ", abandonAfter is " + abandonAfter
                    + "; the first must be positive, the second not negative");
        }
        if (abandonedCalls < 0) {
            throw new IllegalArgumentException("abandonedCalls is " + abandonedCalls + "; it must not be negative");
        }
    }

    /** Invocations at once of this function: its reservation, else what the kind of its code allows. */
    int concurrency(FunctionDefinition function) {
        Integer reserved = function.reservedConcurrency();
        if (function.latest().settings().local().debugPort() != null) {
            return reserved == null ? 1 : Math.min(1, reserved); // a second process can't listen there
        }
        if (reserved != null) {
            return reserved;
        }
        return switch (function.latest().code().runBy()) {
            case ENDPOINT -> httpConcurrency;
            case SLUICE, ATTACHED_PROCESS, NOBODY -> jarConcurrency;
        };
    }

    /** 10 and 50 at once, 10 s to start, 30 s after the timeout, 10 abandoned calls, no timeout while a debugger may be attached. */
    public static InvocationLimits defaults() {
        return new InvocationLimits(10, 50, Duration.ofSeconds(10), Duration.ofSeconds(30), 10, Timeouts.OFF_WHEN_DEBUGGED);
    }
}
