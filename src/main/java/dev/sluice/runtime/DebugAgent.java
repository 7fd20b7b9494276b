package dev.sluice.runtime;

import java.lang.management.ManagementFactory;

/** Is this JVM meant to be debugged? Asked late: loading the management classes costs start-up time. */
final class DebugAgent {

    static final boolean PRESENT = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .anyMatch(argument -> argument.contains("jdwp"));

    private DebugAgent() {
    }
}
