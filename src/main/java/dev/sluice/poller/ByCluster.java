package dev.sluice.poller;

import dev.sluice.cluster.BrokerAddresses;
import dev.sluice.cluster.Brokers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is known of the cluster that is polled, by partition and offset, which mean nothing on another one? Brokers are the same cluster
 * when they share an address, as AWS counts sources that are the same. What belongs to a cluster is kept, as an invocation may still
 * deliver from it, and a mapping may come back to it. Thread-safe; {@code this} guards the list.
 */
final class ByCluster<T> {

    /** Makes what belongs to a cluster that was not polled before. */
    interface Maker<T> {

        /** @param first whether it is the first of all */
        T make(Brokers brokers, boolean first);
    }

    private record Known<T>(Set<String> addresses, T value) {
    }

    private final Maker<T> maker;
    private final List<Known<T>> known = new ArrayList<>();

    ByCluster(Maker<T> maker) {
        this.maker = maker;
    }

    /** The same for the same cluster. */
    synchronized T of(Brokers brokers) {
        Set<String> addresses = BrokerAddresses.of(brokers.bootstrapServers());
        for (Known<T> each : known) {
            if (each.addresses.stream().anyMatch(addresses::contains)) {
                each.addresses.addAll(addresses); // brokers come and go
                return each.value;
            }
        }
        T value = maker.make(brokers, known.isEmpty());
        known.add(new Known<>(addresses, value));
        return value;
    }
}
