package dev.sluice.embedded;

import java.util.function.BiConsumer;

import kafka.server.FaultHandlerFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.apache.kafka.server.fault.LoggingFaultHandler;

/** What happens at a fault that Kafka calls fatal? It is reported, where the standard handler would end the process. */
final class BrokerFaults implements FaultHandlerFactory {
    private final BiConsumer<String, Throwable> onFatal;

    BrokerFaults(BiConsumer<String, Throwable> onFatal) {
        this.onFatal = onFatal;
    }

    @Override
    public FaultHandler build(String name, boolean fatal, Runnable action) {
        if (!fatal) {
            return new LoggingFaultHandler(name, action);
        }
        return (message, cause) -> {
            onFatal.accept(name + ": " + message, cause);
            action.run();
            return new FaultHandlerException(name + ": " + message, cause);
        };
    }
}
