package dev.sluice.cluster;

import dev.sluice.mapping.EventSourceMapping;

/**
 * Which brokers does a mapping's source mean, and with which credentials? Asked before each consumer is made, on a thread of its own that nobody
 * waits for with a lock, so it may ask another system; interrupted when the poller stops. Thread-safe.
 */
@FunctionalInterface
public interface MappingBrokers {

    SourceBrokers of(EventSourceMapping mapping) throws InterruptedException;
}
