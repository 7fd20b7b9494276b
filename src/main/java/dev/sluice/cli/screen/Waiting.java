package dev.sluice.cli.screen;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Tells somebody who watches, every few seconds, that a command still waits for its answer; says nothing into a pipe. Stateless. */
public final class Waiting {

    private static final int SECONDS = 5;

    private Waiting() {
    }

    /** The answer, or what asking throws. @param what such as "the function runs" */
    public static <T> T during(Supplier<T> asking, Terminal terminal, String what) {
        CountDownLatch over = new CountDownLatch(1);
        if (terminal.screen().columns() > 0) {
            Thread thread = new Thread(() -> tell(over, terminal, what), "sluice-waiting");
            thread.setDaemon(true);
            thread.start();
        }
        try {
            return asking.get();
        } finally {
            over.countDown();
        }
    }

    private static void tell(CountDownLatch over, Terminal terminal, String what) {
        try {
            for (int seconds = SECONDS; !over.await(SECONDS, TimeUnit.SECONDS); seconds += SECONDS) {
                terminal.err().println("sluice: " + what + ", for " + seconds + " s now");
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
