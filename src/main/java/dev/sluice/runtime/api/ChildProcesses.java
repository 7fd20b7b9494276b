package dev.sluice.runtime.api;

import dev.sluice.runtime.process.RuntimeProcess;
import dev.sluice.runtime.process.RuntimeProcesses;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How is a process of a function started, and given its events over the Lambda Runtime API? Thread-safe; single-use. Nothing is
 * started before the first process. {@link #close} ends all processes within about a second.
 */
public final class ChildProcesses implements RuntimeProcesses, AutoCloseable {

    private static final Duration KILL_PATIENCE = Duration.ofMillis(500);

    private final RuntimeApiServer server = new RuntimeApiServer();
    private final Set<ChildProcess> running = ConcurrentHashMap.newKeySet();
    private boolean closed;

    @Override
    public RuntimeProcess start(Launch launch, Output output) throws IOException {
        Exchange exchange = new Exchange();
        RuntimeApiPort port = server.open(exchange);
        Process process = null;
        ChildProcess child = null;
        boolean watched = false;
        try {
            OptionalLong before = ProcessTable.now();
            process = Command.start(launch, port.address());
            String name = launch.function() + ", process " + process.pid();
            ProcessFamily family = new ProcessFamily(process.toHandle(), Command.ADDRESS + "=" + port.address(), before);
            child = new ChildProcess(process, exchange, new ProcessOutput(process, output, name), family, port, server::after);
            child.watch(name, running::remove);
            watched = true;
        } finally {
            if (!watched) {
                if (process != null) {
                    process.destroyForcibly();
                }
                port.close();
            }
        }
        return added(child);
    }

    /** How many processes there are of which anything is left. */
    int running() {
        return running.size();
    }

    int openPorts() {
        return server.openPorts();
    }

    private RuntimeProcess added(ChildProcess child) throws IOException {
        synchronized (this) {
            if (!closed) {
                running.add(child);
                if (child.hasEnded()) {
                    running.remove(child);
                }
                return child;
            }
        }
        child.kill();
        throw new IOException("no process can be started any more: the server is being closed");
    }

    /** Asks all processes to end, and kills those that haven't half a second later. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        running.forEach(ChildProcess::stop);
        await(Duration.ofMillis(ChildProcess.STOP_MILLIS));
        running.forEach(ChildProcess::kill);
        await(KILL_PATIENCE);
        server.close();
    }

    private void await(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        for (ChildProcess child : running) {
            child.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }
}
