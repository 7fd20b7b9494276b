package dev.sluice.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a log-in works here and not on AWS? Each version of credentials at each cluster is looked at once, by up to two connections;
 * brokers without any log-in are asked nothing. Thread-safe; asks on the caller's thread, without a lock.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-troubleshoot.html">Troubleshooting Kafka event source mappings</a>
 */
final class UnlikeAws {

    private static final Logger LOG = LoggerFactory.getLogger(UnlikeAws.class);

    private final Map<Brokers, CompletableFuture<List<String>>> known = new ConcurrentHashMap<>();

    /** A clause each; none when all is as on AWS, or nobody can tell now. */
    List<String> of(Brokers brokers, Duration timeout) throws InterruptedException {
        String protocol = Listeners.protocol(brokers).toUpperCase(Locale.ROOT);
        boolean sasl = protocol.startsWith("SASL_");
        boolean certificate = protocol.equals(SecurityProtocol.SSL.name) && showsCertificate(brokers);
        if (!sasl && !certificate) {
            return List.of();
        }
        CompletableFuture<List<String>> mine = new CompletableFuture<>();
        CompletableFuture<List<String>> others = known.putIfAbsent(brokers, mine);
        if (others != null) {
            return heard(others, timeout);
        }
        List<String> clauses = new ArrayList<>();
        try {
            if (protocol.equals(SecurityProtocol.SASL_PLAINTEXT.name)) {
                clauses.add("it logs in at " + brokers.bootstrapServers() + " without TLS; Lambda speaks SASL over TLS only");
            }
            String address = brokers.bootstrapServers().split(",")[0].strip();
            if (certificate && !CertificateQuestion.asksForOne(address, timeout)) {
                clauses.add(address + " does not ask for the client certificate that it shows; Lambda takes that for a failed log-in");
            }
            if (!MetadataQuestion.mayDescribeConfigs(brokers, address, timeout)) {
                clauses.add("its user has no DescribeConfigs of the cluster, which Lambda needs; with Kafka's tools:"
                        + " kafka-acls --add --allow-principal User:NAME --operation DescribeConfigs --cluster");
            }
        } catch (IOException | RuntimeException nothingLearnt) { // asked again by the next one
            LOG.debug("{} told nothing of what AWS would want", brokers, nothingLearnt);
            known.remove(brokers, mine);
        } finally {
            mine.complete(List.copyOf(clauses));
        }
        return clauses;
    }

    private static boolean showsCertificate(Brokers brokers) {
        Map<String, Object> settings = brokers.toClientSettings();
        return settings.containsKey(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG) || settings.containsKey(SslConfigs.SSL_KEYSTORE_KEY_CONFIG);
    }

    private static List<String> heard(CompletableFuture<List<String>> others, Duration timeout) throws InterruptedException {
        try {
            return others.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException unknown) {
            LOG.debug("Somebody else's question has told nothing", unknown);
            return List.of();
        }
    }

    /** Forgets what nobody uses any more. */
    void forget(Predicate<Brokers> outdated) {
        known.keySet().removeIf(outdated);
    }
}
