package dev.sluice.cluster;

import dev.sluice.credential.CredentialReader;
import dev.sluice.credential.Credentials;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.mapping.Trouble;
import dev.sluice.secret.Secrets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Which brokers may a client be made for, and with which credentials does it log in? Whoever makes one of Kafka's clients asks here first:
 * the directory says where, the secrets say as whom, the ports what they speak, and one connection whether they let us in. Thread-safe;
 * asks other systems, for seconds at most, and hears an interrupt.
 */
public final class BrokerAccess implements MappingBrokers {

    private static final Duration PORT_PATIENCE = Duration.ofSeconds(2);

    private final ClusterDirectory clusters;
    private final Secrets secrets;
    private final CredentialReader credentials;
    private final CredentialsNotice notice;
    private final LogIns logIns;
    private final UnlikeAws unlikeAws = new UnlikeAws();

    /** @param pause how long nobody logs in with what was refused twice @param nanos a clock that never goes back */
    public BrokerAccess(ClusterDirectory clusters, Secrets secrets, CredentialReader credentials, Duration pause, LongSupplier nanos) {
        this.clusters = Objects.requireNonNull(clusters, "clusters");
        this.secrets = Objects.requireNonNull(secrets, "secrets");
        this.credentials = Objects.requireNonNull(credentials, "credentials");
        this.notice = new CredentialsNotice(clusters);
        this.logIns = new LogIns(nanos, pause, host -> clusters.names(host) || LoopbackAddresses.all(List.of(host)));
        secrets.onChange(() -> {
            logIns.forget(this::outdated);
            unlikeAws.forget(this::outdated);
        });
    }

    /** Called when clients that exist may have outdated credentials; on any thread, for a moment. */
    public void onChange(Runnable listener) {
        secrets.onChange(listener);
    }

    public ClusterDirectory clusters() {
        return clusters;
    }

    @Override
    public SourceBrokers of(EventSourceMapping mapping) throws InterruptedException {
        ClusterDirectory.Meant meant = clusters.meant(mapping.source().eventSource()).orElse(null);
        if (meant == null) {
            return clusters.refused(mapping.source().eventSource());
        }
        List<SourceAccessConfiguration> own = mapping.settings().sourceAccessConfigurations();
        SourceBrokers brokers = open(meant, own);
        Brokers found = brokers.found().orElse(null);
        if (found != null) {
            notice.pollingStarts(mapping, use(meant, own));
            notice.clientIsMade(mapping, unlikeAws.of(found, PORT_PATIENCE));
        }
        return brokers;
    }

    /** Those of the default cluster, for who is no mapping. */
    public SourceBrokers ofDefaultCluster() throws InterruptedException {
        return open(new ClusterDirectory.Meant(clusters.defaultConfiguration(), true), List.of());
    }

    /** With whose credentials the mapping's clients log in; empty when its source means no cluster. */
    public Optional<CredentialUse> use(EventSourceMapping mapping) {
        return clusters.meant(mapping.source().eventSource()).map(meant -> use(meant, mapping.settings().sourceAccessConfigurations()));
    }

    private CredentialUse use(ClusterDirectory.Meant meant, List<SourceAccessConfiguration> own) {
        ClusterConfiguration cluster = meant.cluster();
        if (accesses(cluster, own).isEmpty()) {
            return CredentialUse.NONE;
        }
        if (cluster.logsInByProperties()) {
            return CredentialUse.PROPERTIES;
        }
        if (cluster.listener() == SecurityProtocol.PLAINTEXT) {
            return CredentialUse.PLAINTEXT;
        }
        return secrets.anySource() ? CredentialUse.SECRETS : CredentialUse.NOWHERE_TO_LOOK;
    }

    /** The mapping's own where it names a secret; else the cluster's. */
    private static List<SourceAccessConfiguration> accesses(ClusterConfiguration cluster, List<SourceAccessConfiguration> own) {
        List<SourceAccessConfiguration> all = CredentialReader.withSecrets(own).isEmpty() ? cluster.accesses() : own;
        return CredentialReader.withSecrets(all).isEmpty() ? List.of() : all;
    }

