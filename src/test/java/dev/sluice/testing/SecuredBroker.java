package dev.sluice.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A node of Kafka that asks who one is and what one may: a listener for each way to say it, and nothing allowed that no ACL allows, but to
 * those who come in by {@link #OPEN}. Confined to one thread.
 */
final class SecuredBroker implements AutoCloseable {

    /** No log-in; whoever comes in here may do anything. */
    static final String OPEN = "OPEN";
    /** SASL/SCRAM-SHA-512 and SASL/PLAIN, without TLS. */
    static final String SASL = "SASL";
    /** TLS; the client says nothing of itself and may do anything. */
    static final String TLS = "TLS";
    /** TLS in which the client has to show its certificate, and may then do anything. */
    static final String MUTUAL_TLS = "MUTUAL";

    private static final Logger LOG = LoggerFactory.getLogger(SecuredBroker.class);
    private static final String CONTROLLER = "CONTROLLER";
    private static final Map<String, String> PROTOCOLS =
            Map.of(OPEN, "PLAINTEXT", SASL, "SASL_PLAINTEXT", TLS, "SSL", MUTUAL_TLS, "SSL", CONTROLLER, "PLAINTEXT");

    private final Map<String, ServerSocketChannel> sockets = new LinkedHashMap<>();
    private final ControllerServer controller;
    private final BrokerServer broker;

    /** @param plainUsers passwords by name, for SASL/PLAIN, which can't be changed later */
    SecuredBroker(Path directory, Certificates certificates, Map<String, String> plainUsers) throws Exception {
        for (String listener : List.of(OPEN, SASL, TLS, MUTUAL_TLS, CONTROLLER)) {
            sockets.put(listener, bound());
        }
        format(directory);
        KafkaConfig config = new KafkaConfig(settings(directory, certificates, plainUsers), false);
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> storage = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        ServerSocketFactory opened = (listener, address, backlog, receiveBuffer) -> sockets.get(listener);
        SharedServer shared = new SharedServer(config, storage._1(), Time.SYSTEM, new Metrics(),
                CompletableFuture.completedFuture(Map.of(1, new InetSocketAddress("127.0.0.1", port(CONTROLLER)))), List.of(),
                (name, fatal, action) -> new LoggingFaultHandler(name, action), opened);
        broker = new BrokerServer(shared);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), storage._2());
        controller.startup();
        broker.startup();
    }

    String bootstrapServers(String listener) {
        return "localhost:" + port(listener);
    }

    @Override
    public void close() {
        broker.shutdown(Duration.ofSeconds(3));
        controller.shutdown();
    }

    private Map<String, String> settings(Path directory, Certificates certificates, Map<String, String> plainUsers) {
        Map<String, String> settings = new HashMap<>();
        settings.put("node.id", "1");
        settings.put("process.roles", "broker,controller");
        settings.put("log.dirs", directory.toString());
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + port(CONTROLLER));
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("inter.broker.listener.name", OPEN);
        settings.put("listeners", each(listener -> listener + "://127.0.0.1:" + port(listener)));
        settings.put("advertised.listeners", List.of(OPEN, SASL, TLS, MUTUAL_TLS).stream()
                .map(listener -> listener + "://localhost:" + port(listener)).collect(Collectors.joining(",")));
        settings.put("listener.security.protocol.map", each(listener -> listener + ":" + PROTOCOLS.get(listener)));
        settings.put("authorizer.class.name", StandardAuthorizer.class.getName());
        settings.put("super.users", "User:ANONYMOUS;User:" + Certificates.CLIENT);
        settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512,PLAIN");
        settings.put("listener.name.sasl.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        settings.put("listener.name.sasl.plain.sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required "
                + plainUsers.entrySet().stream().map(user -> "user_" + user.getKey() + "=\"" + user.getValue() + "\"")
                        .collect(Collectors.joining(" "))
                + ";");
        settings.put("ssl.keystore.location", certificates.keystore("broker"));
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.password", Certificates.PASSWORD);
        settings.put("listener.name.mutual.ssl.client.auth", "required");
        settings.put("listener.name.mutual.ssl.truststore.type", "PEM");
        settings.put("listener.name.mutual.ssl.truststore.location", certificates.certificate("client"));
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(topic + ".replication.factor", "1");
            settings.put(topic + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.put("metric.reporters", "");
        return settings;
    }

    private String each(UnaryOperator<String> text) {
        return sockets.keySet().stream().map(text).collect(Collectors.joining(","));
    }

    private int port(String listener) {
        return sockets.get(listener).socket().getLocalPort();
    }

    private static ServerSocketChannel bound() throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.INET);
        socket.configureBlocking(false);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 50);
        return socket;
    }

    private static void format(Path directory) throws Exception {
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter().setPrintStream(silent).setNodeId(1).setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(directory.toString()).setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName(CONTROLLER).run();
        }
    }
}
