package dev.sluice.poller;

import dev.sluice.credential.InvalidCertificateException;
import dev.sluice.credential.SecretsUnreachableException;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.StateTransitionReason;
import dev.sluice.mapping.Trouble;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/**
 * What is wrong between a mapping and its brokers, in AWS's words and in our own.
 *
 * @param trouble of what kind it is
 * @param lastProcessingResult the text AWS shows for this kind of problem; where AWS's text names no cause, ours follows it
 * @param detail the cause in full
 * @param reason the code that disables the mapping when the problem lasts; null when it is retried for ever
 */
public record SourceProblem(Trouble trouble, String lastProcessingResult, String detail, StateTransitionReason reason) {

    private static final Pattern CERTIFICATE_ALERT = Pattern.compile("Received fatal alert: \\w*(?:certificate|unknown_ca)");
    /** AWS's text as users reported it (pulumi-aws issue 1251). */
    private static final String CONNECTION_ERROR =
            "PROBLEM: Connection error. Please check your event source connection configuration.";

    /** AWS's text, as its labs' diagnosis of mappings has it. */
    private static final String SECRETS_UNREACHABLE = "PROBLEM: Connection error. Your event source VPC must be able to connect to Lambda"
            + " and STS, Secrets Manager (if event source authentication is required), and the OnFailure Destination (if one is configured).";

    /** Who comes last has the partitions, so that two servers that both come back at once take them from each other without end. */
    static final Duration AWAY_WHEN_FENCED = Duration.ofSeconds(30);
    private static final String FENCED = "Another server polls with this data directory's identity (is one of the two a copied directory?)"
            + " and has taken this one's place in the group; trying again in " + AWAY_WHEN_FENCED.toSeconds() + " s. End one of them, or"
            + " delete the file id in its data directory while it is stopped.";

