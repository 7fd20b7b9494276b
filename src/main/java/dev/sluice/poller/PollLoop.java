package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.SourceBrokers;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.FleetView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one poller of a mapping's generation: consumer after consumer until it is stopped, and what that means for the mapping.
 * The thread that runs it owns every consumer it makes; {@link #stop} and the questions may come from anywhere. Single-use.
 */
final class PollLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);

    private final EventSourceMapping mapping;
    private final Membership membership;
    private final PollerContext context;
    private final ByCluster<Shared> shared;
    private final Fact.Listener facts;
    private final Runnable exited;

    private volatile boolean stopping;
    /** The running session, for stop and questions; null while there is none. */
    private volatile Session session;
    private final RestartBackoff backoff;
    private final BrokerLookup lookup;
    /** What running invocations get when the loop stops; set by whoever stops it. */
    private volatile Duration patience;

    // Confined to the loop's thread.
    private final SessionFactory sessions;
    private final SourceHealth health;
    private boolean draining;

    /** What all pollers of a mapping that poll one cluster have in common, each of them thread-safe. */
    record Shared(LeaseTable leases, StartingOffsets startingOffsets, BrokerPatience patience, FilterNotice filterNotice) {
    }

    /** What all pollers of a mapping's generation have in common. @param lanes null in Stream mode */
    record Generation(EventSourceMapping mapping, ByCluster<Shared> shared, ShareConsumption.Lanes lanes) {
    }

    /** @param exited called last, on the loop's thread */
    PollLoop(Generation generation, Membership membership, PollerContext context, Fact.Listener facts, Runnable exited) {
        this.mapping = generation.mapping();
        this.membership = membership;
        this.context = context;
        this.shared = generation.shared();
        this.facts = facts;
        this.exited = exited;
        this.backoff = new RestartBackoff(context.nanos());
        this.lookup = new BrokerLookup(mapping, context.brokers());
        this.sessions = generation.lanes() == null ? SessionFactory.ofStream(mapping, membership, context, facts, () -> stopping)
                : SessionFactory.ofQueue(generation.lanes(), membership, facts, () -> stopping);
        this.health = new SourceHealth(mapping, membership, context, facts, backoff);
        this.patience = context.settings().stopTimeout();
    }

    /** Null while no brokers are known. */
    String bootstrapServers() {
        return membership.bootstrapServers();
    }

    /** Empty while no brokers are known. */
    Optional<Brokers> brokers() {
        return membership.found();
    }

    /** Stops after what is under way, within the settings' stop timeout. Thread-safe. */
    void stop() {
        stop(context.settings().stopTimeout());
    }

    /** Stops after what is under way, {@code within} this time. Thread-safe. */
    void stop(Duration within) {
        patience = within;
        stopping = true;
        Session running = session;
        if (running != null) {
            running.interrupt();
        }
        lookup.end();
        backoff.end();
    }

    /** Ends every backoff now; empty when the loop has no consumer. Thread-safe. */
    Optional<CompletableFuture<Boolean>> retryNow() {
        return Optional.ofNullable(session).map(Session::retryNow);
    }

    /** Goes on without the records that fail; empty when the loop has no consumer. Thread-safe. */
    Optional<CompletableFuture<Integer>> skip() {
        return Optional.ofNullable(session).map(Session::skip);
    }

    /** Where the partitions stand; empty when the loop has no consumer. Thread-safe. */
    Optional<CompletableFuture<List<FleetView.PartitionDetail>>> partitions() {
        return Optional.ofNullable(session).map(Session::partitions);
    }

    @Override
    public void run() {
        boolean first = true;
        try {
            while (!stopping) {
                try {
                    next(first && mapping.generation() == 1 && !membership.resumed());
                } catch (Throwable failure) { // of the handling of another one: a mapping never ends without a word
                    context.faults().caughtAndDiscarded(failure);
                    LOG.error("Mapping {}: trying again", mapping.id(), failure);
                }
                first = false;
                if (!stopping && !backoff.pass()) {
                    stopping = true;
                }
            }
        } finally {
            health.close();
            try {
                context.observer().stopped(mapping, membership.id().number()); // also when there never was a consumer to say it
            } finally {
                exited.run();
            }
        }
    }

    /** Brokers and credentials are asked for anew each time: they may be made, mended or changed while the mapping polls. */
    private void next(boolean fresh) {
        SourceBrokers source = lookup.next();
        if (source == null) {
            return; // the poller stops
        }
        sayWhichAreNew(source);
        membership.found(source);
        source.<Runnable>match(brokers -> () -> runSession(shared.of(brokers), fresh),
                notYet -> () -> health.notBegun(SourceProblem.connection(notYet.trouble(), notYet.reason())),
                refused -> () -> health.problem(SourceProblem.configuration(refused.reason())),
                failed -> () -> health.failed(failed.cause())).run();
    }

    private void sayWhichAreNew(SourceBrokers source) {
        if (membership.id().number() == 0) {
            source.found().map(Brokers::bootstrapServers).filter(servers -> !servers.equals(membership.bootstrapServers()))
                    .ifPresent(
                            servers -> LOG.info("Mapping {} polls {} of {} as group {}", mapping.id(), mapping.source().topics(), servers,
                                    mapping.source().consumerGroupId()));
        }
    }

    private void runSession(Shared ofCluster, boolean fresh) {
        Session running = null;
        try {
            draining = false;
            running = sessions.begin(ofCluster);
            session = running;
            if (stopping || !mayBegin(running)) {
                return;
            }
            running.open(fresh);
            health.opened();
            while (!stopping && !running.over()) {
                running.runOnce();
                health.observe(running);
                drainIfOutdated(running);
            }
        } catch (WakeupException | InterruptException stopped) {
            LOG.trace("Mapping {} was woken", mapping.id(), stopped);
        } catch (Throwable failure) { // also an OutOfMemoryError of a huge poll
            ofCluster.patience().endedBy(failure);
            context.brokers().failed(membership.brokers(), failure);
            context.faults().caughtAndDiscarded(failure);
            health.failed(failure);
        } finally {
            session = null;
            if (running != null) {
                close(running);
            }
        }
    }

    private void close(Session running) {
        if (stopping || !draining) {
            running.close(stopping ? patience : Duration.ZERO);
        } else {
            running.handOver();
        }
    }

    /** A secret has another value: the next session logs in with it before anybody refuses the old one. */
    private void drainIfOutdated(Session running) {
        if (!draining && context.brokers().outdated(membership.brokers())) {
            LOG.info("Mapping {}: its credentials have changed; a new consumer takes over once what runs has ended", mapping.id());
            draining = true;
            running.drain();
        }
    }

    private boolean mayBegin(Session running) {
        Optional<SourceProblem> refusal = running.refusal();
        refusal.ifPresent(health::notBegun);
        return refusal.isEmpty();
    }
}
