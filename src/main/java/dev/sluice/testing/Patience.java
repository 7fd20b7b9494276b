package dev.sluice.testing;

import java.time.Duration;
import java.util.Arrays;

/** How long is waited for something when a test doesn't say? Ten seconds, or what {@code -Dsluice.patience} says; an hour under a debugger. */
final class Patience {

    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final Duration DEBUGGED = Duration.ofHours(1);

    private Patience() {
    }

    static Duration usual() {
        String said = System.getProperty("sluice.patience");
        if (said != null) {
            return Duration.ofSeconds(Long.parseLong(said));
        }
        // The JVM's own arguments, without the module java.management, which a test on the module path need not have.
        boolean debugged = ProcessHandle.current().info().arguments()
                .filter(arguments -> Arrays.stream(arguments)
                        .anyMatch(argument -> argument.startsWith("-agentlib:jdwp") || argument.startsWith("-Xrunjdwp")))
                .isPresent();
        return debugged ? DEBUGGED : USUAL;
    }
}
