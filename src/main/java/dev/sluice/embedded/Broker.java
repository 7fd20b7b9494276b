package dev.sluice.embedded;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Kafka's own broker and controller, put together. It does what {@code kafka.server.KafkaRaftServer} does, which has no place for
 * sockets that are open already nor for another treatment of fatal faults. Confined to one thread at a time.
 */
final class Broker {
    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    private final ControllerServer controller;
    private final BrokerServer broker;

    Broker(Map<String, String> settings, BrokerListeners listeners, BiConsumer<String, Throwable> onFatal) {
        KafkaConfig config = new KafkaConfig(settings, false);
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> storage = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        SharedServer shared = new SharedServer(config, storage._1(), Time.SYSTEM, new Metrics(),
                CompletableFuture.completedFuture(
                        Map.of(BrokerSettings.NODE_ID, new InetSocketAddress("127.0.0.1", listeners.controllerPort()))),
                List.of(), new BrokerFaults(onFatal), listeners);
        broker = new BrokerServer(shared);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), storage._2());
    }

    /** Returns when the broker serves its clients. */
    void startup() {
        controller.startup();
        broker.startup();
    }

    /** Stops what has been started; the broker before the controller it talks to. */
    void shutdown(Duration patience) {
        try {
            broker.shutdown(patience);
        } finally {
            controller.shutdown();
        }
    }
}
