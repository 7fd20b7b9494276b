package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.Uuid;
import org.awaitility.Awaitility;

/**
 * A broker of a released version of Kafka, in a JVM of its own: KRaft from 3.0 on, before that with ZooKeeper. It has a listener of each
 * kind: SASL with PLAIN for one user, OAuth tokens where it is told their keys, and SCRAM once it is added for the same user; SSL for clients with the
 * certificate of {@link #client}. It can be stopped and started again at the same addresses, and its own tools write records.
 * Confined to one thread.
 */
public final class ReleasedBroker implements AutoCloseable {

    public static final String USER = "alice";
    public static final String PASSWORD = "alice's password";

    private static final Duration START = Duration.ofSeconds(60);

    private final String version;
    private final KafkaTools tools;
    private final Path directory;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final int controllerPort = FreePort.one();
    private final Certificates certificates;
    private final Path tokenKeys;
    private Process zookeeper;
    private Process broker;

    /** @param version such as 3.9.1 @param directory an empty one */
    public ReleasedBroker(String version, Path directory) throws IOException {
        this(version, directory, null);
    }

    /** @param tokenKeys the key set of who signs its clients' tokens; null when it takes none. Needs 3.4 */
    public ReleasedBroker(String version, Path directory, String tokenKeys) throws IOException {
        this.tokenKeys = tokenKeys == null ? null : Files.writeString(directory.resolve("keys.json"), tokenKeys);
        this.version = version;
        for (String kind : List.of("PLAINTEXT", "SASL_PLAINTEXT", "SSL", "SASL_SSL")) {
            ports.put(kind, FreePort.one());
        }
        this.directory = directory;
        this.tools = new KafkaTools(version);
        this.certificates = Certificates.make(Files.createDirectory(directory.resolve("certificates")));
        Files.writeString(directory.resolve("server.properties"), text(isKRaft() ? kraft() : withZooKeeper()) + text(common()));
        if (isKRaft()) {
            tools.run("kafka.tools.StorageTool", "", "format", "-t", Uuid.randomUuid().toString(), "-c",
                    directory.resolve("server.properties").toString());
        } else {
            Files.writeString(directory.resolve("zoo.cfg"), text(Map.of("dataDir", directory.resolve("zookeeper").toString(), "clientPort",
                    String.valueOf(controllerPort), "clientPortAddress", "127.0.0.1", "admin.enableServer", "false")));
            zookeeper = start("zookeeper", "org.apache.zookeeper.server.quorum.QuorumPeerMain", directory.resolve("zoo.cfg"));
        }
        start();
    }

    private boolean isKRaft() {
        return !version.startsWith("2.");
    }

    /** Their addresses by security protocol. */
    public Map<String, String> listeners() {
        Map<String, String> listeners = new LinkedHashMap<>();
        ports.forEach((kind, port) -> listeners.put(kind, "localhost:" + port));
        return listeners;
    }

    public String plaintext() {
        return listeners().get("PLAINTEXT");
    }

    public String saslOverTls() {
        return listeners().get("SASL_SSL");
    }

    /** The one that the SSL listener knows. */
    public Pem client() {
        return Pem.ofClient(certificates);
    }

    /** {@link #USER} logs in by SCRAM from now on; needs 3.5, or 2.7 with ZooKeeper. */
    public void addScramUser() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", plaintext()))) {
            // A request each: with KRaft none may name a user twice.
            for (ScramMechanism mechanism : List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
                admin.alterUserScramCredentials(
                        List.of(new UserScramCredentialUpsertion(USER, new ScramCredentialInfo(mechanism, 4096), PASSWORD)))
                        .all().get(30, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What SERVER_ROOT_CA_CERTIFICATE needs for it. */
    public String rootCertificate() {
        try {
            return Files.readString(Path.of(certificates.certificate("broker")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when it serves clients. */
    public void start() throws IOException {
        broker = start("broker", "kafka.Kafka", directory.resolve("server.properties"));
        Awaitility.await().atMost(START).pollInterval(Duration.ofMillis(100)).until(() -> {
            if (!broker.isAlive()) {
                throw new IllegalStateException("The broker " + version + " ended: " + Files.readString(directory.resolve("broker.log")));
            }
            return answers();
        });
    }

    private boolean answers() throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", plaintext(), "request.timeout.ms", "2000", "default.api.timeout.ms",
                "2000"))) {
            return !admin.describeCluster().nodes().get(3, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        }
    }

    /** In good order. */
    public void stop() {
        end(broker);
    }

    /** By the console producer of this version. */
    public void produce(String topic, List<String> values) {
        tools.produce(plaintext(), null, topic, values);
    }

    @Override
    public void close() {
        end(broker);
        end(zookeeper);
    }

    private Map<String, String> kraft() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listeners", at("127.0.0.1") + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("listener.security.protocol.map",
                ports.keySet().stream().map(kind -> kind + ":" + kind + ",").collect(Collectors.joining()) + "CONTROLLER:PLAINTEXT");
        return settings;
    }

    private Map<String, String> withZooKeeper() {
        return Map.of("broker.id", "1", "zookeeper.connect", "127.0.0.1:" + controllerPort, "listeners", at("127.0.0.1"));
    }

    private String at(String host) {
        return ports.entrySet().stream().map(kind -> kind.getKey() + "://" + host + ":" + kind.getValue()).collect(Collectors.joining(","));
    }

    private Map<String, String> common() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("advertised.listeners", at("localhost"));
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", directory.resolve("data").toString());
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512" + (tokenKeys == null ? "" : ",OAUTHBEARER"));
        for (String listener : List.of("listener.name.sasl_plaintext.", "listener.name.sasl_ssl.")) {
            settings.put(listener + "plain.sasl.jaas.config",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + USER + "=\"" + PASSWORD + "\";");
            for (String mechanism : List.of("scram-sha-256", "scram-sha-512")) {
                settings.put(listener + mechanism + ".sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
            }
            if (tokenKeys != null) {
                settings.put(listener + "oauthbearer.sasl.jaas.config",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
                settings.put(listener + "oauthbearer.sasl.server.callback.handler.class",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler");
                settings.put(listener + "oauthbearer.sasl.oauthbearer.jwks.endpoint.url", tokenKeys.toUri().toString());
                settings.put(listener + "oauthbearer.sasl.oauthbearer.expected.audience", TokenEndpoint.AUDIENCE);
                settings.put(listener + "oauthbearer.sasl.oauthbearer.expected.issuer", TokenEndpoint.ISSUER);
            }
        }
        settings.put("listener.name.ssl.ssl.client.auth", "required");
        settings.put("ssl.truststore.type", "PKCS12");
        settings.put("ssl.truststore.location", certificates.truststore());
        settings.put("ssl.truststore.password", Certificates.PASSWORD);
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.location", certificates.keystore("broker"));
        settings.put("ssl.keystore.password", Certificates.PASSWORD);
        settings.put("ssl.key.password", Certificates.PASSWORD);
        return settings;
    }

    private static String text(Map<String, String> settings) {
        return settings.entrySet().stream().map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private Process start(String name, String main, Path configuration) throws IOException {
        List<String> options =
                tokenKeys == null ? List.of() : List.of("-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=" + tokenKeys.toUri());
        return new ProcessBuilder(tools.command(options, main, configuration.toString())).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(directory.resolve(name + ".log").toFile())).start();
    }

    private static void end(Process process) {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
