package dev.sluice.mapping;

import java.util.List;

/**
 * Who watches the pollers at work: metrics and the system log. Calls arrive on the pollers' threads, often, and must not block. What
 * happens to a batch once it is formed, is not said here. Whoever wants to know only a part overrides only that.
 */
public interface PollerObserver {

    /** A poll brought {@code records}, of which {@code filteredOut} didn't pass the mapping's filters. */
    default void polled(EventSourceMapping mapping, int records, int filteredOut) {
        // Not everybody wants to know.
    }

    /** What of that poll didn't pass, where something didn't. */
    default void filteredOut(EventSourceMapping mapping, FilteredOut filteredOut) {
        // Not everybody wants to know.
    }

    /** Offsets were committed that are {@code records} further than those before. */
    default void committed(EventSourceMapping mapping, long records) {
        // Not everybody wants to know.
    }

    /** Polling failed; {@code errorCode} is the class name of Kafka's exception, as AWS logs it. */
    default void pollingFailed(EventSourceMapping mapping, String errorCode, String message) {
        // Not everybody wants to know.
    }

    default void commitFailed(EventSourceMapping mapping, String errorCode, String message) {
        // Not everybody wants to know.
    }

    /** A poller has joined its group, or a rebalance changed what it has. */
    default void assigned(EventSourceMapping mapping, PollerAssignment assignment) {
        // Not everybody wants to know.
    }

    /** Where the partitions of one poller stand, about once a second. */
    default void positions(EventSourceMapping mapping, int poller, List<PartitionPosition> positions) {
        // Not everybody wants to know.
    }

    /** A poller ended: what it said of its partitions holds no longer. */
    default void stopped(EventSourceMapping mapping, int poller) {
        // Not everybody wants to know.
    }

    /**
     * What one poller has of its group.
     *
     * @param poller counted from 0 within the mapping
     * @param securityProtocol Kafka's name, {@code PLAINTEXT} for example
     * @param saslMechanism null without SASL
     * @param totalPartitionCount partitions of all the mapping's topics
     * @param generation of the group
     */
    record PollerAssignment(int poller, String brokerEndpoints, String securityProtocol, String saslMechanism,
            int totalPartitionCount, int generation, List<Partition> partitions) {
        public PollerAssignment {
            partitions = List.copyOf(partitions);
        }
    }

    record Partition(String topic, int number) {
    }

    /**
     * Offsets of one partition, each the next one to come; -1 while unknown.
     *
     * @param end what the broker will write next
     * @param consumed what the poller will receive next
     * @param processed what the function will be handed next
     */
    record PartitionPosition(String topic, int partition, long end, long consumed, long processed, long committed) {
    }

    /** Watches nothing. */
    PollerObserver NONE = new PollerObserver() {
    };
}
