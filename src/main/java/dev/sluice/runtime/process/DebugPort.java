package dev.sluice.runtime.process;

import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Can the JVM of a function wait for its debugger? One that finds its port taken ends at once, which would look like the end of a function
 * that has failed. Stateless.
 */
final class DebugPort {

    /** The process before it was killed a moment ago. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private DebugPort() {
    }

    static void awaitFree(FunctionVersion version) throws NotRunnableException {
        int port = version.settings().local().debugPort();
        long begun = System.nanoTime();
        while (true) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
                return;
            } catch (IOException taken) {
                if (System.nanoTime() - begun >= PATIENCE_NANOS || Thread.currentThread().isInterrupted()) {
                    throw new NotRunnableException("port " + port + ", at which function " + version.function()
                            + " waits for a debugger, is taken by another program; stop that, or give another debugPort", taken);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
