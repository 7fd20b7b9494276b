package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import dev.sluice.mapping.FleetView;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What is asked about consumer groups from outside of them. Thread-safe. Throws what Kafka's Admin throws, and
 * {@link org.apache.kafka.common.errors.WakeupException} when the caller has given up meanwhile.
 */
interface Groups {

    /**
     * A live member, or a static one whose session has not timed out yet.
     *
     * @param instanceId null for a dynamic member
     */
    record Member(String clientId, String instanceId, String host) {
    }

    /** How long an answer may take, and whether the caller has lost interest in it. */
    record Patience(Duration within, BooleanSupplier givenUp) {
    }

    /** The members of a group; empty when there is no such group. */
    List<Member> members(Brokers brokers, String group, Patience patience);

    /** Which member of a group has which partition; empty when there is no such group. */
    List<FleetView.Elsewhere> holders(Brokers brokers, String group, Patience patience);

    /** Ends the membership of static members. */
    void remove(Brokers brokers, String group, Collection<String> instanceIds, Patience patience);

    /** The hosts that the brokers advertise. */
    List<String> advertisedHosts(Brokers brokers, Patience patience);
}
