package dev.sluice.runtime.instance;

import dev.sluice.function.FunctionVersion;
import dev.sluice.resource.Scope;
import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Where does an instance of a function print, which clock has it, and what does it find in its environment? Immutable.
 */
public record InstanceSurroundings(PrintStream output, Clock clock, SharedEnvironment environment) {

    private static final DateTimeFormatter LOG_STREAM_DATE = DateTimeFormatter.ofPattern("yyyy/MM/dd", Locale.ROOT);

    /** The same for the functions of this account and region; null for none of their own. */
    public InstanceSurroundings in(Scope owner) {
        return new InstanceSurroundings(output, clock, environment.in(owner));
    }

    /** The name of an instance's log, as Lambda makes them. */
    public String newLogStream(FunctionVersion version) {
        return LocalDate.now(clock.withZone(ZoneOffset.UTC)).format(LOG_STREAM_DATE) + "/[" + version.version() + "]"
                + String.format("%016x%016x", System.identityHashCode(new Object()), System.nanoTime());
    }
}
