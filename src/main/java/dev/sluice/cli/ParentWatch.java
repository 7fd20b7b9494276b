package dev.sluice.cli;

import java.util.concurrent.TimeUnit;

/**
 * Has the process that started this one ended? Looks four times a second: the end of a process that is no child of ours wakes nobody, and what
 * the JDK offers ({@link ProcessHandle#onExit}) looks every five seconds in the end. Single-use; ends with the JVM.
 */
final class ParentWatch {

    private static final long LOOK_MILLIS = 250;

    private final ProcessHandle parent;

    private ParentWatch(ProcessHandle parent) {
        this.parent = parent;
    }

    /** Of the process that is the parent now: who is orphaned has another one, or none. */
    static ParentWatch ofThisProcess() {
        return new ParentWatch(ProcessHandle.current().parent().orElseThrow(
                () -> CommandFailedException.failed("--exit-with-parent: no process is known to have started this one")));
    }

    boolean isAlive() {
        return parent.isAlive();
    }

    /** Runs {@code then} once, when it has ended. */
    void start(Runnable then) {
        Thread thread = new Thread(() -> {
            try {
                while (parent.isAlive()) {
                    TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                }
                then.run();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }, "sluice-parent");
        thread.setDaemon(true);
        thread.start();
    }
}
