package dev.sluice.server;

import dev.sluice.cluster.ClusterConfiguration;
import dev.sluice.cluster.SourcePattern;
import dev.sluice.credential.CredentialReader;
import dev.sluice.function.Isolation;
import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.KafkaSource.ConsumptionMode;
import dev.sluice.mapping.SettingsRequest;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.mapping.SourceRequest;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.NearestName;
import dev.sluice.resource.Tags;
import dev.sluice.runtime.instance.SharedEnvironment;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what the file declares: clusters, functions, mappings. Confined to one thread. */
final class DeclarationReader {

    private static final Logger LOG = LoggerFactory.getLogger(DeclarationReader.class);

    private final ConfigSection root;
    private final Path directory;
    private final boolean relaxed;
    private final Set<String> functionNames = new LinkedHashSet<>();

    /** @param directory where relative paths start */
    DeclarationReader(ConfigSection root, Path directory, boolean relaxed) {
        this.root = root;
        this.directory = directory;
        this.relaxed = relaxed;
    }

    List<ClusterConfiguration> clusters() {
        List<ClusterConfiguration> clusters = new ArrayList<>();
        for (ConfigSection section : root.items("clusters")) {
            List<SourcePattern> match = new ArrayList<>();
            section.read("arn", DeclarationReader::mskArn).flatMap(SourcePattern::parse).ifPresent(match::add);
            section.values("match", DeclarationReader::sourcePattern).ifPresent(match::addAll);
            Optional<List<String>> brokers = section.readList("bootstrapServers", ValueReader::brokers);
            if (!section.has("bootstrapServers")) {
                section.problem("bootstrapServers", "is missing; a cluster needs it");
            }
            var properties = section.pairs("properties");
            if (!ClusterConfiguration.logInReadable(properties)) {
                section.problem("properties.sasl.jaas.config", "can't be read; allowed is MODULE required username=\"…\" password=\"…\";"
                        + " where MODULE is Kafka's log-in module with its package");
            }
            misspelt(section, properties);
            String advertise = section.readList("advertise", ValueReader::brokers).map(servers -> String.join(",", servers)).orElse(null);
            SecurityProtocol listener = listener(section, properties);
            List<SourceAccessConfiguration> accesses = accesses(section);
            section.rejectOtherKeys();
            brokers.ifPresent(
                    servers -> clusters.add(new ClusterConfiguration(match, servers, properties, advertise, listener, accesses)));
        }
        return clusters;
    }

    /** Null when it is not said. */
    private static SecurityProtocol listener(ConfigSection cluster, Map<String, String> properties) {
        SecurityProtocol listener = cluster.read("listener", ValueReader::listener).orElse(null);
        String protocol = properties.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        if (listener != null && protocol != null && !listener.name.equalsIgnoreCase(protocol.strip())) {
            cluster.problem("listener",
                    "is '" + listener.name.toLowerCase(Locale.ROOT) + "', and properties.security.protocol is '" + protocol
                            + "'; allowed is one of the two, or the same in both");
        }
        return listener;
    }

    private static List<SourceAccessConfiguration> accesses(ConfigSection cluster) {
        List<SourceAccessConfiguration> accesses = SettingsDeclaration.sourceAccess(cluster);
        if (accesses == null) {
            return List.of();
        }
        for (SourceAccessConfiguration access : accesses) {
            if (!CredentialReader.reads(access)) {
                cluster.problem("sourceAccessConfigurations", "has type '" + access.type() + "'; allowed are " + CredentialReader.ALLOWED);
            } else if (access.uri() == null) {
                cluster.problem("sourceAccessConfigurations", "has no uri for " + access.type() + ", which needs one");
            }
        }
        return accesses;
    }

    /** A name that is nearly one of Kafka's is refused; another may be of a class that somebody has brought along. */
    private static void misspelt(ConfigSection cluster, Map<String, String> properties) {
        for (String name : ClusterConfiguration.unknownProperties(properties)) {
            Optional<String> near = NearestName.of(name, ClusterConfiguration.knownProperties())
                    .filter(known -> Math.abs(known.length() - name.length()) <= 2);
            if (near.isPresent()) {
                cluster.problem("properties." + name, "is no setting of Kafka's clients; did you mean '" + near.get() + "'?");
            } else {
                LOG.warn("clusters: {} is no setting of Kafka's own clients; it is handed to them as it is", name);
            }
        }
    }

    private static SourcePattern sourcePattern(String text) throws BadValueException {
        return SourcePattern.parse(text).orElseThrow(() -> new BadValueException(text,
                "the ARN of an MSK cluster or HOST:PORT of a broker, each with * for any characters"));
    }

    ServerConfig.Declarations declarations(SharedEnvironment environment, Isolation isolation) {
        ServerConfig.Runtimes runtimes = RuntimesDeclaration.read(root, directory, isolation);
        FunctionDeclaration function = new FunctionDeclaration(directory);
        List<ServerConfig.DeclaredFunction> functions = new ArrayList<>();
        root.named("functions").forEach((name, section) -> {
            functionNames.add(name);
            function.read(name, section).ifPresent(functions::add);
        });
        List<ServerConfig.DeclaredMapping> mappings = new ArrayList<>();
        root.named("mappings").forEach((name, section) -> mapping(name, section).ifPresent(mappings::add));
        return new ServerConfig.Declarations(environment, runtimes, functions, mappings);
    }

