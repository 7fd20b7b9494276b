package dev.sluice.function;

import dev.sluice.mapping.Scope;
import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What do a function's instances live among? Immutable.
 *
 * @param output where they print
 * @param environment what they find in their environment
 * @param processes starts those that are processes
 * @param placement where Java code runs
 * @param commands what such a process runs
 */
record InstanceSurroundings(PrintStream output, Clock clock, SharedEnvironment environment, RuntimeProcesses processes,
        JavaPlacement.Rules placement, ProcessCommands commands) {

    private static final DateTimeFormatter LOG_STREAM_DATE = DateTimeFormatter.ofPattern("yyyy/MM/dd", Locale.ROOT);

    /** The same for the functions of this account and region; null for none of their own. */
    InstanceSurroundings in(Scope owner) {
        return new InstanceSurroundings(output, clock, environment.in(owner), processes, placement, commands);
    }

    /** The name of an instance's log, as Lambda makes them. */
    String newLogStream(FunctionVersion version) {
        return LocalDate.now(clock.withZone(ZoneOffset.UTC)).format(LOG_STREAM_DATE) + "/[" + version.version() + "]"
                + String.format("%016x%016x", System.identityHashCode(new Object()), System.nanoTime());
    }
}
