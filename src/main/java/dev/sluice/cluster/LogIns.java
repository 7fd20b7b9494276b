package dev.sluice.cluster;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * May anybody log in with these credentials now? Who wants to with a version that nobody has tried waits until one connection has, so that
 * twenty mappings with a wrong password are refused once, not twenty times; after two refusals of one version nobody tries it for a while:
 * brokers and directories lock accounts. Thread-safe; tries on the caller's thread, without a lock.
 */
final class LogIns {

    private static final Logger LOG = LoggerFactory.getLogger(LogIns.class);
    private static final int TRIES = 2;

    private final LongSupplier nanos;
    private final Duration pause;
    private final Predicate<String> mayHear;
    // Guarded by this.
    private final Map<Brokers, Known> known = new HashMap<>();

    /**
     * @param nanos a clock that never goes back
     * @param pause after two refusals
     * @param mayHear whether a credential of a secret may go to this host without TLS
     */
    LogIns(LongSupplier nanos, Duration pause, Predicate<String> mayHear) {
        this.nanos = nanos;
        this.pause = pause;
        this.mayHear = mayHear;
    }

    /** What is known of one version of credentials at one cluster. */
    private static final class Known {
        private boolean letIn;
        private int refusals;
        private long notBefore;
        private String refusal;
        private String elsewhere;
        private CompletableFuture<Void> trial;
    }

    /** Why nobody should log in so now; empty when one may, and when nobody can tell. */
    Optional<SourceBrokers> obstacle(Brokers brokers, Duration timeout) throws InterruptedException {
        if (!usesSasl(brokers)) {
            return Optional.empty();
        }
        CompletableFuture<Void> running;
        boolean mine = false;
        Known entry;
        synchronized (this) {
            entry = known.computeIfAbsent(brokers, unknown -> new Known());
            if (entry.letIn) {
                return elsewhere(entry);
            }
            if (entry.refusals >= TRIES && nanos.getAsLong() - entry.notBefore < 0) {
                return refused(entry);
            }
            if (entry.trial == null) {
                entry.trial = new CompletableFuture<>();
                entry.refusal = null;
                mine = true;
            }
            running = entry.trial;
        }
        if (mine) {
            tryOnce(brokers, entry, timeout);
        } else {
            await(running, timeout);
        }
        synchronized (this) {
            return entry.refusal == null ? elsewhere(entry) : refused(entry);
        }
    }

    private static Optional<SourceBrokers> refused(Known entry) {
        return Optional.of(new SourceBrokers.Failed(new SaslAuthenticationException(entry.refusal)));
    }

    private static Optional<SourceBrokers> elsewhere(Known entry) {
        return Optional.ofNullable(entry.elsewhere).map(SourceBrokers.Refused::new);
    }

    private void tryOnce(Brokers brokers, Known entry, Duration timeout) {
        String refusal = null;
        boolean answered = false;
        String elsewhere = null;
        try {
            List<String> addresses = Arrays.stream(brokers.bootstrapServers().split(",")).map(String::strip).toList();
            for (String address : addresses) {
                try {
                    MetadataResponse answer =
                            MetadataQuestion.ask(brokers, address, List.of(), timeout.dividedBy(addresses.size()));
                    answered = true;
                    elsewhere = unheard(brokers, answer);
                    break;
                } catch (SaslAuthenticationException e) {
                    refusal = String.valueOf(e.getMessage());
                    break;
                } catch (RuntimeException nothingLearnt) { // the client that is made next says it better
                    LOG.debug("{} told nothing of a log-in", address, nothingLearnt);
                }
            }
        } finally {
            CompletableFuture<Void> trial;
            synchronized (this) {
                if (refusal != null) {
                    note(entry, refusal);
                } else if (answered) {
                    entry.letIn = true;
                    entry.refusals = 0;
                    entry.refusal = null;
                    entry.elsewhere = elsewhere;
                }
                trial = entry.trial;
                entry.trial = null;
            }
            trial.complete(null);
        }
    }

    /** The brokers that would hear the credential of a secret and must not; null when there are none. */
    private String unheard(Brokers brokers, MetadataResponse answer) {
        if (brokers.credentials() == null || !Listeners.protocol(brokers).equals(SecurityProtocol.SASL_PLAINTEXT.name)) {
            return null;
        }
        String hosts = answer.brokers().stream().map(Node::host).filter(host -> !mayHear.test(host)).distinct()
                .collect(Collectors.joining(", "));
        return hosts.isEmpty() ? null : "The brokers at " + brokers.bootstrapServers() + " advertise " + hosts
                + ", and nobody logs in there without TLS: it is neither this machine nor named in sluice.yaml";
    }

    private static void await(CompletableFuture<Void> trial, Duration timeout) throws InterruptedException {
        try {
            trial.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException unknown) {
            LOG.debug("Somebody else's log-in has told nothing", unknown);
        }
    }

    /** Somebody was refused. */
    synchronized void refused(Brokers brokers, SaslAuthenticationException failure) {
        if (usesSasl(brokers)) {
            note(known.computeIfAbsent(brokers, unknown -> new Known()), String.valueOf(failure.getMessage()));
        }
    }

    /** Called with the lock. */
    private void note(Known entry, String refusal) {
        entry.letIn = false;
        entry.refusal = refusal;
        entry.refusals++;
        if (entry.refusals >= TRIES) {
            entry.notBefore = nanos.getAsLong() + pause.toNanos();
        }
    }

    /** Forgets what nobody uses any more. */
    synchronized void forget(Predicate<Brokers> outdated) {
        known.keySet().removeIf(outdated);
    }

    private static boolean usesSasl(Brokers brokers) {
        return Listeners.protocol(brokers).toUpperCase(Locale.ROOT).startsWith("SASL_");
    }
}
