package dev.sluice.function;

import java.time.Clock;
import java.util.function.LongSupplier;

/** What time is it? Immutable. @param nanos of no particular moment, as {@link System#nanoTime} */
public record Time(Clock clock, LongSupplier nanos) {
}