    private SourceBrokers open(ClusterDirectory.Meant meant, List<SourceAccessConfiguration> own) throws InterruptedException {
        CredentialUse use = use(meant, own);
        ClusterConfiguration cluster = meant.cluster();
        Brokers brokers = cluster.brokers();
        if (use != CredentialUse.SECRETS) {
            return checked(brokers, use == CredentialUse.NOWHERE_TO_LOOK
                    ? ". The secrets that its SourceAccessConfigurations name are not asked for, as sluice.yaml has neither secrets nor"
                            + " endpoints.secretsmanager"
                    : "");
        }
        List<SourceAccessConfiguration> accesses = cluster.listener() == SecurityProtocol.SSL
                ? accesses(cluster, own).stream().filter(access -> !CredentialReader.logsIn(access)).toList()
                : accesses(cluster, own);
        if (CredentialReader.withSecrets(accesses).isEmpty()) {
            return checked(brokers, "");
        }
        // Not in a lambda: asking may be interrupted.
        var answer = credentials.read(accesses);
        Optional<Credentials> read = answer.match(found -> Optional.of(found.credentials()), missing -> Optional.empty(),
                failed -> Optional.empty());
        if (read.isEmpty()) {
            return answer.match(found -> null, missing -> new SourceBrokers.Refused(missing.reason()),
                    failed -> new SourceBrokers.Failed(failed.cause()));
        }
        String hint = ". The log-in is that of " + read.get().name()
                + "; a listener of another kind is said by listener in the cluster's entry, and by listener: plaintext that no secret is"
                + " asked for";
        Optional<SecurityProtocol> spoken = spoken(meant, brokers, read.get());
        return spoken.isPresent() ? checked(brokers.with(read.get(), spoken.get()), hint)
                : new SourceBrokers.NotYet(Trouble.BROKERS_UNREACHABLE, "None of " + brokers.bootstrapServers()
                        + " answers, so that nobody knows yet whether the log-in is to be made over TLS (listener in the cluster's entry says"
                        + " it at once)");
    }

    /** Empty when it can't be known yet. */
    private Optional<SecurityProtocol> spoken(ClusterDirectory.Meant meant, Brokers brokers, Credentials read) {
        SecurityProtocol listener = meant.cluster().listener();
        if (listener != null) {
            return Optional.of(listener);
        }
        // On AWS every log-in is made over TLS. A broker of one's own machine, or one that sluice.yaml names, may have none.
        if (read.sasl() && (meant.named() || LoopbackAddresses.all(brokers))) {
            return clusters.listeners().speakPlaintext(brokers, PORT_PATIENCE).map(plaintext -> read.protocol(!plaintext));
        }
        return Optional.of(read.protocol(true));
    }

    /** @param hint what to add to a sentence of what is wrong */
    private SourceBrokers checked(Brokers brokers, String hint) throws InterruptedException {
        Optional<String> wrongListener = clusters.listeners().problem(brokers, PORT_PATIENCE);
        if (wrongListener.isPresent()) {
            return new SourceBrokers.NotYet(Trouble.WRONG_LISTENER, wrongListener.get() + hint);
        }
        Optional<SourceBrokers> obstacle = logIns.obstacle(brokers, PORT_PATIENCE);
        boolean refused = obstacle.isPresent() && obstacle.get().match(found -> false, notYet -> false, elsewhere -> false, failed -> true);
        if (refused && brokers.credentials() != null) {
            brokers.credentials().tried(secrets, true);
        }
        return obstacle.orElseGet(() -> new SourceBrokers.Found(brokers));
    }

    @Override
    public boolean takesStaticMembers(Brokers brokers) {
        return !clusters.listeners().withoutStaticMembers(brokers);
    }

    @Override
    public boolean outdated(Brokers brokers) {
        return brokers.credentials() != null && brokers.credentials().outdated(secrets);
    }

    @Override
    public void failed(Brokers brokers, Throwable failure) {
        clusters.listeners().failed(brokers, failure);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AuthenticationException && brokers.credentials() != null) {
                brokers.credentials().tried(secrets, true);
            }
            if (cause instanceof SaslAuthenticationException refused) {
                logIns.refused(brokers, refused);
            }
        }
    }

    @Override
    public void worked(Brokers brokers) {
        if (brokers.credentials() != null) {
            brokers.credentials().tried(secrets, false);
        }
    }

    @Override
    public Optional<String> wrongListener(Brokers brokers) {
        clusters.listeners().failed(brokers);
        return clusters.listeners().problem(brokers, PORT_PATIENCE);
    }

    /** The ARNs of the secrets that these and the clusters name. */
    public Set<String> secrets(Collection<EventSourceMapping> mappings) {
        return Stream
                .concat(clusters.accesses(), mappings.stream().flatMap(mapping -> mapping.settings().sourceAccessConfigurations().stream()))
                .filter(access -> access.uri() != null && CredentialReader.reads(access)).map(SourceAccessConfiguration::uri)
                .collect(Collectors.toSet());
    }

    /** The mapping is no more. */
    public void forget(MappingId mapping) {
        notice.forget(mapping);
    }
}
