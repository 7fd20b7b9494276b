package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.FleetView;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** How do the pollers of mappings in Queue mode consume: from share groups, and in which number? Thread-safe. */
public interface ShareConsumption {

    /**
     * What the pollers of one generation of a mapping have in common.
     *
     * @param admins asked what no consumer can tell
     * @param more called on a poller's thread when {@link Lanes#wanted} has grown
     */
    Lanes begin(EventSourceMapping mapping, Admins admins, Runnable more);

    /** The pollers of one generation. Thread-safe. */
    interface Lanes {

        /** How many pollers there are to be; those that there were before and that have nothing to do keep their threads, without a consumer. */
        int wanted();

        /** What the lanes say of their partitions, as {@link Session#partitions} has it, with where the group stands in them. */
        List<FleetView.PartitionDetail> described(Brokers brokers, List<FleetView.PartitionDetail> held);

        /** The next session of one poller, with a consumer of its own. @param within what the brokers get for an answer */
        Session session(Poller poller, Brokers brokers, Duration within);
    }

    /**
     * One poller as its sessions see it.
     *
     * @param number counted from 0 within the mapping
     * @param stopping whether it is to stop, and needs no answer any more
     */
    record Poller(int number, Fact.Listener facts, BooleanSupplier stopping) {
    }
}
