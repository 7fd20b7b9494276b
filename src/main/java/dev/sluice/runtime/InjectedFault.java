package dev.sluice.runtime;

import java.time.Duration;
import java.util.Objects;

/** What comes over an invocation instead of, or before, what its function would do. Immutable. */
public sealed interface InjectedFault {

    /** The function's code isn't run; its error has this message. */
    record Error(String message) implements InjectedFault {
        /** As the error says of what kind it is. */
        public static final String TYPE = "Sluice.InjectedFault";

        public Error {
            Objects.requireNonNull(message, "message");
        }
    }

    /** The function has no room for it. */
    record Throttle() implements InjectedFault {
    }

    /** The function takes it up later; its timeout begins then. */
    record Delay(Duration by) implements InjectedFault {
        public Delay {
            if (by.isNegative() || by.isZero()) {
                throw new IllegalArgumentException("a delay of " + by + " is none");
            }
        }
    }
}
