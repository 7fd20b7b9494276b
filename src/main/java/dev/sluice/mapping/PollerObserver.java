package dev.sluice.mapping;

import java.util.List;

/**
 * Who watches the pollers at work: metrics and the system log. Calls arrive on the pollers' threads, often, and must not block. What
 * happens to a batch once it is formed, is not said here.
 */
public interface PollerObserver {

    /** A poll brought {@code records}, of which {@code filteredOut} didn't pass the mapping's filters. */
    void polled(EventSourceMapping mapping, int records, int filteredOut);

    /** What of that poll didn't pass, where something didn't. */
    void filteredOut(EventSourceMapping mapping, FilteredOut filteredOut);

    /** Offsets were committed that are {@code records} further than those before. */
    void committed(EventSourceMapping mapping, long records);

    /** Polling failed; {@code errorCode} is the class name of Kafka's exception, as AWS logs it. */
    void pollingFailed(EventSourceMapping mapping, String errorCode, String message);

    void commitFailed(EventSourceMapping mapping, String errorCode, String message);

    /** A poller has joined its group, or a rebalance changed what it has. */
    void assigned(EventSourceMapping mapping, PollerAssignment assignment);

    /** Where the partitions of one poller stand, about once a second. */
    void positions(EventSourceMapping mapping, int poller, List<PartitionPosition> positions);

    /** A poller ended: what it said of its partitions holds no longer. */
    void stopped(EventSourceMapping mapping, int poller);

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
        @Override
        public void polled(EventSourceMapping mapping, int records, int filteredOut) {
        }

        @Override
        public void filteredOut(EventSourceMapping mapping, FilteredOut filteredOut) {
        }

        @Override
        public void committed(EventSourceMapping mapping, long records) {
        }

        @Override
        public void pollingFailed(EventSourceMapping mapping, String errorCode, String message) {
        }

        @Override
        public void commitFailed(EventSourceMapping mapping, String errorCode, String message) {
        }

        @Override
        public void assigned(EventSourceMapping mapping, PollerAssignment assignment) {
        }

        @Override
        public void positions(EventSourceMapping mapping, int poller, List<PartitionPosition> positions) {
        }

        @Override
        public void stopped(EventSourceMapping mapping, int poller) {
        }
    };
}
