package dev.sluice.runtime.api;

import dev.sluice.runtime.process.AttachPoint;
import dev.sluice.runtime.process.AttachPoints;
import dev.sluice.runtime.process.RuntimeProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At which ports do processes that the user started himself speak the Lambda Runtime API? Thread-safe; single-use. Nothing listens
 * before the first function.
 */
public final class AttachedProcesses implements AttachPoints, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AttachedProcesses.class);
    private static final String LOOPBACK = "127.0.0.1";

    private final RuntimeApiServer server = new RuntimeApiServer();
    private final String host;
    private final RememberedPorts ports;
    private final AttachPatience patience;

    /**
     * @param host on which it listens; localhost for this machine only
     * @param ports the file that keeps the functions' ports, as they are in somebody's run configurations; made when missing
     */
    public AttachedProcesses(String host, Path ports) {
        this(host, ports, AttachPatience.DEFAULT);
    }

    AttachedProcesses(String host, Path ports, AttachPatience patience) {
        this.host = host.equals("localhost") ? LOOPBACK : host;
        this.ports = new RememberedPorts(ports);
        this.patience = patience;
    }

    @Override
    public synchronized AttachPoint open(String function) throws IOException {
        SharedExchange exchange = new SharedExchange(function, server::after, System::nanoTime, patience);
        int before = ports.of(function);
        RuntimeApiPort port = listen(function, exchange, before);
        try {
            if (port.number() != before) {
                ports.remember(function, port.number());
            }
            return new Point(exchange, port, shown() + ":" + port.number());
        } catch (IOException e) {
            port.close();
            throw e;
        }
    }

    private RuntimeApiPort listen(String function, SharedExchange exchange, int before) throws IOException {
        if (before != 0) {
            try {
                return server.open(exchange, host, before);
            } catch (IOException e) {
                LOG.warn("Function {} can't have port {} again, which it had before, and gets another: {}", function, before,
                        e.getMessage());
            }
        }
        return server.open(exchange, host, 0);
    }

    /** An address that is one on this machine, and in brackets when it needs them. */
    private String shown() {
        boolean any = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        return any ? LOOPBACK : host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** Frees all ports. Idempotent. */
    @Override
    public void close() {
        server.close();
    }

    private record Point(SharedExchange exchange, RuntimeApiPort port, String address) implements AttachPoint {

        @Override
        public RuntimeProcess.Result invoke(RuntimeProcess.Event event) {
            return exchange.invoke(event);
        }

        @Override
        public void withdraw(String why) {
            exchange.withdraw(why);
        }

        @Override
        public void release(String why) {
            exchange.release(why);
        }

        @Override
        public void close() {
            exchange.close("its port is closed");
            port.close();
        }
    }
}
