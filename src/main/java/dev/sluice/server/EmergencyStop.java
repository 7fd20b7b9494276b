package dev.sluice.server;

import dev.sluice.fault.FatalFaults;
import dev.sluice.fault.Fault;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How does a server end that can't go on? Waits for a fatal fault, says in one line what it was and which functions were running in this
 * JVM, and closes the server. There may be no memory for any of it, so each step is tried for a while. Single-use; thread-safe.
 */
final class EmergencyStop {

    private static final Logger LOG = LoggerFactory.getLogger(EmergencyStop.class);
    private static final int TRIES = 100;
    private static final long PAUSE_MILLIS = 20;

    private final FatalFaults faults;
    private final Function<String, List<String>> moveRunning;
    private final Runnable close;
    private final Thread thread;
    private volatile String reason;

    /**
     * @param moveRunning has the functions whose code runs in this JVM run elsewhere from the next start on, and answers their names
     * @param close closes the server
     */
    EmergencyStop(FatalFaults faults, Function<String, List<String>> moveRunning, Runnable close) {
        this.faults = faults;
        this.moveRunning = moveRunning;
        this.close = close;
        this.thread = new Thread(this::waitForFault, "sluice-emergency-stop");
        thread.setDaemon(true);
    }

    /** Waits from now on; a fault of before counts. */
    void start() {
        thread.start();
    }

    /** The server ends for another reason. */
    void cancel() {
        if (Thread.currentThread() != thread) {
            thread.interrupt();
        }
    }

    /** What the server didn't survive, in one line; null when there was no memory to say it. */
    String reason() {
        return reason;
    }

    private void waitForFault() {
        try {
            faults.await();
            end();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() throws InterruptedException {
        boolean told = false;
        List<String> functions = null;
        for (int i = 0; i < TRIES && !told; i++) {
            try {
                Fault fault = faults.first();
                functions = functions == null ? moveRunning.apply(fault.cause().toString()) : functions;
                reason = sentence(fault, functions);
                // Where the trouble is memory, the stack only says who asked last.
                LOG.error(reason, fault.cause() instanceof VirtualMachineError ? null : fault.cause());
                told = true;
            } catch (RuntimeException | Error noMemory) { // whatever it is: there is nobody left to tell it, and little time
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
        close.run();
    }

    static String sentence(Fault fault, List<String> functions) {
        String running = functions.isEmpty() ? "No function was running in this JVM"
                : "Running in this JVM: " + String.join(", ", functions);
        return "The server can't go on and ends: " + fault + ". " + running
                + ". What is in flight is delivered again at the next start";
    }
}
