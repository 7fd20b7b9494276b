package dev.sluice.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** With which settings does one node run as a whole cluster for one developer: small, quick to start and stop, forgetting nothing? */
final class BrokerSettings {
    static final int NODE_ID = 1;

    /** Above Lambda's 6 MB per event, so that Sluice and not the broker decides what is too large. */
    private static final int MAX_MESSAGE_BYTES = 10 * 1024 * 1024;

    private BrokerSettings() {
    }

    static Map<String, String> of(Path directory, BrokerListeners listeners) {
        Map<String, String> settings = new HashMap<>();
        settings.put("node.id", String.valueOf(NODE_ID));
        settings.put("process.roles", "broker,controller");
        settings.put("log.dirs", directory.toString());
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + listeners.controllerPort());
        settings.put("controller.listener.names", BrokerListeners.CONTROLLER);
        settings.put("inter.broker.listener.name", listeners.interBroker());
        settings.put("listeners", listeners.bound());
        settings.put("advertised.listeners", listeners.advertised());
        settings.put("listener.security.protocol.map", listeners.protocols());
        oneNode(settings);
        topics(settings);
        small(settings);
        return settings;
    }

    private static void oneNode(Map<String, String> settings) {
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".replication.factor", "1");
            settings.put(topic + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
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
