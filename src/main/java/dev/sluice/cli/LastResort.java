package dev.sluice.cli;

import dev.sluice.server.Sluice;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Ends the JVM when a server that can't go on doesn't come to its end either: it says why and closes itself, for which there may be no
 * memory. Everything needed here is made beforehand. Thread-safe.
 */
final class LastResort {

    /** As long as a termination may take. */
    private static final long LIMIT_SECONDS = 8;
    private static final byte[] LAST_LINE = ("sluice: the server can't go on, and could not end in good order within " + LIMIT_SECONDS
            + " s; what is in flight is delivered again at the next start\n").getBytes(StandardCharsets.UTF_8);

    private final Sluice sluice;
    private final PrintStream err;

    private LastResort(Sluice sluice, PrintStream err) {
        this.sluice = sluice;
        this.err = err;
    }

    /** From now on the JVM ends, {@value #LIMIT_SECONDS} s after the server can't go on, whatever happens. */
    static void guard(Sluice sluice, PrintStream err) {
        Thread thread = new Thread(new LastResort(sluice, err)::waitForFault, "sluice-last-resort");
        thread.setDaemon(true);
        thread.start();
    }

    private void waitForFault() {
        try {
            sluice.awaitFault();
            TimeUnit.SECONDS.sleep(LIMIT_SECONDS);
            err.write(LAST_LINE, 0, LAST_LINE.length);
            err.flush();
        } catch (InterruptedException | OutOfMemoryError noMemory) {
            return;
        } finally {
            Runtime.getRuntime().halt(CommandFailedException.CAN_NOT_GO_ON);
        }
    }
}
