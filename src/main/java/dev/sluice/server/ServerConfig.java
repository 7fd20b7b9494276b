package dev.sluice.server;

import dev.sluice.aws.AwsEndpoints;
import dev.sluice.cluster.BrokerAddresses;
import dev.sluice.cluster.ClusterConfiguration;
import dev.sluice.cluster.ClusterDirectory;
import dev.sluice.embedded.BrokerSecurity.ClientAuth;
import dev.sluice.filter.OtherFormat;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.Isolation;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.instance.SharedEnvironment;
import dev.sluice.secret.ConfiguredSecrets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * How one server is to run: everything that flags, environment and {@code sluice.yaml} can say, one record a part. Immutable.
 *
 * @param dataDir absolute
 */
public record ServerConfig(Http http, Path dataDir, Kafka kafka, Aws aws, Timing timing, Declarations declarations) {

    public ServerConfig {
        Objects.requireNonNull(http, "http");
        Objects.requireNonNull(kafka, "kafka");
        Objects.requireNonNull(aws, "aws");
        Objects.requireNonNull(timing, "timing");
        Objects.requireNonNull(declarations, "declarations");
        if (!dataDir.isAbsolute()) {
            throw new IllegalArgumentException("dataDir is '" + dataDir + "'; it must be absolute");
        }
    }

    /**
     * Composes defaults, file, environment and flags, the later winning.
     *
     * @throws InvalidConfigException listing every problem of all of them
     */
    public static ServerConfig load(ConfigSources sources) {
        return new ConfigLoader(sources).load();
    }

    /**
     * The defaults with some settings changed, for those who embed Sluice: {@code settings} maps keys of {@code sluice.yaml}
     * ({@code port}, {@code retry.maxBackoff}) to their text. Neither a file nor the environment is read.
     *
     * @throws InvalidConfigException listing every problem
     */
    public static ServerConfig of(Map<String, String> settings) {
        return load(ConfigSources.of(settings));
    }

    /**
     * Where the API listens and which {@code Host} headers it takes beside those of this machine.
     *
     * @param port 0 for any free one
     * @param allowReset whether a request may take away all that was made
     */
    public record Http(String host, int port, List<String> allowedHosts, boolean allowReset) {
        public Http {
            Objects.requireNonNull(host, "host");
            requirePort("port", port);
            allowedHosts = List.copyOf(allowedHosts);
        }
    }

    /**
     * Which brokers there are.
     *
     * @param bootstrapServers {@code host:port} of the default cluster; empty for the embedded broker, or for none
     * @param embeddedBroker what the embedded one is like, when there is one
     * @param clusters each with the settings its clients need
     * @param strictClusters whether an MSK cluster that is not among them is none, instead of the default cluster
     * @param joinForeignGroups whether every mapping may join a group that others are in, on brokers that aren't this machine's own
     */
    public record Kafka(List<String> bootstrapServers, EmbeddedBroker embeddedBroker, List<ClusterConfiguration> clusters,
            boolean strictClusters, boolean joinForeignGroups) {
        public Kafka {
            bootstrapServers = List.copyOf(bootstrapServers);
            Objects.requireNonNull(embeddedBroker, "embeddedBroker");
            clusters = List.copyOf(clusters);
        }

        /** Whether the server brings its own broker: nobody named another, or somebody said what its listeners are. */
        public boolean embedded() {
            return bootstrapServers.isEmpty() && (clusters.isEmpty() || embeddedBroker.listeners() != null);
        }

        /** Which brokers everything means that names none, and how clients log in there: of a server that brings no broker. */
        ClusterDirectory clusterDirectory() {
            if (bootstrapServers.isEmpty()) {
                return new ClusterDirectory(as(clusters.get(0), clusters.get(0).bootstrapServers()), clusters);
            }
            // A clusters entry with one of these addresses says how to log in there.
            return new ClusterDirectory(clusters.stream()
                    .filter(cluster -> BrokerAddresses.share(bootstrapServers, cluster.bootstrapServers())).findFirst()
                    .map(cluster -> as(cluster, bootstrapServers))
                    .orElseGet(() -> new ClusterConfiguration(List.of(), bootstrapServers, Map.of(), null)), clusters);
        }

        private static ClusterConfiguration as(ClusterConfiguration cluster, List<String> servers) {
            return new ClusterConfiguration(List.of(), servers, cluster.properties(), cluster.advertise(), cluster.listener(),
                    cluster.accesses());
        }

        /** The same of a server that brings its own broker. @param servers where that one is */
        ClusterDirectory clusterDirectory(String servers) {
            return new ClusterDirectory(new ClusterConfiguration(List.of(), Arrays.asList(servers.split(",")), Map.of(), null,
                    SecurityProtocol.PLAINTEXT, List.of()), clusters);
        }
    }

