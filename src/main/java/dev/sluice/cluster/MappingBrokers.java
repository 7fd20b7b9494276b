package dev.sluice.cluster;

import dev.sluice.mapping.EventSourceMapping;
import java.util.Optional;

/**
 * Which brokers does a mapping's source mean, and with which credentials? Asked before each consumer is made, on a thread of its own that nobody
 * waits for with a lock, so it may ask another system; interrupted when the poller stops. Thread-safe.
 */
@FunctionalInterface
public interface MappingBrokers {

    SourceBrokers of(EventSourceMapping mapping) throws InterruptedException;

    /** Whether these brokers, as far as is known, let a member of a group keep its name when it comes back (Kafka 2.3, KIP-345). */
    default boolean takesStaticMembers(Brokers brokers) {
        return true;
    }

    /** A session with these brokers ended in this failure: what was found out about them may be so no more. */
    default void failed(Brokers brokers, Throwable failure) {
        // Most find it out anew each time.
    }

    /** Whether a client made for these brokers should give way to one with newer credentials. Never asks anybody. */
    default boolean outdated(Brokers brokers) {
        return false;
    }

    /** A client of these brokers was let in. */
    default void worked(Brokers brokers) {
        // Most have nothing to remember.
    }

    /** Why a client of these brokers, which has no connection, should not go on trying; empty when it may. */
    default Optional<String> wrongListener(Brokers brokers) {
        return Optional.empty();
    }
}
