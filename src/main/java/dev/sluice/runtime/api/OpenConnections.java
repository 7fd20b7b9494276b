package dev.sluice.runtime.api;

import java.time.Duration;
import org.eclipse.jetty.io.Connection;

/** How many connections a port has; what a process sent before it ended is read when there is none. Thread-safe. */
final class OpenConnections implements Connection.Listener {

    private int open;

    @Override
    public synchronized void onOpened(Connection connection) {
        open++;
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        open--;
        notifyAll();
    }

    synchronized boolean awaitNone(Duration atMost) {
        return Uninterrupted.await(this, atMost, () -> open == 0);
    }
}