    static SourceProblem of(Throwable cause) {
        if (isFenced(cause)) {
            return connection(Trouble.FENCED, FENCED);
        }
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof SslAuthenticationException) {
                boolean ours = refusesOurCertificate(t);
                return new SourceProblem(ours ? Trouble.CERTIFICATE_REFUSED : Trouble.BROKERS_NOT_TRUSTED,
                        ours ? "PROBLEM: Server failed to authenticate Lambda" : "PROBLEM: Lambda failed to authenticate server",
                        message(t),
                        StateTransitionReason.EVENT_SOURCE_AUTHN_ERROR);
            }
            if (t instanceof AuthenticationException) {
                return new SourceProblem(Trouble.LOG_IN_REFUSED, "PROBLEM: SASL authentication failed.", message(t),
                        StateTransitionReason.EVENT_SOURCE_AUTHN_ERROR);
            }
            // Since Kafka 4.0 an InvalidConfigurationException, which is asked for below.
            if (t instanceof AuthorizationException) {
                return new SourceProblem(Trouble.NOT_AUTHORIZED, "PROBLEM: Cluster failed to authorize Lambda.", message(t),
                        StateTransitionReason.EVENT_SOURCE_AUTHZ_ERROR);
            }
            if (t instanceof InvalidCertificateException || isUnusableStore(t)) {
                return new SourceProblem(Trouble.CERTIFICATE_UNUSABLE, "PROBLEM: Provided certificate or private key is invalid",
                        message(t),
                        StateTransitionReason.ESM_CONFIG_NOT_VALID);
            }
            if (t instanceof ConfigException) {
                return configuration(message(t));
            }
            if (t instanceof SecretsUnreachableException) {
                return new SourceProblem(Trouble.SECRETS_UNREACHABLE, SECRETS_UNREACHABLE + " " + message(t), message(t), null);
            }
        }
        return connection(message(cause));
    }

    /** What Kafka's DefaultSslEngineFactory throws of keys and stores that it can't read; it has no type for it. */
    private static boolean isUnusableStore(Throwable t) {
        return t instanceof InvalidConfigurationException || t instanceof KafkaException
                && String.valueOf(t.getMessage()).matches("(?s)Failed to (?:load|initialize) .*(?:[Kk]ey|[Tt]rust) ?[Ss]tore.*");
    }

    /** That it stands between the mapping and its brokers. */
    Fact.Problem fact() {
        return new Fact.Problem(trouble, lastProcessingResult, detail);
    }

    /** That it disables the mapping; only of one that has a reason. */
    Fact.Failed failure() {
        return new Fact.Failed(reason, detail);
    }

    /** Whether another member has come into the group by our name. */
    static boolean isFenced(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof FencedInstanceIdException) {
                return true;
            }
        }
        return false;
    }

    /** AWS has no text of its own for a cluster that isn't there. */
    static SourceProblem configuration(String reason) {
        return new SourceProblem(Trouble.CONFIGURATION, CONNECTION_ERROR + " " + reason, reason,
                StateTransitionReason.ESM_CONFIG_NOT_VALID);
    }

    /** How AWS words trouble with a registry is not known. Records would reach the function as their registry's bytes. */
    static SourceProblem schemaRegistry() {
        String detail = "The mapping has a SchemaRegistryConfig, and Sluice can't use a schema registry yet. Take it away"
                + " (SchemaRegistryConfig: {}) and enable the mapping to have the records' bytes as they are.";
        return new SourceProblem(Trouble.SCHEMA_REGISTRY, "PROBLEM: " + detail, detail, StateTransitionReason.ESM_CONFIG_NOT_VALID);
    }

    public static SourceProblem connection(String detail) {
        return connection(Trouble.BROKERS_UNREACHABLE, detail);
    }

    /** One that is told as AWS tells a connection that isn't there. */
    static SourceProblem connection(Trouble trouble, String detail) {
        return new SourceProblem(trouble, CONNECTION_ERROR + " " + detail, detail, null);
    }

    /** AWS has no text of its own for this. */
    static SourceProblem unreadable(TopicPartition partition, long offset, String group, KafkaException failure) {
        String detail = partition + " can't be read from offset " + offset + " on, as what the brokers have there is damaged ("
                + message(failure.getCause() == null ? failure : failure.getCause())
                + "). Nothing is skipped: what comes before is delivered,"
                + " and so are other partitions. Once the brokers have an intact copy, 'sluice mappings retry UUID' reads it at once. To go on"
                + " without it, disable the mapping, set group " + group + " to an offset behind the damage (kafka-consumer-groups"
                + " --reset-offsets), and enable the mapping.";
        return new SourceProblem(Trouble.UNREADABLE, "PROBLEM: " + detail, detail, null);
    }

    /** AWS has no text of its own for a topic that doesn't exist. */
    static SourceProblem missingTopic(Session.MissingTopic topic, String bootstrapServers) {
        String detail = "Topic " + topic.name() + " does not exist on " + bootstrapServers + " yet."
                + (topic.near() == null ? "" : " Did you mean " + topic.near() + "?");
        return connection(Trouble.TOPIC_MISSING, detail);
    }

    /** RFC 8446, 6.2: bad_certificate, certificate_required and their like, and unknown_ca, are said of the receiver's certificate. */
    private static boolean refusesOurCertificate(Throwable handshake) {
        for (Throwable t = handshake; t != null; t = t.getCause()) {
            if (t instanceof SSLException && CERTIFICATE_ALERT.matcher(String.valueOf(t.getMessage())).find()) {
                return true;
            }
        }
        return false;
    }

    /** Nor has it one for this: Lambda joins any group. */
    static SourceProblem foreignMembers(String group, String bootstrapServers, String members) {
        return foreignMembers("Consumer group", "partitions", group, bootstrapServers, members);
    }

    /** @param kind of the group @param what joining it would take from them */
    public static SourceProblem foreignMembers(String kind, String what, String group, String bootstrapServers, String members) {
        return connection(Trouble.GROUP_IN_USE, kind + " " + group + " on " + bootstrapServers + " has " + members + " that "
                + "Sluice did not start here, and is not joined, as that would take " + what + " from them; joinForeignGroups allows it.");
    }

    private static String message(Throwable t) {
        Throwable root = t;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String own = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
        if (root instanceof NoSuchFileException) {
            return own + " (there is no file " + root.getMessage() + ")";
        }
        return root == t || root.getMessage() == null ? own : own + " (" + root.getMessage() + ")";
    }
}
