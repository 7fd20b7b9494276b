package dev.sluice.runtime.instance;

import dev.sluice.invocation.ErrorDocument;
import dev.sluice.invocation.InvocationResult;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the code of an instance called {@code System.exit} or the like, and what does its call come to? As on Lambda, the instance
 * is dead then, whatever its code does next; the server and the other instances aren't. Thread-safe.
 */
public final class InstanceExit implements IntConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceExit.class);
    private static final int NONE = -1;

    private final String function;
    /** The first one, as the operating system reports it: 0 to 255. */
    private volatile int status = NONE;
    private volatile Running running;
    private final AtomicBoolean logged = new AtomicBoolean();

    private record Running(RunningCall call, Thread thread) {
    }

    public InstanceExit(String function) {
        this.function = function;
    }

    public boolean happened() {
        return status != NONE;
    }

    /** From now on an exit ends this call, which runs on this thread. */
    public void begin(RunningCall call) {
        running = new Running(call, Thread.currentThread());
    }

    public void end() {
        running = null;
    }

    /** Called by the function's code, on any thread. Throws always: no caller of exit expects it to return. */
    @Override
    public void accept(int asked) {
        synchronized (this) {
            if (status == NONE) {
                status = asked & 0xff;
            }
        }
        Running now = running;
        if (now == null || now.thread() != Thread.currentThread()) {
            endQuietly(Thread.currentThread(), HandlerExit.class);
        }
        if (now == null) {
            LOG.info("The code of function {} has ended its environment between two calls, with exit status {}", function, status);
        } else {
            // At once, as on Lambda: code that swallows what is thrown here may go on for as long as it likes.
            now.call().end(result(now.call()));
        }
        throw new HandlerExit(status);
    }

    /** The log gets it once: whoever exits and whoever runs the call both ask. */
    public InvocationResult result(RunningCall call) {
        return result(call, status == 0 ? null : "exit status " + status, logged.compareAndSet(false, true));
    }

    /**
     * AWS's words (recorded from Invoke).
     *
     * @param how null when there is nothing wrong with it but that it happened
     */
    public static InvocationResult result(RunningCall call, String how, boolean log) {
        String text = "RequestId: " + call.requestId() + " Error: Runtime exited "
                + (how == null ? "without providing a reason" : "with error: " + how);
        if (log) {
            call.log().error(text + "\nRuntime.ExitError");
        }
        return ErrorDocument.of("Runtime.ExitError", text);
    }

    /** A thread of the function that ends by an Error of ours has nothing to complain about. */
    public static void endQuietly(Thread thread, Class<? extends Error> by) {
        Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((ending, error) -> {
            if (!by.isInstance(error)) {
                before.uncaughtException(ending, error);
            }
        });
    }
}
