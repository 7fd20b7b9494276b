package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.FleetView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All pollers of one generation of a mapping: one at first, and once it is in its group, so that the starting positions are fixed and
 * the partitions known, as many more as the mapping has, one for each partition at most. Thread-safe; {@code this} guards the fields
 * and is not held while the owner hears of the end. Single-use: {@link #start}, {@link #stop}.
 */
final class Pollers {

    private static final Logger LOG = LoggerFactory.getLogger(Pollers.class);

    private final EventSourceMapping mapping;
    private final IntFunction<Membership> memberships;
    private final PollerContext context;
    private final ByCluster<PollLoop.Shared> shared;
    private final MergedFacts facts;
    private final Runnable exited;
    /** Null in Stream mode. */
    private final ShareConsumption.Lanes lanes;

    private final List<PollLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private int running;
    private boolean stopping;

    /**
     * @param memberships as whom the poller of a number joins, counted from 0
     * @param exited called once, when the last poller has ended, on its thread
     */
    Pollers(EventSourceMapping mapping, IntFunction<Membership> memberships, PollerContext context, ByCluster<LeaseTable> leases,
            Fact.Listener listener, Runnable exited) {
        this.mapping = mapping;
        this.memberships = memberships;
        this.context = context;
        BrokerPatience patience = new BrokerPatience(context.settings().brokerTimeout());
        FilterNotice filterNotice = new FilterNotice(mapping);
        this.shared = new ByCluster<>((brokers, first) -> {
            if (!first) {
                LOG.warn(
                        "Mapping {} polls another cluster now, {}: what is known of positions, and of what is being delivered, is not of it",
                        mapping.id(), brokers.bootstrapServers());
            }
            boolean applied = first && mapping.status().startingPositionApplied();
            return new PollLoop.Shared(leases.of(brokers), new StartingOffsets(mapping, applied, patience, context.nanos()), patience,
                    filterNotice);
        });
        this.facts = new MergedFacts(listener, this::grow);
        this.exited = exited;
        this.lanes = mapping.source().isQueue() ? context.shares().begin(mapping, context.admins(), () -> grow(0)) : null;
    }

    EventSourceMapping mapping() {
        return mapping;
    }

    /** Null while no brokers are known. */
    synchronized String bootstrapServers() {
        return loops.get(0).bootstrapServers();
    }

    /** Empty while no brokers are known. */
    synchronized Optional<Brokers> brokers() {
        return loops.get(0).brokers();
    }

    /** Starts the first poller; throws an OutOfMemoryError when there is no thread for it, and nothing runs then. */
    synchronized void start() {
        launch();
        if (lanes != null) {
            grow(0);
        }
    }

    /** Stops all after what is under way, within the settings' stop timeout. */
    void stop() {
        stop(context.settings().stopTimeout());
    }

    /** Stops all after what is under way, {@code within} this time. */
    synchronized void stop(Duration within) {
        stopping = true;
        loops.forEach(loop -> loop.stop(within));
    }

    /** The threads to wait for. */
    synchronized List<Thread> threads() {
        return List.copyOf(threads);
    }

    /** Ends every backoff now; one answer from each poller that has a consumer. */
    synchronized List<CompletableFuture<Boolean>> retryNow() {
        return loops.stream().flatMap(loop -> loop.retryNow().stream()).toList();
    }

    /** Goes on without the records that fail; one answer from each poller that has a consumer. */
    synchronized List<CompletableFuture<Integer>> skip() {
        return loops.stream().flatMap(loop -> loop.skip().stream()).toList();
    }

    /** Where the partitions stand; one answer from each poller that has a consumer. */
    synchronized List<CompletableFuture<List<FleetView.PartitionDetail>>> partitions() {
        return loops.stream().flatMap(loop -> loop.partitions().stream()).toList();
    }

    /** With what the brokers say where those of share groups stand. */
    List<FleetView.PartitionDetail> described(List<FleetView.PartitionDetail> held) {
        return lanes == null ? held : brokers().map(known -> lanes.described(known, held)).orElse(held);
    }

    /** @param partitions of no meaning in Queue mode */
    private synchronized void grow(int partitions) {
        int wanted = lanes == null ? Math.min(mapping.settings().pollers(), partitions) : lanes.wanted();
        try {
            while (!stopping && loops.size() < wanted) {
                launch();
                if (lanes == null) {
                    LOG.info("Mapping {} has {} pollers for {} partitions", mapping.id(), loops.size(), partitions);
                }
            }
        } catch (OutOfMemoryError noThread) { // the partitions are told again soon, and those pollers that run serve all of them
            LOG.error("No thread for poller {} of mapping {}", loops.size(), mapping.id(), noThread);
        }
    }

    private void launch() {
        int number = loops.size();
        PollLoop loop = new PollLoop(new PollLoop.Generation(mapping, shared, lanes), memberships.apply(number), context, facts.of(number),
                this::ended);
        Thread thread = context.faults().thread("poller-" + mapping.id() + (number == 0 ? "" : "-" + number), loop);
        thread.start();
        loops.add(loop);
        threads.add(thread);
        running++;
    }

    private void ended() {
        boolean last;
        synchronized (this) {
            running--;
            last = running == 0;
        }
        if (last) {
            exited.run();
        }
    }
}
