package dev.sluice.poller;

import dev.sluice.dispatch.DeliveryClock;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.Trouble;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one poller knows of its source, and when it tells: that the group let it in, that the brokers can't be reached or refuse it, that
 * a topic is missing, and that each of these is over. Confined to the poller's thread.
 */
final class SourceHealth {

    private static final Logger LOG = LoggerFactory.getLogger(SourceHealth.class);

    private static final long HEALTH_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long DIAGNOSIS_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final EventSourceMapping mapping;
    private final Membership membership;
    private final PollerContext context;
    private final Fact.Listener facts;
    private final RestartBackoff backoff;
    /** Waits for the end of the patience with a refusal. */
    private final DeliveryClock.Waiter waiter;

    private final long startedAt;
    private boolean started;
    private boolean announced;
    private boolean topicMissing;
    private boolean unreachable;
    private long joinedAt;
    private long connectedAt;
    private long checkedAt;
    private long diagnosedAt;
    private String diagnosis = "";
    private boolean refusing;
    /** By the delivery clock; the rest is the brokers' time. */
    private long refusedSince;

    /** @param backoff the waits between two sessions, which begin anew when one has gone well */
    SourceHealth(EventSourceMapping mapping, Membership membership, PollerContext context, Fact.Listener facts,
            RestartBackoff backoff) {
        this.mapping = mapping;
        this.membership = membership;
        this.context = context;
        this.facts = facts;
        this.backoff = backoff;
        this.waiter = context.clock().waiter(backoff::skip);
        waiter.waitsUntil(Long.MAX_VALUE);
        this.startedAt = now();
        this.diagnosedAt = startedAt - DIAGNOSIS_INTERVAL_NANOS;
    }

    /** A session begins. */
    void opened() {
        announced = false;
        connectedAt = now();
    }

    /** A session was not begun: its group is not to be joined, or nobody knows its brokers yet. */
    void notBegun(SourceProblem problem) {
        waiter.waitsUntil(Long.MAX_VALUE);
        facts.tell(problem.fact());
        reportStartedInTime();
    }

    /** What the last round says about the source. */
    void observe(Session running) {
        if (running.joined() && !announced) {
            announced = true;
            waiter.waitsUntil(Long.MAX_VALUE);
            context.brokers().worked(membership.brokers());
            joinedAt = now();
            Session.MissingTopic missing = running.hasPartitions() ? null : running.missingTopic();
            topicMissing = missing != null;
            if (topicMissing) {
                facts.tell(SourceProblem.missingTopic(missing, membership.bootstrapServers()).fact());
            } else if (!refusing) {
                facts.tell(new Fact.SourceWorks());
            }
            reportStarted();
            tellPartitions(running);
        } else if (topicMissing && running.hasPartitions()) {
            topicFound();
        }
        if (now() - checkedAt >= HEALTH_INTERVAL_NANOS) {
            checkedAt = now();
            if (announced) {
                tellPartitions(running);
            }
            if (announced && checkedAt - joinedAt >= context.settings().brokerTimeout().toNanos()) {
                settled();
            }
            checkConnection(running);
        }
    }

    private void topicFound() {
        topicMissing = false;
        facts.tell(new Fact.SourceWorks());
    }

    /** The consumer has this at hand once it is in its group. */
    private void tellPartitions(Session running) {
        if (mapping.settings().pollers() > 1 && !topicMissing) {
            facts.tell(new Fact.TopicPartitions(running.topicPartitions()));
        }
    }

    /** A session has gone well for a while. One that may join but not read fails again sooner than that. */
    private void settled() {
        backoff.reset();
        diagnosis = "";
        diagnosedAt = now() - DIAGNOSIS_INTERVAL_NANOS;
        if (refusing) {
            refusing = false;
            facts.tell(new Fact.SourceWorks());
        }
    }

    /** An idle consumer always has a connection open; without one for as long as AWS would wait, the brokers are gone. */
    private void checkConnection(Session running) {
        if (running.connections() > 0 && running.joined()) {
            connectedAt = checkedAt;
            if (topicMissing && running.missingTopic() == null) {
                topicFound(); // with its partitions at other members
            }
            if (unreachable) {
                unreachable = false;
                LOG.info("Mapping {}: {} answers again", mapping.id(), membership.bootstrapServers());
                facts.tell(new Fact.SourceWorks());
            }
        } else if (checkedAt - connectedAt >= patience(running).toNanos()) {
            if (!unreachable || checkedAt - diagnosedAt >= DIAGNOSIS_INTERVAL_NANOS) {
                unreachable = true;
                facts.tell((running.connections() > 0
                        ? SourceProblem.connection(Trouble.NOT_LET_IN, "Group " + mapping.source().consumerGroupId()
                                + " has not let this member in yet: another one does not answer, or its coordinator is busy")
                        : SourceProblem.connection(diagnose("no connection to " + membership.bootstrapServers()))).fact());
                reportStarted();
                endAtWrongListener(running);
            }
            reportStarted();
        }
    }

    private Duration patience(Session running) {
        Duration within = context.settings().brokerTimeout();
        return running.connections() > 0 ? running.joinsWithin(within) : within;
    }

    /** A client would allocate a third of a gigabyte at each try for what a port of another kind sends (KAFKA-4090). */
    private void endAtWrongListener(Session running) {
        if (running.connections() == 0) {
            context.brokers().wrongListener(membership.brokers()).ifPresent(wrong -> {
                throw new KafkaException(wrong);
            });
        }
    }

    /** A session ended in a failure. */
    void failed(Throwable failure) {
        LOG.debug("Mapping {}", mapping.id(), failure);
        context.observer().pollingFailed(mapping, failure.getClass().getName(), failure.getMessage());
        if (SourceProblem.isFenced(failure)) {
            backoff.next(SourceProblem.AWAY_WHEN_FENCED);
        }
        problem(SourceProblem.of(failure));
    }

    /** Something stands between the mapping and its brokers. */
    void problem(SourceProblem problem) {
        boolean refused = problem.reason() != null;
        if (refused && !refusing) {
            refusing = true;
            refusedSince = context.clock().nanos();
        }
        long patience = context.settings().accessPatience().toNanos();
        boolean givesUp = refused && context.clock().nanos() - refusedSince >= patience;
        if (!givesUp) {
            waiter.waitsUntil(refused ? refusedSince + patience : Long.MAX_VALUE);
        }
        // Who knows the cause is not to be told another; and without brokers there is nothing to look at.
        boolean diagnosable = problem.trouble() == Trouble.BROKERS_UNREACHABLE && !refused && membership.found().isPresent();
        facts.tell((diagnosable && !diagnosis.isEmpty() ? SourceProblem.connection(diagnosis) : problem).fact());
        reportStartedInTime();
        if (diagnosable) {
            // After the mapping is Enabled: looking for the cause takes a while.
            facts.tell(SourceProblem.connection(diagnose(problem.detail())).fact());
        } else if (givesUp) {
            LOG.error("Mapping {} is disabled: {}; when that is mended: sluice mappings enable {}", mapping.id(), problem.detail(),
                    mapping.id());
            facts.tell(problem.failure());
        }
    }

    /** The poller ends. */
    void close() {
        waiter.close();
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
            facts.tell(new Fact.Started());
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
