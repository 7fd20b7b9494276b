package dev.sluice.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.awaitility.Awaitility;

/**
 * A broker of a released version of Kafka, in a JVM of its own: KRaft from 3.0 on, before that with ZooKeeper. It has a plaintext listener and
 * one with SASL/PLAIN for one user, over TLS; it can be stopped and started again at the same addresses, and its own tools write records.
 * Confined to one thread.
 */
public final class ReleasedBroker implements AutoCloseable {

    public static final String USER = "alice";
    public static final String PASSWORD = "alice's password";

    private static final Duration START = Duration.ofSeconds(60);

    private final String version;
    private final Path jars;
    private final Path directory;
    private final int port = FreePort.andTheOneBehind(1);
    private final int controllerPort = FreePort.andTheOneBehind(1);
    private final Certificates certificates;
    private Process zookeeper;
    private Process broker;

    /** @param version such as 3.9.1 @param directory an empty one */
    public ReleasedBroker(String version, Path directory) throws IOException {
        this.version = version;
        this.directory = directory;
        this.jars = Path.of(run(List.of("bash", "scripts/broker-jars", version), "", Duration.ofMinutes(5)).strip());
        this.certificates = Certificates.make(Files.createDirectory(directory.resolve("certificates")));
        Files.writeString(directory.resolve("server.properties"), text(isKRaft() ? kraft() : withZooKeeper()) + text(common()));
        if (isKRaft()) {
            java("kafka.tools.StorageTool", "", "format", "-t", Uuid.randomUuid().toString(), "-c",
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

    public String plaintext() {
        return "localhost:" + port;
    }

    public String saslOverTls() {
        return "localhost:" + (port + 1);
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
        boolean ofTheTools = Integer.parseInt(version.substring(0, version.indexOf('.'))) >= 4;
        java(ofTheTools ? "org.apache.kafka.tools.ConsoleProducer" : "kafka.tools.ConsoleProducer", String.join("\n", values) + "\n",
                version.matches("2\\.[0-4]\\..*") ? "--broker-list" : "--bootstrap-server", plaintext(), "--topic", topic);
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
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",SASL_SSL://127.0.0.1:" + (port + 1) + ",CONTROLLER://127.0.0.1:"
                + controllerPort);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT");
        return settings;
    }

    private Map<String, String> withZooKeeper() {
        return Map.of("broker.id", "1", "zookeeper.connect", "127.0.0.1:" + controllerPort, "listeners",
                "PLAINTEXT://127.0.0.1:" + port + ",SASL_SSL://127.0.0.1:" + (port + 1));
    }

    private Map<String, String> common() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("advertised.listeners", "PLAINTEXT://" + plaintext() + ",SASL_SSL://" + saslOverTls());
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", directory.resolve("data").toString());
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("sasl.enabled.mechanisms", "PLAIN");
        settings.put("listener.name.sasl_ssl.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_"
                        + USER + "=\"" + PASSWORD + "\";");
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
        return new ProcessBuilder(command(main, configuration.toString())).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(directory.resolve(name + ".log").toFile())).start();
    }

    private String java(String main, String input, String... arguments) {
        try {
            return run(command(main, arguments), input, Duration.ofMinutes(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command(String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx384m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", jars + File.separator + "*", main));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private static String run(List<String> command, String input, Duration patience) throws IOException {
        Path errors = Files.createTempFile("released-broker", ".log");
        Path output = Files.createTempFile("released-broker", ".out");
        Path given = Files.writeString(Files.createTempFile("released-broker", ".in"), input, StandardCharsets.UTF_8);
        try {
            Process process = new ProcessBuilder(command).redirectInput(given.toFile()).redirectOutput(output.toFile())
                    .redirectError(errors.toFile()).start();
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " did not end: " + Files.readString(errors));
            }
            if (process.exitValue() != 0) {
                throw new IOException(command + ": " + Files.readString(errors) + Files.readString(output));
            }
            return Files.readString(output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            Files.delete(errors);
            Files.delete(output);
            Files.delete(given);
        }
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
