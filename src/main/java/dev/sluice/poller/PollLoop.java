package dev.sluice.poller;

import dev.sluice.cluster.SourceBrokers;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FleetView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one poller of a mapping's generation: consumer after consumer until it is stopped, and what that means for the mapping.
 * The thread that runs it owns every consumer it makes; {@link #stop} and the questions may come from anywhere. Single-use.
 */
final class PollLoop implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(PollLoop.class);

    private static final long HEALTH_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long DIAGNOSIS_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final EventSourceMapping mapping;
    private final Membership membership;
    private final PollerContext context;
    private final Shared shared;
    private final LoopReports reports;
    private final Runnable exited;

    private volatile boolean stopping;
    /** The running session, for stop and questions; null while there is none. */
    private volatile PollSession session;
    private final Intermission intermission;

    // Confined to the loop's thread.
    private final GroupEntry group;
    private boolean started;
    private boolean announced;
    private boolean topicMissing;
    private boolean unreachable;
    private long startedAt;
    private long joinedAt;
    private long connectedAt;
    private long checkedAt;
    private long diagnosedAt;
    private String diagnosis = "";
    private long refusedSince = -1;
    private volatile Duration patience;

    /** What all pollers of a mapping have in common, each of them thread-safe. */
    record Shared(LeaseTable leases, StartingOffsets startingOffsets) {
    }

    /** @param exited called last, on the loop's thread */
    PollLoop(EventSourceMapping mapping, Membership membership, PollerContext context, Shared shared, LoopReports reports,
             Runnable exited) {
        this.mapping = mapping;
        this.membership = membership;
        this.context = context;
        this.shared = shared;
        this.reports = reports;
        this.exited = exited;
        this.intermission = new Intermission(context.nanos());
        this.group = new GroupEntry(mapping, membership, context, () -> stopping);
        this.patience = context.settings().stopTimeout();
    }

    /** Null when the configuration refuses the event source. */
    String bootstrapServers() {
        return membership.bootstrapServers();
    }

    /** Stops after what is under way, within the settings' stop timeout. Thread-safe. */
    void stop() {
        stop(context.settings().stopTimeout());
    }

    /** Stops after what is under way, {@code within} this time. Thread-safe. */
    void stop(Duration within) {
        patience = within;
        stopping = true;
        PollSession running = session;
        if (running != null) {
            running.interrupt();
        }
        intermission.end();
    }

    /** Ends every backoff now; empty when the loop has no consumer. Thread-safe. */
    Optional<CompletableFuture<Boolean>> retryNow() {
        return Optional.ofNullable(session).map(PollSession::retryNow);
    }

    /** Goes on without the records that fail; empty when the loop has no consumer. Thread-safe. */
    Optional<CompletableFuture<Integer>> skip() {
        return Optional.ofNullable(session).map(PollSession::skip);
    }

    /** Where the partitions stand; empty when the loop has no consumer. Thread-safe. */
    Optional<CompletableFuture<List<FleetView.PartitionDetail>>> partitions() {
        return Optional.ofNullable(session).map(PollSession::partitions);
    }

    @Override
    public void run() {
        startedAt = now();
        diagnosedAt = startedAt - DIAGNOSIS_INTERVAL_NANOS;
        boolean first = true;
        try {
            while (!stopping) {
                try {
                    if (membership.source() instanceof SourceBrokers.Refused refused) {
                        report(SourceProblem.configuration(refused.reason()));
                    } else {
                        runSession(first && mapping.generation() == 1 && !membership.resumed());
                    }
                } catch (Throwable failure) { // of the handling of another one: a mapping never ends without a word
                    log.error("Mapping {}: trying again", mapping.id(), failure);
                }
                first = false;
                if (!stopping && !intermission.pass()) {
                    stopping = true;
                }
            }
        } finally {
            try {
                context.observer().stopped(mapping, membership.id().number()); // also when there never was a consumer to say it
            } finally {
                exited.run();
            }
        }
    }

    private void runSession(boolean fresh) {
        PollSession running = null;
        try {
            Consumer<byte[], byte[]> consumer =
                    context.consumers().create(mapping, membership.brokers(), membership.id().instanceId());
            running = new PollSession(mapping, consumer, context, shared, group,
                    new PollSession.Announcements(membership.id().number(), membership.brokers(), reports));
            session = running;
            announced = false;
            if (stopping || !mayJoin(consumer)) {
                return;
            }
            running.open(fresh);
            connectedAt = now();
            while (!stopping) {
                running.runOnce();
                observe(running, consumer);
            }
        } catch (WakeupException | InterruptException stopped) {
            log.trace("Mapping {} was woken", mapping.id(), stopped);
        } catch (Throwable failure) { // also an OutOfMemoryError of a huge poll
            report(failure);
        } finally {
            session = null;
            if (running != null) {
                running.close(stopping ? patience : Duration.ZERO);
            }
        }
    }

    private boolean mayJoin(Consumer<byte[], byte[]> consumer) {
        group.clear(shared.startingOffsets().applied());
        Optional<SourceProblem> refusal = group.refusal(consumer);
        refusal.ifPresent(problem -> {
            reports.problem(problem);
            reportStartedInTime();
        });
        return refusal.isEmpty();
    }

    /** What the last round says about the source. */
    private void observe(PollSession running, Consumer<byte[], byte[]> consumer) {
        if (running.joined() && !announced) {
            announced = true;
            joinedAt = now();
            String missing = running.hasPartitions() ? null : running.missingTopic();
            topicMissing = missing != null;
            if (topicMissing) {
                reports.problem(SourceProblem.missingTopic(missing, bootstrapServers()));
            } else if (refusedSince < 0) {
                reports.sourceWorks();
            }
            reportStarted();
            tellPartitions(consumer);
        } else if (topicMissing && running.hasPartitions()) {
            topicFound();
        }
        if (now() - checkedAt >= HEALTH_INTERVAL_NANOS) {
            checkedAt = now();
            if (announced) {
                tellPartitions(consumer);
            }
            if (announced && checkedAt - joinedAt >= context.settings().brokerTimeout().toNanos()) {
                settled();
            }
            checkConnection(running, consumer);
        }
    }

    private void topicFound() {
        topicMissing = false;
        reports.sourceWorks();
    }

    /** The consumer has this at hand once it is in its group. */
    private void tellPartitions(Consumer<byte[], byte[]> consumer) {
        if (mapping.settings().pollers() > 1 && !topicMissing) {
            reports.topicPartitions(Mailbox.ignoringWakeups(() -> shared.startingOffsets().partitions(consumer)));
        }
    }

    /** A session has gone well for a while. One that may join but not read fails again sooner than that. */
    private void settled() {
        intermission.reset();
        diagnosis = "";
        diagnosedAt = now() - DIAGNOSIS_INTERVAL_NANOS;
        if (refusedSince >= 0) {
            refusedSince = -1;
            reports.sourceWorks();
        }
    }

    /** An idle consumer always has a connection open; without one for as long as AWS would wait, the brokers are gone. */
    private void checkConnection(PollSession running, Consumer<byte[], byte[]> consumer) {
        if (connections(consumer) > 0 && running.joined()) {
            connectedAt = checkedAt;
            if (topicMissing && running.missingTopic() == null) {
                topicFound(); // with its partitions at other members
            }
            if (unreachable) {
                unreachable = false;
                log.info("Mapping {}: {} answers again", mapping.id(), bootstrapServers());
                reports.sourceWorks();
            }
        } else if (checkedAt - connectedAt >= context.settings().brokerTimeout().toNanos()) {
            if (!unreachable || checkedAt - diagnosedAt >= DIAGNOSIS_INTERVAL_NANOS) {
                unreachable = true;
                reports.problem(SourceProblem.connection(connections(consumer) > 0
                        ? "group " + mapping.source().consumerGroupId() + " has not let this member in yet"
                        : diagnose("no connection to " + bootstrapServers())));
            }
            reportStarted();
        }
    }

    private static double connections(Consumer<byte[], byte[]> consumer) {
        for (var entry : consumer.metrics().entrySet()) {
            if (entry.getKey().name().equals("connection-count") && entry.getKey().group().equals("consumer-metrics")) {
                Metric metric = entry.getValue();
                return metric.metricValue() instanceof Number count ? count.doubleValue() : 0;
            }
        }
        return 0;
    }

    private void report(Throwable failure) {
        log.debug("Mapping {}", mapping.id(), failure);
        context.observer().pollingFailed(mapping, failure.getClass().getName(), failure.getMessage());
        report(SourceProblem.of(failure));
    }

    private void report(SourceProblem problem) {
        boolean refused = problem.reason() != null;
        if (refused && refusedSince < 0) {
            refusedSince = now();
        }
        reports.problem(refused || diagnosis.isEmpty() ? problem : SourceProblem.connection(diagnosis));
        reportStartedInTime();
        if (!refused) {
            // After the mapping is Enabled: looking for the cause takes a while.
            reports.problem(SourceProblem.connection(diagnose(problem.detail())));
        } else if (now() - refusedSince >= context.settings().accessPatience().toNanos()) {
            log.error("Mapping {} is disabled: {}", mapping.id(), problem.detail());
            reports.failed(problem.reason());
        }
    }

    /** A mapping that can't poll is Enabled all the same, once AWS would have waited long enough. */
    private void reportStartedInTime() {
        if (now() - startedAt >= context.settings().brokerTimeout().toNanos()) {
            reportStarted();
        }
    }

    private void reportStarted() {
        if (!started) {
            started = true;
            reports.started();
        }
    }

    /** Looks for the cause of a broken connection, now and then; {@code otherwise} when none was found. */
    private String diagnose(String otherwise) {
        if (now() - diagnosedAt >= DIAGNOSIS_INTERVAL_NANOS) {
            diagnosis = context.diagnosis().explain(membership.brokers());
            diagnosedAt = now();
        }
        return diagnosis.isEmpty() ? otherwise : diagnosis;
    }

    private long now() {
        return context.nanos().getAsLong();
    }
}
