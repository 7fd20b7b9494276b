package dev.sluice.function;

import org.jspecify.annotations.Nullable;

/**
 * Which options does a function have that only Sluice knows? Where its code runs, and how it is debugged. Immutable.
 *
 * @param isolation null for what the server does with all functions
 * @param debug whether its timeout doesn't apply, as somebody steps through it with a debugger
 * @param debugPort where a process of the function waits for a debugger before it runs any code; null for nowhere. There is one such
 *     process at a time, and its timeout doesn't apply
 */
public record LocalOptions(@Nullable Isolation isolation, boolean debug, @Nullable Integer debugPort) {

    public static final LocalOptions DEFAULT = new LocalOptions(null, false, null);

    public LocalOptions {
        if (debugPort != null && (debugPort < 1 || debugPort > 65_535)) {
            throw new IllegalArgumentException("debugPort is " + debugPort + "; allowed are 1 to 65535");
        }
        if (debugPort != null && isolation == Isolation.JVM) {
            throw new IllegalArgumentException("debugPort is " + debugPort + "; it goes with isolation: process, as the code of other"
                    + " functions runs in the server's own JVM");
        }
    }

    /** Where it runs, where Java code of which nothing is said runs there. */
    public Isolation isolationOr(Isolation otherwise) {
        return debugPort != null ? Isolation.PROCESS : isolation != null ? isolation : otherwise;
    }

    /** Whether its timeout applies. */
    boolean timeoutApplies() {
        return !debug && debugPort == null;
    }
}
