package dev.sluice.cluster;

import dev.sluice.cluster.ListenerQuestion.Heard;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * May a Kafka client be made for these brokers? Each port is asked what it speaks before the first client, and again once a connection
 * to it has failed; one that answered as configured is left alone. Thread-safe; asks on the caller's thread.
 */
public final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    /** JoinGroup takes the name of a static member from this version on, which came with Kafka 2.3 (KIP-345). */
    private static final short JOIN_GROUP = 11;
    private static final short JOIN_GROUP_WITH_NAME = 5;

    /** Addresses that answered as configured, with the protocol. */
    private final Set<String> asConfigured = ConcurrentHashMap.newKeySet();
    private final Set<String> withoutStaticMembers = ConcurrentHashMap.newKeySet();
    /** What each address answered last. */
    private final Map<String, String> heard = new ConcurrentHashMap<>();

    /** Why none may be made, as one sentence that names the setting; empty when one may, also where nobody answers. */
    public Optional<String> problem(Brokers brokers, Duration timeout) {
        SecurityProtocol protocol = known(brokers);
        if (protocol == null) {
            return Optional.empty(); // the client itself says that there is no such protocol
        }
        String problem = null;
        long deadline = System.nanoTime() + timeout.toNanos();
        for (String address : addresses(brokers)) {
            if (asConfigured.contains(key(address, protocol))) {
                return Optional.empty();
            }
            Heard answer = ListenerQuestion.ask(address, Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())));
            heard.put(address, text(answer));
            Optional<String> wrong = wrong(address, protocol, answer);
            if (answer instanceof Heard.Kafka kafka) {
                note(address, kafka.versions().getOrDefault(JOIN_GROUP, Short.MAX_VALUE) >= JOIN_GROUP_WITH_NAME);
            }
            if (wrong.isEmpty() && !(answer instanceof Heard.Nothing)) {
                asConfigured.add(key(address, protocol));
                return Optional.empty();
            }
            problem = problem == null ? wrong.orElse(null) : problem;
        }
        return Optional.ofNullable(problem);
    }

    /** Whether the first of these ports that answers takes Kafka's requests without TLS; empty when none answers. Asks each time. */
    Optional<Boolean> speakPlaintext(Brokers brokers, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (String address : addresses(brokers)) {
            if (asConfigured.contains(key(address, SecurityProtocol.SASL_PLAINTEXT))) {
                return Optional.of(true);
            } else if (asConfigured.contains(key(address, SecurityProtocol.SASL_SSL))) {
                return Optional.of(false);
            }
            Heard answer = ListenerQuestion.ask(address, Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())));
            if (!(answer instanceof Heard.Nothing)) {
                return Optional.of(answer instanceof Heard.Kafka);
            }
        }
        return Optional.empty();
    }

    /** What the ports of these brokers answered when they were asked last, in words, by address; those that were not are left out. */
    public Map<String, String> heard(Brokers brokers) {
        Map<String, String> answers = new LinkedHashMap<>();
        addresses(brokers).forEach(address -> Optional.ofNullable(heard.get(address)).ifPresent(text -> answers.put(address, text)));
        return answers;
    }

    /** Whether somebody has written down which security protocol it is. */
    public static boolean saysProtocol(Brokers brokers) {
        return brokers.clientProperties().containsKey(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
    }

    /** Which security protocol clients of these brokers are to speak, as it is written or by default. */
    public static String protocol(Brokers brokers) {
        return brokers.clientProperties().getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL);
    }

    private static String text(Heard heard) {
        if (heard instanceof Heard.Kafka) {
            return "Kafka in plaintext";
        }
        if (heard instanceof Heard.Other other) {
            return "no Kafka" + (other.beginning().isEmpty() ? "" : ": " + other.beginning());
        }
        return heard instanceof Heard.Tls ? "TLS" : "nothing";
    }

    private void note(String address, boolean staticMembers) {
        if (staticMembers) {
            withoutStaticMembers.remove(address);
        } else if (withoutStaticMembers.add(address)) {
            LOG.info(
                    "The brokers at {} are older than Kafka 2.3: consumers join as dynamic members, so that after a kill -9 their partitions"
                            + " wait until the session has ended",
                    address);
        }
    }

    /**
     * What log-in the port wants although none is configured, as one sentence; empty when it wants none, or doesn't tell. To be asked when the
     * configured kind has failed.
     */
    Optional<String> missingLogIn(String address, Brokers brokers, Duration timeout) {
        SecurityProtocol protocol = known(brokers);
        if (protocol != SecurityProtocol.PLAINTEXT && protocol != SecurityProtocol.SSL) {
            return Optional.empty();
        }
        List<String> mechanisms =
                ListenerQuestion.mechanisms(address, protocol == SecurityProtocol.SSL, timeout).stream().sorted().toList();
        return mechanisms.isEmpty() ? Optional.empty() : Optional.of(address + " wants a log-in (" + String.join(", ", mechanisms)
                + "), and security.protocol is " + protocol.name + "; set security.protocol: SASL_" + protocol.name
                + ", sasl.mechanism and sasl.jaas.config among the properties of its entry under clusters in sluice.yaml");
    }

    /** Something has failed so with them: what their ports speak is not known any more, unless they have refused a user. */
    public void failed(Brokers brokers, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SaslAuthenticationException || cause instanceof AuthorizationException) {
                return;
            }
            // Of a TLS port the client is the first who hears the broker's age.
            if (cause instanceof UnsupportedVersionException && String.valueOf(cause.getMessage()).contains("GroupInstanceId")) {
                addresses(brokers).forEach(address -> note(address, false));
            }
        }
        failed(brokers);
    }

    /** A connection to them has failed: what their ports speak is not known any more. */
    public void failed(Brokers brokers) {
        SecurityProtocol protocol = known(brokers);
        if (protocol != null) {
            addresses(brokers).forEach(address -> asConfigured.remove(key(address, protocol)));
        }
    }

    /** Whether these brokers are known to be too old for a static member of a group. */
    public boolean withoutStaticMembers(Brokers brokers) {
        return addresses(brokers).stream().anyMatch(withoutStaticMembers::contains);
    }

    private static Optional<String> wrong(String address, SecurityProtocol protocol, Heard heard) {
        boolean tls = protocol == SecurityProtocol.SSL || protocol == SecurityProtocol.SASL_SSL;
        String configured = "security.protocol is " + protocol.name;
        if (heard instanceof Heard.Tls && !tls) {
            return Optional.of(address + " speaks TLS, and " + configured + "; set security.protocol: "
                    + (protocol == SecurityProtocol.SASL_PLAINTEXT ? "SASL_SSL" : "SSL or SASL_SSL")
                    + " among the properties of its entry under clusters in sluice.yaml, or name the port that speaks plaintext");
        }
        if (heard instanceof Heard.Kafka && tls) {
            return Optional.of(address + " speaks Kafka without TLS, and " + configured + "; set security.protocol: "
                    + (protocol == SecurityProtocol.SASL_SSL ? "SASL_PLAINTEXT" : "PLAINTEXT or SASL_PLAINTEXT")
                    + " among the properties of its entry under clusters in sluice.yaml, or name the port that speaks TLS");
        }
        if (heard instanceof Heard.Other other) {
            return Optional.of(address + " accepts connections, but answers as no Kafka broker does"
                    + (other.beginning().isEmpty() ? "" : " (\"" + other.beginning() + "\")") + "; is it the port of another program?");
        }
        return Optional.empty();
    }

    /** Null for none that there is. */
    private static SecurityProtocol known(Brokers brokers) {
        try {
            return SecurityProtocol.forName(protocol(brokers).strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private static String key(String address, SecurityProtocol protocol) {
        return protocol.name + " " + address;
    }

    private static List<String> addresses(Brokers brokers) {
        return Arrays.stream(brokers.bootstrapServers().split(",")).map(String::strip).filter(address -> !address.isEmpty()).toList();
    }
}
