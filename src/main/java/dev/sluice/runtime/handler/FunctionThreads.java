package dev.sluice.runtime.handler;

import dev.sluice.runtime.log.FunctionOutput;

/**
 * Who hears of what a thread of a function throws that nobody has caught? The default handler that the function's code has set, or its log,
 * as on Lambda; never the server's own handler, for which it would be the end of the server. The threads that run functions are in this
 * group, and so are those that they start. Thread-safe.
 */
public final class FunctionThreads extends ThreadGroup {

    public FunctionThreads() {
        super("functions");
    }

    /** Runs on the thread that ends. */
    @Override
    public void uncaughtException(Thread thread, Throwable error) {
        FunctionOutput output = OutputRouting.current();
        Thread.UncaughtExceptionHandler handler = output == null ? null : output.uncaught();
        if (handler != null) {
            handler.uncaughtException(thread, error);
        } else if (!(error instanceof ThreadDeath)) {
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            error.printStackTrace();
        }
    }
}
