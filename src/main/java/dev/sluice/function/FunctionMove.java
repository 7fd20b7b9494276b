package dev.sluice.function;

import java.time.Instant;
import java.util.Objects;

/**
 * Why did a function's code, which was to run in the server's JVM, get one of its own? Immutable.
 *
 * @param because as a sentence goes on, as in {@code it called java.util.TimeZone.setDefault}
 */
public record FunctionMove(String because, Instant at) {

    public FunctionMove {
        Objects.requireNonNull(because, "because");
        Objects.requireNonNull(at, "at");
    }
}
