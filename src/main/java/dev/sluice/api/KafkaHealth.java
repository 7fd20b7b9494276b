package dev.sluice.api;

/** Whether the default cluster's brokers answer. Thread-safe; neither call waits for a broker. */
public interface KafkaHealth {

    /** The addresses clients are told, {@code host:port,host:port}; empty when there is no default cluster. */
    String bootstrapServers();

    /** Whether a broker answered when last asked. */
    boolean up();
}