    /**
     * What the embedded broker is like. The users' passwords are never printed.
     *
     * @param port where it listens; 0 for any free port
     * @param advertise {@code host:port} it names to its clients beside localhost
     * @param listeners their kinds; null when nothing is said of them, which is plaintext
     * @param clientAuth what its ssl listener asks of clients
     * @param users passwords by name
     */
    public record EmbeddedBroker(int port, List<String> advertise, Set<SecurityProtocol> listeners, ClientAuth clientAuth,
            Map<String, String> users) {
        public EmbeddedBroker {
            Objects.requireNonNull(clientAuth, "clientAuth");
            requirePort("port", port);
            advertise = List.copyOf(advertise);
            users = Map.copyOf(users);
        }

        @Override
        public String toString() {
            return "EmbeddedBroker[port=" + port + ", advertise=" + advertise + ", listeners=" + listeners + ", clientAuth=" + clientAuth
                    + ", users=" + users.keySet()
                    + "]";
        }
    }

    /**
     * What the server stands in for, and the services of AWS that it uses itself.
     *
     * @param scope account and region of requests that carry none
     * @param relaxed whether the four refusals of AWS that get in the way locally are lifted
     * @param endpoints where on-failure destinations, and buckets with code, are
     * @param dropWhenUnavailable whether records that a destination doesn't take are dropped, as AWS does; else they are sent until it does
     * @param archiveAtDeliveryLimit whether a record that failed as often as its share group delivers it is dropped where there is no
     *     destination, as on AWS; else it is kept
     * @param otherFormat what becomes of records whose values are of another format than a filter
     * @param secrets those that stand in for Secrets Manager's; null when the file doesn't speak of any
     */
    public record Aws(Scope scope, boolean relaxed, AwsEndpoints endpoints, boolean dropWhenUnavailable,
            boolean archiveAtDeliveryLimit, OtherFormat otherFormat, ConfiguredSecrets secrets) {
        public Aws {
            Objects.requireNonNull(otherFormat, "otherFormat");
            Objects.requireNonNull(scope, "scope");
            Objects.requireNonNull(endpoints, "endpoints");
        }
    }

    /** How long things may take. @param movableClock whether a request may move the time that deliveries wait for */
    public record Timing(Retry retry, Timeouts timeouts, boolean movableClock) {
        public Timing {
            Objects.requireNonNull(retry, "retry");
            Objects.requireNonNull(timeouts, "timeouts");
        }
    }

    /** The backoff between two attempts of a batch: doubles from the first to the last value. */
    public record Retry(Duration initialBackoff, Duration maxBackoff) {
        public Retry {
            requirePositive("initialBackoff", initialBackoff);
            if (maxBackoff.compareTo(initialBackoff) < 0) {
                throw new IllegalArgumentException("maxBackoff is " + maxBackoff + "; it must not be below initialBackoff");
            }
        }
    }

    /**
     * The waits that end whatever happens.
     *
     * @param broker until a mapping whose brokers don't answer counts as enabled all the same
     * @param stop for running invocations when a mapping or the server stops
     * @param revoke for running invocations of a partition that moves to a consumer of another server
     * @param abandonedCall after a function's timeout, until its partition is delivered again although the call still runs
     * @param unrecoverable of trying in vain to log in or to read, until the mapping is disabled
     * @param refusedLogIn after two refusals of a log-in, until anybody tries it again
     * @param secretAge until a secret that is in use is looked at again
     */
    public record Timeouts(Duration broker, Duration stop, Duration revoke, Duration abandonedCall, Duration unrecoverable,
            Duration refusedLogIn, Duration secretAge) {
        public Timeouts {
            requirePositive("broker", broker);
            requirePositive("stop", stop);
            requirePositive("revoke", revoke);
            requirePositive("abandonedCall", abandonedCall);
            requirePositive("unrecoverable", unrecoverable);
            requirePositive("refusedLogIn", refusedLogIn);
            requirePositive("secretAge", secretAge);
        }
    }

    /**
     * What is declared for all functions, the file's own and others, and what the file declares, in its order.
     *
     * @param environment what the environments of all functions have in common
     * @param runtimes what they are run with
     */
    public record Declarations(SharedEnvironment environment, Runtimes runtimes, List<DeclaredFunction> functions,
            List<DeclaredMapping> mappings) {
        public Declarations {
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(runtimes, "runtimes");
            functions = List.copyOf(functions);
            mappings = List.copyOf(mappings);
        }
    }

    /**
     * What functions are run with on this machine.
     *
     * @param isolation where Java code runs of which nothing else is said
     * @param interpreters which program runs the code of a runtime such as {@code python3.12}; absolute. One that isn't there is looked for
     * @param layers the directory or zip with a layer's content, by the ARN of its version, or of the layer for all its versions; absolute
     */
    public record Runtimes(Isolation isolation, Map<String, Path> interpreters, Map<String, Path> layers) {
        public Runtimes {
            Objects.requireNonNull(isolation, "isolation");
            interpreters = Map.copyOf(interpreters);
            layers = Map.copyOf(layers);
        }
    }

    /** A function to register without an account. */
    public record DeclaredFunction(String name, FunctionCode code, FunctionSettings settings) {
        public DeclaredFunction {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(settings, "settings");
        }
    }

    /** A mapping to create, stored under its name, for the configured account and region. */
    public record DeclaredMapping(String name, EventSourceMappings.Create create) {
        public DeclaredMapping {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(create, "create");
        }
    }

    private static void requirePort(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(name + " is " + port + "; allowed are 0 to 65535");
        }
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " is " + duration + "; it must be positive");
        }
    }
}
