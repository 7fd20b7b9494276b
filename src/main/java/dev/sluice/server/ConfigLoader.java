package dev.sluice.server;

import dev.sluice.aws.AwsEndpoints;
import dev.sluice.embedded.BrokerSecurity;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.NearestName;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.instance.SharedEnvironment;
import dev.sluice.store.DataDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Reads one configuration from its sources. Single-use, confined to one thread. */
final class ConfigLoader {

    private static final String FUNCTION_ENVIRONMENT = "functionEnvironment";
    private static final String FUNCTION_VARIABLE_PREFIX = "SLUICE_FUNCTION_ENVIRONMENT_";
    /** Lambda's, of its API's model. */
    private static final String VARIABLE_NAME = "[a-zA-Z][a-zA-Z0-9_]+";

    private final ConfigSources sources;
    private final Problems problems = new Problems();
    private Path directory;
    private ConfigSection root;
    private final Map<String, ConfigSection> sections = new LinkedHashMap<>();

    ConfigLoader(ConfigSources sources) {
        this.sources = sources;
    }

    ServerConfig load() {
        openFile();
        rejectStrayFlags();
        rejectUnreadableVariables();
        ServerConfig.Http http = http();
        Path dataDir = path();
        Scope scope = new Scope(setting(Setting.ACCOUNT_ID, ValueReader::accountId), setting(Setting.REGION, ValueReader::region));
        ServerConfig.Aws aws = new ServerConfig.Aws(scope, setting(Setting.RELAXED, ValueReader::trueOrFalse), endpoints(),
                setting(Setting.ON_FAILURE_DROP_WHEN_UNAVAILABLE, ValueReader::trueOrFalse),
                setting(Setting.ON_FAILURE_ARCHIVE_AT_DELIVERY_LIMIT, ValueReader::trueOrFalse),
                setting(Setting.FILTERS_OTHER_FORMAT, ValueReader::otherFormat),
                SecretsDeclaration.read(root, directory, sources.environment()));
        DeclarationReader declarations = new DeclarationReader(root, directory, aws.relaxed());
        List<String> kafkaServers = brokers(Setting.KAFKA);
        ServerConfig.Kafka kafka = new ServerConfig.Kafka(kafkaServers, embeddedKafka(kafkaServers), declarations.clusters(),
                setting(Setting.STRICT_CLUSTERS, ValueReader::trueOrFalse),
                setting(Setting.JOIN_FOREIGN_GROUPS, ValueReader::trueOrFalse));
        ServerConfig.Timing timing = timing();
        ServerConfig.Declarations declared = declarations.declarations(new SharedEnvironment(scope, functionEnvironment()),
                setting(Setting.ISOLATION, ValueReader::isolation));
        rejectUnknownFunctions(declared.mappings(), declarations.functionNames(), dataDir);
        sections.values().forEach(ConfigSection::rejectOtherKeys);
        root.rejectOtherKeys();
        problems.throwIfAny();
        return new ServerConfig(http, dataDir, kafka, aws, timing, declared);
    }

    /** From the file, each variable overridden by one of the server's that has the key's name in front. */
    private Map<String, String> functionEnvironment() {
        Map<String, String> variables = new LinkedHashMap<>();
        root.pairs(FUNCTION_ENVIRONMENT).forEach((name, value) -> {
            if (name.matches(VARIABLE_NAME)) {
                variables.put(name, value);
            } else {
                root.problem(FUNCTION_ENVIRONMENT + "." + name,
                        "is no variable's name; allowed are letters, digits and _, beginning with a letter");
            }
        });
        sources.environment().forEach((name, value) -> {
            String variable = name.startsWith(FUNCTION_VARIABLE_PREFIX) ? name.substring(FUNCTION_VARIABLE_PREFIX.length()) : "";
            if (variable.matches(VARIABLE_NAME)) {
                variables.put(variable, value);
            }
        });
        return variables;
    }

