package dev.sluice.embedded;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** With which settings does one node run as a whole cluster for one developer: small, quick to start and stop, forgetting nothing? */
final class BrokerSettings {
    static final int NODE_ID = 1;

    /** Above Lambda's 6 MB per event, so that Sluice and not the broker decides what is too large. */
    private static final int MAX_MESSAGE_BYTES = 10 * 1024 * 1024;

    private static final String OAUTHBEARER = "OAUTHBEARER";
    /** The log-in module of each mechanism. */
    private static final Map<String, String> MODULES = new TreeMap<>(Map.of("PLAIN", "plain.PlainLoginModule", "SCRAM-SHA-256",
            "scram.ScramLoginModule", "SCRAM-SHA-512", "scram.ScramLoginModule", OAUTHBEARER, "oauthbearer.OAuthBearerLoginModule"));

    private BrokerSettings() {
    }

    /** @param certificates null when no listener needs any */
    static Map<String, String> of(EmbeddedKafkaConfiguration configuration, BrokerListeners listeners, BrokerCertificates certificates) {
        Map<String, String> settings = new HashMap<>();
        settings.put("node.id", String.valueOf(NODE_ID));
        settings.put("process.roles", "broker,controller");
        settings.put("log.dirs", configuration.directory().toString());
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + listeners.controllerPort());
        settings.put("controller.listener.names", BrokerListeners.CONTROLLER);
        settings.put("inter.broker.listener.name", listeners.interBroker());
        settings.put("listeners", listeners.bound());
        settings.put("advertised.listeners", listeners.advertised());
        settings.put("listener.security.protocol.map", listeners.protocols());
        if (certificates != null) {
            tls(settings, certificates);
        }
        sasl(settings, listeners, configuration.security());
        oneNode(settings);
        topics(settings);
        small(settings);
        return settings;
    }

    private static void tls(Map<String, String> settings, BrokerCertificates certificates) {
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.location", certificates.brokerKeystore().toString());
        settings.put("ssl.keystore.password", BrokerCertificates.PASSWORD);
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", certificates.caFile().toString());
    }

    private static void sasl(Map<String, String> settings, BrokerListeners listeners, BrokerSecurity security) {
        listeners.kinds().forEach((name, kind) -> {
            String prefix = "listener.name." + name.toLowerCase(Locale.ROOT) + ".";
            if (kind == SecurityProtocol.SSL) {
                settings.put(prefix + "ssl.client.auth", security.clientAuth().name().toLowerCase(Locale.ROOT));
            }
            if (!BrokerSecurity.isSasl(kind)) {
                return;
            }
            String users = BrokerUsers.options(security.usersOrDefault());
            settings.put("sasl.enabled.mechanisms", String.join(",", MODULES.keySet()));
            MODULES.forEach((mechanism, module) -> {
                String its = prefix + mechanism.toLowerCase(Locale.ROOT) + ".";
                boolean token = mechanism.equals(OAUTHBEARER);
                settings.put(its + "sasl.jaas.config",
                        "org.apache.kafka.common.security." + module + " required" + (token ? ";" : " " + users + ";"));
                settings.put(its + "sasl.server.callback.handler.class",
                        token ? BrokerTokens.class.getName() : BrokerUsers.class.getName());
            });
        });
    }

    /** By which a client of such a listener can log in. */
    static List<String> mechanisms(SecurityProtocol kind) {
        return BrokerSecurity.isSasl(kind) ? List.copyOf(MODULES.keySet()) : List.of();
    }

    private static void oneNode(Map<String, String> settings) {
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".replication.factor", "1");
            settings.put(topic + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        // A member of a share group would hear of its partitions only with its second heartbeat, after 5 s.
        settings.put("group.share.assignment.interval.ms", "0");
        // After a kill the only voter waits this long, up to twice, before it elects itself.
        settings.put("controller.quorum.election.timeout.ms", "100");
    }

    private static void topics(Map<String, String> settings) {
        settings.put("auto.create.topics.enable", "true");
        settings.put("num.partitions", "1");
        settings.put("default.replication.factor", "1");
        settings.put("message.max.bytes", String.valueOf(MAX_MESSAGE_BYTES));
        settings.put("replica.fetch.max.bytes", String.valueOf(MAX_MESSAGE_BYTES));
        // By default records vanish by their own timestamp after seven days, at once for a test with old dates, and the offsets
        // of a group that was away for seven days with them.
        settings.put("log.retention.ms", "-1");
        settings.put("offsets.retention.minutes", String.valueOf(Integer.MAX_VALUE));
    }

    private static void small(Map<String, String> settings) {
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("num.recovery.threads.per.data.dir", "2");
        settings.put("group.coordinator.threads", "1");
        settings.put("share.coordinator.threads", "1");
        // 128 MB of heap by default, taken at once.
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.put("log.cleaner.io.buffer.size", "65536");
        // Otherwise a record is written to the metadata log twice a second for as long as the broker runs.
        settings.put("metadata.max.idle.interval.ms", "0");
        settings.put("metric.reporters", "");
    }
}
