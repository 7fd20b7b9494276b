package dev.sluice.poller;

import dev.sluice.cluster.BrokerAccess;
import dev.sluice.cluster.Brokers;
import dev.sluice.dispatch.DeliveryClock;
import dev.sluice.dispatch.Dispatcher;
import dev.sluice.fault.FatalFaults;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fleet;
import dev.sluice.mapping.FleetReports;
import dev.sluice.mapping.FleetView;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.PollerObserver;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All pollers of this server: a thread and a consumer each, one or more for each enabled mapping. Thread-safe. Construct, {@link
 * #reportTo}, use, {@link #close}; not to be used again.
 */
public final class KafkaFleet implements Fleet, FleetView {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaFleet.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** How long a question may wait for the poller's thread, which can be busy with a rebalance. */
    private static final long ANSWER_SECONDS = 2;
    private static final Comparator<PartitionDetail> BY_PARTITION =
            Comparator.comparing(PartitionDetail::topic).thenComparing(PartitionDetail::partition);
    private static final Duration LAST_COMMIT = Duration.ofMillis(2_500);

    private final BrokerAccess access;
    private final Admins admins;
    private final WrittenEnds ends;
    private final PollerContext context;
    private final String serverId;
    private final Instant opened;
    private final Map<MappingId, MappingLane> lanes = new ConcurrentHashMap<>();
    private final ReportQueue reporting;
    private volatile FleetReports reports;

    /**
     * As whom the fleet joins groups.
     *
     * @param serverId the data directory's id: part of every {@code group.instance.id}
     * @param clock what was last modified before the fleet was made was begun by an earlier run of the server
     */
    public record Identity(String serverId, Clock clock) {
    }

    /** Who explains what goes wrong, and who is told of what goes on. */
    public record Watchers(SourceDiagnosis diagnosis, PollerObserver observer, FatalFaults faults) {

        public Watchers(SourceDiagnosis diagnosis, PollerObserver observer) {
            this(diagnosis, observer, FatalFaults.unheard());
        }
    }

    /**
     * What becomes of batches.
     *
     * @param shares who polls for mappings in Queue mode
     * @param clock the dispatcher's
     */
    public record Delivering(Dispatcher dispatcher, ShareConsumption shares, DeliveryClock clock) {
    }

    public KafkaFleet(BrokerAccess access, Delivering delivering, Watchers watchers, Identity identity, PollerSettings settings) {
        this.access = access;
        this.admins = new Admins(access::outdated);
        access.onChange(admins::dropOutdated);
        this.ends = new WrittenEnds(admins, System::nanoTime);
        this.context = new PollerContext(access, Consumers.kafka(), new AdminGroups(admins), ends::of, delivering.dispatcher(),
                watchers.diagnosis(),
                watchers.observer(), settings, System::nanoTime, delivering.clock(), watchers.faults(),
                delivering.shares(), admins);
        this.reporting = new ReportQueue(watchers.faults(), System::nanoTime);
        this.serverId = identity.serverId();
        this.opened = identity.clock().instant();
    }

    /** Who hears what the pollers find out. Call once, before the first start. */
    public void reportTo(FleetReports listener) {
        reports = listener;
    }

    @Override
    public void start(EventSourceMapping mapping) {
        lane(mapping).start(mapping);
    }

    @Override
    public void stop(EventSourceMapping mapping) {
        lane(mapping).stop(mapping);
    }

    /** Ends the backoffs of every mapping of this function: its code or configuration changed. */
    public void functionChanged(String functionName) {
        for (MappingLane lane : lanes.values()) {
            lane.running().filter(pollers -> pollers.mapping().settings().functionArn().name().equals(functionName))
                    .ifPresent(Pollers::retryNow);
        }
    }

    @Override
    public boolean retryNow(MappingId id) {
        return pollers(id).map(Pollers::retryNow).map(KafkaFleet::answers).orElse(List.of()).contains(true);
    }

    @Override
    public int skip(MappingId id) {
        return pollers(id).map(Pollers::skip).map(KafkaFleet::answers).orElse(List.of()).stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public Optional<Detail> detail(MappingId id) {
        MappingLane lane = lanes.get(id);
        return lane == null ? Optional.empty() : lane.running().map(pollers -> {
            List<PartitionDetail> partitions = partitions(pollers);
            String group = pollers.mapping().source().consumerGroupId();
            FleetView.Last last = lane.last().orElse(null);
            List<FleetView.Elsewhere> elsewhere = partitions.isEmpty() && last == null
                    ? pollers.brokers().map(brokers -> elsewhere(brokers, pollers.mapping())).orElse(List.of()) : List.of();
            return new Detail(pollers.bootstrapServers(), group, last, partitions, elsewhere);
        });
    }

    /** Asked only when somebody looks, and nothing else says why nothing is read; empty when the brokers don't say it in time. */
    private List<FleetView.Elsewhere> elsewhere(Brokers brokers, EventSourceMapping mapping) {
        if (ends.silent(brokers)) {
            return List.of(); // who lists all mappings would wait for each
        }
        try {
            return context.groups().holders(brokers, mapping.source().consumerGroupId(), new Groups.Patience(LOOK, () -> false)).stream()
                    .filter(held -> mapping.source().topics().contains(held.topic()))
                    // It may have been assigned to this mapping's own pollers since they were asked.
                    .filter(held -> !held.clientId().equals(Consumers.clientId(mapping))).toList();
        } catch (KafkaException | IllegalStateException unknown) { // the latter of an Admin that is being closed
            LOG.debug("{} doesn't tell who is in group {}", brokers.bootstrapServers(), mapping.source().consumerGroupId(), unknown);
            ends.gaveNoAnswer(brokers);
            return List.of();
        }
    }

    private List<PartitionDetail> partitions(Pollers pollers) {
        List<PartitionDetail> partitions = pollers.described(answers(pollers.partitions()).stream().flatMap(List::stream).toList()).stream()
                .sorted(BY_PARTITION).toList();
        Map<TopicPartition, WrittenEnds.End> written = pollers.brokers().map(brokers -> ends.of(brokers,
                partitions.stream().map(KafkaFleet::name).toList())).orElse(Map.of());
        return partitions.stream().map(partition -> {
            WrittenEnds.End end = written.get(name(partition));
            return end == null ? partition : partition.written(end.written(), end.openTransaction());
        }).toList();
    }

    private static TopicPartition name(PartitionDetail partition) {
        return new TopicPartition(partition.topic(), partition.partition());
    }

    /** Stops every poller, {@code within} this time, and leaves the mappings' states as they are. */
    public void close(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        // The last commit and the leaving of the group take a moment after the wait for running invocations.
        Duration patience = shorter(context.settings().stopTimeout(), within.minus(LAST_COMMIT));
        List<Thread> threads = new ArrayList<>();
        for (MappingLane lane : lanes.values()) {
            threads.addAll(lane.close(patience));
        }
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
                if (thread.isAlive()) {
                    LOG.warn("{} did not stop in time; what it delivers now may be delivered again", thread.getName());
                }
            }
            lanes.values().forEach(lane -> reporting.add(lane::flushResults));
            if (!reporting.close(Duration.ofSeconds(1))) {
                LOG.warn("Not every processing result could be stored");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            admins.close();
        }
    }

    private MappingLane lane(EventSourceMapping mapping) {
        return lanes.computeIfAbsent(mapping.id(), id -> new MappingLane(reports, reporting, context, this::membership,
                () -> forget(id)));
    }

    private void forget(MappingId id) {
        lanes.remove(id);
        access.forget(id);
    }

    private static Duration shorter(Duration one, Duration other) {
        Duration shorter = one.compareTo(other) < 0 ? one : other;
        return shorter.isNegative() ? Duration.ZERO : shorter;
    }

    private Membership membership(EventSourceMapping mapping, int member) {
        return new Membership(new MemberId(serverId, mapping.id(), member), mapping.status().lastModified().isBefore(opened));
    }

    private Optional<Pollers> pollers(MappingId id) {
        return Optional.ofNullable(lanes.get(id)).flatMap(MappingLane::running);
    }

    /** Without those of pollers that had no time to answer, or ended instead. */
    private static <T> List<T> answers(List<CompletableFuture<T>> questions) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
        List<T> answers = new ArrayList<>();
        for (CompletableFuture<T> question : questions) {
            try {
                answers.add(question.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
            } catch (TimeoutException | ExecutionException e) {
                LOG.debug("A poller has not answered", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return answers;
            }
        }
        return answers;
    }
}
