package dev.sluice.credential;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;

/**
 * Which URLs may Kafka's own OAuth client ask for tokens and keys? Since Kafka 4.0 only those that a system property of the JVM lists, so that
 * nobody who may write client settings has the JVM ask wherever he likes; those of sluice.yaml are the user's own. Thread-safe.
 */
public final class TokenEndpoints {

    private static final String ALLOWED = BrokerSecurityConfigs.ALLOWED_SASL_OAUTHBEARER_URLS_CONFIG;

    private TokenEndpoints() {
    }

    /** Allows exactly these, besides those that are allowed already. */
    public static synchronized void allow(Collection<String> urls) {
        if (urls.isEmpty()) {
            return;
        }
        Set<String> allowed = new TreeSet<>(urls);
        Arrays.stream(System.getProperty(ALLOWED, "").split(",")).map(String::strip).filter(url -> !url.isEmpty()).forEach(allowed::add);
        System.setProperty(ALLOWED, allowed.stream().collect(Collectors.joining(",")));
    }
}