    private void rejectStrayFlags() {
        List<String> flags = new ArrayList<>(List.of("--config"));
        List<String> keys = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            keys.add(setting.key());
            if (setting.hasFlag()) {
                flags.add(setting.flag());
            }
        }
        for (String stray : sources.strayArguments()) {
            problems.add(stray, stray.startsWith("-") ? "unknown flag; " + NearestName.suggestion(stray, flags)
                    : "unexpected argument; serve takes flags only");
        }
        for (String key : sources.flags().keySet()) {
            if (!keys.contains(key)) {
                problems.add(key, "unknown key; " + NearestName.suggestion(key, keys));
            }
        }
    }

    /**
     * Those of mappings that nobody declares. The data directory may have one; where there is none yet it hasn't, and where the server
     * doesn't start anyway a misspelt one is told at once.
     */
    private void rejectUnknownFunctions(List<ServerConfig.DeclaredMapping> mappings, Set<String> names, Path dataDir) {
        boolean mayBeStored = dataDir == null || Files.exists(dataDir.resolve(DataDirectory.DATABASE));
        boolean starts = problems.found().isEmpty();
        for (ServerConfig.DeclaredMapping mapping : mappings) {
            FunctionReference function = mapping.create().function();
            Optional<String> near = NearestName.of(function.name(), names);
            if (!names.contains(function.name()) && (!mayBeStored || !starts && near.isPresent())) {
                root.problem("mappings." + mapping.name() + ".function",
                        "is '" + Declared.text(function) + "', which is not under functions; "
                                + near.map(name -> "did you mean '" + name + "'?").orElse("nor has the data directory one, as it is new"));
            }
        }
    }

    private void rejectUnreadableVariables() {
        sources.environment().forEach((name, value) -> {
            if (name.startsWith("SLUICE_") && value.indexOf('\uFFFD') >= 0) {
                problems.add(name, "has bytes that are no UTF-8");
            }
        });
    }

    private void openFile() {
        String variable = sources.environment().get("SLUICE_CONFIG");
        String asked = sources.configFile() != null ? sources.configFile() : variable == null || variable.isEmpty() ? null : variable;
        String name = asked == null ? ConfigSources.DEFAULT_FILE : asked;
        ConfigNode.Block content = new ConfigNode.Block(Map.of());
        Path file = sources.workingDirectory().resolve(name);
        if (Files.isRegularFile(file)) {
            content = new ConfigFile(name, new Expansion(sources.environment()), problems).read(file);
        } else if (asked != null) {
            problems.add(sources.configFile() != null ? "--config" : "SLUICE_CONFIG", "is '" + name + "'; there is no such file");
        }
        directory = file.toAbsolutePath().getParent();
        root = new ConfigSection(name, content, problems);
    }

    private ServerConfig.Http http() {
        List<String> allowed = setting(Setting.ALLOWED_HOSTS, ValueReader::hosts);
        return new ServerConfig.Http(setting(Setting.HOST, ValueReader::host),
                setting(Setting.PORT, ValueReader.wholeNumber(0, 65_535)), allowed == null ? List.of() : allowed,
                setting(Setting.ALLOW_RESET, ValueReader::trueOrFalse));
    }

    private List<String> brokers(Setting setting) {
        List<String> brokers = setting(setting, ValueReader::brokers);
        return brokers == null ? List.of() : brokers;
    }

    private ServerConfig.EmbeddedBroker embeddedKafka(List<String> kafkaServers) {
        int port = setting(Setting.EMBEDDED_KAFKA_PORT, ValueReader.wholeNumber(0, 65_535));
        Set<SecurityProtocol> listeners = setting(Setting.EMBEDDED_KAFKA_LISTENERS, ValueReader::listeners);
        int highest = 65_535 - (listeners == null ? 0 : listeners.stream().mapToInt(BrokerSecurity::portOffset).max().orElse(0));
        if (port > highest) {
            problems.add(Setting.EMBEDDED_KAFKA_PORT.key(), "is '" + port + "', and the listeners of other kinds have ports behind it;"
                    + " allowed is 0 to " + highest);
        }
        if (listeners != null && !kafkaServers.isEmpty()) {
            problems.add(Setting.EMBEDDED_KAFKA_LISTENERS.key(),
                    "says what the embedded broker listens on, and there is none, as kafka names"
                            + " other brokers; allowed is one of the two");
        }
        return new ServerConfig.EmbeddedBroker(port, brokers(Setting.EMBEDDED_KAFKA_ADVERTISE), listeners,
                setting(Setting.EMBEDDED_KAFKA_SSL_CLIENT_AUTH, ValueReader::clientAuth),
                SecretsDeclaration.texts(root, "embeddedKafkaUsers", directory, sources.environment()));
    }

    private AwsEndpoints endpoints() {
        return new AwsEndpoints(setting(Setting.ENDPOINTS_SQS, ValueReader::endpoint),
                setting(Setting.ENDPOINTS_SNS, ValueReader::endpoint), setting(Setting.ENDPOINTS_S3, ValueReader::endpoint),
                setting(Setting.ENDPOINTS_SECRETSMANAGER, ValueReader::endpoint));
    }

    private ServerConfig.Timing timing() {
        Duration initial = setting(Setting.RETRY_INITIAL_BACKOFF, ValueReader::duration);
        Duration max = setting(Setting.RETRY_MAX_BACKOFF, ValueReader::duration);
        if (max.compareTo(initial) < 0) {
            problems.add(Setting.RETRY_MAX_BACKOFF.key(), "is below retry.initialBackoff; allowed is at least as long");
            max = initial;
        }
        return new ServerConfig.Timing(new ServerConfig.Retry(initial, max), new ServerConfig.Timeouts(
                setting(Setting.TIMEOUTS_BROKER, ValueReader::duration),
                setting(Setting.TIMEOUTS_STOP, ValueReader::duration),
                setting(Setting.TIMEOUTS_REVOKE, ValueReader::duration),
                setting(Setting.TIMEOUTS_ABANDONED_CALL, ValueReader::duration),
                setting(Setting.TIMEOUTS_UNRECOVERABLE, ValueReader::duration),
                setting(Setting.TIMEOUTS_REFUSED_LOG_IN, ValueReader::duration),
                setting(Setting.TIMEOUTS_SECRET_AGE, ValueReader::duration)),
                setting(Setting.MOVABLE_CLOCK, ValueReader::trueOrFalse));
    }

    /** Only here it matters which source a text came from: a relative path of the file starts at the file. */
    private Path path() {
        return setting(Setting.DATA_DIR, ValueReader.path(sources.workingDirectory()), ValueReader.path(directory));
    }

    private <T> T setting(Setting setting, ValueReader<T> reader) {
        return setting(setting, reader, reader);
    }

    /** The value of the strongest source; each weaker one is read all the same, since what is wrong there is wrong too. */
    private <T> T setting(Setting setting, ValueReader<T> reader, ValueReader<T> fileReader) {
        T value = null;
        if (setting.defaultText().isPresent()) {
            value = read("default of " + setting.key(), setting.defaultText().get(), reader, null);
        }
        int dot = setting.key().indexOf('.');
        ConfigSection section = dot < 0 ? root : sections.computeIfAbsent(setting.key().substring(0, dot), root::section);
        String key = setting.key().substring(dot + 1);
        value = (setting.list() ? section.readList(key, fileReader) : section.read(key, fileReader)).orElse(value);
        String variable = sources.environment().get(setting.variable());
        if (variable != null && !variable.isEmpty()) {
            value = read(setting.variable(), variable, reader, value);
        }
        String flag = sources.flags().get(setting.key());
        return flag == null ? value : read(setting.flag(), flag, reader, value);
    }

    private <T> T read(String where, String text, ValueReader<T> reader, T otherwise) {
        try {
            return reader.read(text);
        } catch (BadValueException bad) {
            problems.add(where, bad.getMessage());
            return otherwise;
        }
    }
}
