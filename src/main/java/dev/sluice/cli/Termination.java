package dev.sluice.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * Ends the JVM in order, with status 0, when it is told to by SIGTERM or SIGINT. Thread-safe, single-use.
 *
 * <p>A JVM that a signal ends has status 143 or 130 unless a shutdown hook halts it with another; a hook needs no access to
 * signals, which the JDK has no supported interface for.
 */
final class Termination {

    /** Docker kills after 10 s; within 8 s everything is over. */
    private static final long LIMIT_SECONDS = 8;

    private final Runnable closing;
    private final PrintStream err;
    private volatile boolean begun;
    private volatile boolean over;

    private Termination(Runnable closing, PrintStream err) {
        this.closing = closing;
        this.err = err;
    }

    /** @param closing called once, on a thread of its own, when the JVM is told to end */
    static Termination onSignal(Runnable closing, PrintStream err) {
        Termination termination = new Termination(closing, err);
        Runtime.getRuntime().addShutdownHook(new Thread(termination::terminate, "sluice-termination"));
        return termination;
    }

    /** Whether a signal came. */
    boolean begun() {
        return begun;
    }

    /** The command ends by itself, with a status of its own. */
    void over() {
        over = true;
    }

    private void terminate() {
        if (over) {
            return;
        }
        begun = true;
        Thread thread = new Thread(closing, "sluice-closing");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            err.println("sluice: closing took longer than " + LIMIT_SECONDS + " s; what is in flight is delivered again at the next start");
        }
        err.flush();
        Runtime.getRuntime().halt(0);
    }
}