    /** Those of all functions that were read, also of what is wrong. */
    Set<String> functionNames() {
        return Collections.unmodifiableSet(functionNames);
    }

    private Optional<ServerConfig.DeclaredMapping> mapping(String name, ConfigSection section) {
        Optional<FunctionReference> function = section.read("function", DeclarationReader::functionReference);
        if (!section.has("function")) {
            section.problem("function", "is missing; a mapping needs it");
        }
        String arn = section.read("eventSourceArn", DeclarationReader::mskArn).orElse(null);
        List<String> brokers = section.readList("bootstrapServers", ValueReader::brokers).orElse(null);
        if (section.has("eventSourceArn") == section.has("bootstrapServers")) {
            section.problem(null, "needs exactly one of eventSourceArn, bootstrapServers");
        }
        List<String> topics = topics(section);
        StartingPosition position = startingPosition(section);
        ConsumptionMode mode = section.read("consumptionMode", DeclarationReader::consumptionMode).orElse(null);
        Boolean enabled = section.read("enabled", ValueReader::trueOrFalse).orElse(null);
        String groupId = section.read("consumerGroupId", ValueReader::text).orElse(null);
        boolean joinForeignGroups = section.read("joinForeignGroups", ValueReader::trueOrFalse).orElse(false);
        SettingsRequest settings = SettingsDeclaration.read(section);
        Tags tags = tags(section);
        section.rejectOtherKeys();
        SourceRequest source = new SourceRequest(arn, brokers, topics, SourceRequest.Position.of(position), groupId, mode);
        return function.map(reference -> new ServerConfig.DeclaredMapping(name,
                new EventSourceMappings.Create(reference, source, enabled, settings, tags, joinForeignGroups)));
    }

    private static Tags tags(ConfigSection section) {
        try {
            return new Tags(section.pairs("tags"));
        } catch (Tags.Refused refused) {
            section.problem("tags", refused.getMessage());
            return Tags.NONE;
        }
    }

    private List<String> topics(ConfigSection section) {
        Optional<List<String>> many = section.texts("topics");
        Optional<String> one = section.read("topic", ValueReader::text);
        if (section.has("topics") == section.has("topic")) {
            section.problem(null, "needs exactly one of topic, topics");
        }
        List<String> topics = many.orElseGet(() -> one.map(List::of).orElse(List.of()));
        if (many.isPresent() && (topics.isEmpty() || topics.size() > 1 && !relaxed)) {
            section.problem("topics", "has " + topics.size() + " topics; allowed is 1, as on AWS (relaxed: true lifts this)");
        }
        for (String topic : topics) {
            if (!topic.matches("[a-zA-Z0-9._-]{1,249}") || topic.startsWith(".") || topic.length() < 2 && !relaxed) {
                section.problem(many.isPresent() ? "topics" : "topic", "is '" + topic
                        + "'; allowed are 2 to 249 letters, digits, ., _ and -, not beginning with a .");
            }
        }
        return topics;
    }

    private static StartingPosition startingPosition(ConfigSection section) {
        Optional<StartingPosition.Type> type =
                section.read("startingPosition", ValueReader.oneOf(StartingPosition.Type.class));
        Optional<Instant> timestamp = section.read("startingPositionTimestamp", DeclarationReader::instant);
        boolean wantsTimestamp = type.isPresent() && type.get() == StartingPosition.Type.AT_TIMESTAMP;
        if (wantsTimestamp != section.has("startingPositionTimestamp")) {
            section.problem("startingPositionTimestamp", wantsTimestamp ? "is missing; AT_TIMESTAMP needs it"
                    : "goes with startingPosition: AT_TIMESTAMP and with nothing else");
            return null;
        }
        if (type.isEmpty() || wantsTimestamp && timestamp.isEmpty()) {
            return null;
        }
        return new StartingPosition(type.get(), timestamp.orElse(null));
    }

    private static FunctionReference functionReference(String text) throws BadValueException {
        return FunctionReference.parse(text).orElseThrow(() -> new BadValueException(text, "a function's name or ARN"));
    }

    private static ConsumptionMode consumptionMode(String text) throws BadValueException {
        try {
            return ConsumptionMode.of(text);
        } catch (IllegalArgumentException unknown) {
            throw new BadValueException(text, "Stream, Queue");
        }
    }

    private static String mskArn(String text) throws BadValueException {
        if (!text.matches(EventSource.MSK_ARN)) {
            throw new BadValueException(text, "the ARN of an MSK cluster, arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/ID");
        }
        return text;
    }

    private static Instant instant(String text) throws BadValueException {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException bad) {
            throw new BadValueException(text, "a time such as 2026-01-31T12:00:00Z");
        }
    }
}
