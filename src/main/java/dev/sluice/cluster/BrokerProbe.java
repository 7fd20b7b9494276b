package dev.sluice.cluster;

import dev.sluice.cluster.ProbeResult.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataResponse;

/**
 * Why can't a cluster be used? Asks from here, step by step: does a bootstrap address accept connections, does it speak Kafka and
 * take our credentials, do the brokers it advertises accept connections, do the topics exist. Thread-safe; runs on the caller's thread
 * and takes no longer than the timeout.
 */
public final class BrokerProbe {

    private final Listeners listeners;
    private final BiConsumer<Brokers, RuntimeException> refused;

    /** @param listeners asked before any of Kafka's clients is let near a port */
    public BrokerProbe(Listeners listeners) {
        this(listeners, listeners::failed);
    }

    /** @param access asked before any of Kafka's clients is let near a port, and told of a refused log-in */
    public BrokerProbe(BrokerAccess access) {
        this(access.clusters().listeners(), access::failed);
    }

    private BrokerProbe(Listeners listeners, BiConsumer<Brokers, RuntimeException> refused) {
        this.listeners = listeners;
        this.refused = refused;
    }

    /** Why no client may be made for these brokers, as {@link Listeners#problem}; asks once, until a connection fails. */
    public Optional<String> wrongListener(Brokers brokers, Duration timeout) {
        return listeners.problem(brokers, timeout);
    }

    /** Asks about the brokers and, when not empty, about {@code topics}, which are never created by asking. */
    public ProbeResult probe(Brokers brokers, List<String> topics, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<String> bootstrap = Arrays.stream(brokers.bootstrapServers().split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
        // Two thirds for those that don't answer at all leave the rest for one that does.
        Map<String, String> problems = Reachability.problems(bootstrap, timeout.multipliedBy(2).dividedBy(3));
        List<String> answering = bootstrap.stream().filter(address -> problems.get(address).isEmpty()).toList();
        if (answering.isEmpty()) {
            return new ProbeResult(Kind.BOOTSTRAP_UNREACHABLE, "No broker can be reached at " + describe(problems));
        }
        ProbeResult last = null;
        for (String address : answering) {
            Brokers one = new Brokers(address, brokers.clientProperties());
            Optional<String> wrong = listeners.problem(one, left(deadline).dividedBy(2)); // what is silent leaves the rest to Kafka's client
            if (wrong.isPresent()) {
                last = new ProbeResult(Kind.WRONG_LISTENER, wrong.get());
                continue;
            }
            try {
                return examine(address, MetadataQuestion.ask(brokers, address, topics, left(deadline)), topics, deadline);
            } catch (AuthenticationException e) {
                refused.accept(brokers, e);
                return new ProbeResult(Kind.REFUSED, address + " refuses the connection: " + firstLine(e));
            } catch (MetadataQuestion.UnansweredException e) {
                listeners.failed(one);
                String logIn = listeners.missingLogIn(address, brokers, left(deadline)).orElse(null);
                last = new ProbeResult(logIn == null ? Kind.NOT_KAFKA : Kind.WRONG_LISTENER, logIn != null ? logIn
                        : address + " accepts connections, but did not answer as a Kafka broker does (" + firstLine(e)
                                + "); when it expects TLS or SASL, the cluster's client properties must say so");
            } catch (MetadataQuestion.UnusableSettingsException e) {
                return new ProbeResult(Kind.REFUSED, "The client properties for " + brokers.bootstrapServers()
                        + " can't be used: " + firstLine(e));
            }
        }
        return last;
    }

    private static ProbeResult examine(String address, MetadataResponse answer, List<String> topics, long deadline)
            throws InterruptedException {
        List<String> advertised = answer.brokers().stream().map(BrokerProbe::address).filter(broker -> !broker.equals(address)).toList();
        Map<String, String> problems = Reachability.problems(advertised, left(deadline));
        problems.values().removeIf(String::isEmpty);
        if (!problems.isEmpty()) {
            return new ProbeResult(Kind.ADVERTISED_UNREACHABLE, address + " answers, but the broker there advertises " + describe(problems)
                    + ", which can't be reached from here; give the broker a listener that advertises an address reachable from here"
                    + " (advertised.listeners; for the embedded broker --embedded-kafka-advertise)");
        }
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, Errors> error : answer.errors().entrySet()) {
            if (error.getValue() == Errors.UNKNOWN_TOPIC_OR_PARTITION) {
                missing.add(error.getKey());
            } else if (error.getValue() == Errors.TOPIC_AUTHORIZATION_FAILED || error.getValue() == Errors.INVALID_TOPIC_EXCEPTION) {
                return new ProbeResult(Kind.REFUSED, address + " answers, but refuses topic " + error.getKey() + ": "
                        + error.getValue().message());
            }
        }
        if (!missing.isEmpty()) {
            return new ProbeResult(Kind.TOPIC_MISSING, "The brokers at " + address + " can be reached, but have no topic "
                    + String.join(", ", missing));
        }
        return new ProbeResult(Kind.REACHABLE, "The brokers at " + address + " can be reached"
                + (topics.isEmpty() ? "" : " and have the topic " + String.join(", ", topics)));
    }

    private static String address(Node node) {
        return node.host().indexOf(':') >= 0 ? "[" + node.host() + "]:" + node.port() : node.host() + ":" + node.port();
    }

    private static String describe(Map<String, String> problems) {
        return problems.entrySet().stream().map(e -> e.getKey() + " (" + e.getValue() + ")").collect(Collectors.joining(", "));
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
    }

    private static String firstLine(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage().lines().findFirst().orElse("");
    }
}
