package dev.sluice.poller;

import dev.sluice.cluster.MappingBrokers;
import dev.sluice.cluster.SourceBrokers;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Trouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks which brokers a mapping's source means, and waits for the answer no longer than its poller polls: who asks may hang in another system that
 * hears no interrupt, and must not hold up the poller's stop. {@link #end} is thread-safe, the rest is the poller's own; {@code this} guards
 * what both know. Single-use.
 */
final class BrokerLookup {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerLookup.class);

    private final EventSourceMapping mapping;
    private final MappingBrokers brokers;
    private boolean ended;
    private Thread asking;
    private SourceBrokers answer;
    private Throwable failure;

    BrokerLookup(EventSourceMapping mapping, MappingBrokers brokers) {
        this.mapping = mapping;
        this.brokers = brokers;
    }

    /** Null when the poller stops first, or this thread is interrupted, which it then still is. Not yet, when who is asked fails. */
    synchronized SourceBrokers next() {
        if (ended) {
            return null;
        }
        answer = null;
        failure = null;
        Thread thread = new Thread(this::ask, Thread.currentThread().getName() + "-brokers");
        thread.setDaemon(true);
        asking = thread;
        thread.start();
        try {
            while (!ended && answer == null && failure == null) {
                wait();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            return null;
        } finally {
            asking = null;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            LOG.debug("Mapping {}: its brokers", mapping.id(), failure);
            return new SourceBrokers.NotYet(Trouble.CONFIGURATION, "Its brokers could not be found out: " + failure.getMessage());
        }
        return answer;
    }

    private void ask() {
        SourceBrokers found = null;
        Throwable failed = null;
        try {
            found = brokers.of(mapping);
        } catch (Throwable e) { // for the poller's thread, which knows what to do
            failed = e;
        }
        synchronized (this) {
            if (asking == Thread.currentThread()) {
                answer = found;
                failure = failed;
                notifyAll();
            }
        }
    }

    /** The poller stops: nobody waits any more. */
    synchronized void end() {
        ended = true;
        if (asking != null) {
            asking.interrupt();
        }
        notifyAll();
    }
}
