package dev.sluice.embedded;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
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

    private static final int UNREGISTER_SECONDS = 10;

    private final ControllerServer controller;
    private final BrokerServer broker;
    private final String controllerAddress;

    Broker(Map<String, String> settings, BrokerListeners listeners, BiConsumer<String, Throwable> onFatal) {
        KafkaConfig config = new KafkaConfig(settings, false);
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> storage = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        SharedServer shared = new SharedServer(config, storage._1(), Time.SYSTEM, new Metrics(),
                CompletableFuture.completedFuture(
                        Map.of(BrokerSettings.NODE_ID, new InetSocketAddress("127.0.0.1", listeners.controllerPort()))),
                List.of(), new BrokerFaults(onFatal), listeners);
        controllerAddress = "127.0.0.1:" + listeners.controllerPort();
        broker = new BrokerServer(shared);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), storage._2());
    }

    /**
     * Returns when the broker serves its clients. {@code wasKilled} tells that an earlier broker on this directory did not stop in
     * good order.
     */
    void startup(boolean wasKilled) throws Exception {
        controller.startup();
        if (wasKilled) {
            unregister();
        }
        broker.startup();
    }

    /**
     * Takes the killed broker out of the cluster. Its session would be valid for another 9 s (broker.session.timeout.ms), and until then
     * the controller refuses a new broker with the same id (ClusterControlManager.registerBroker).
     */
    private void unregister() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.controllers", controllerAddress))) {
            admin.unregisterBroker(BrokerSettings.NODE_ID).all().get(UNREGISTER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
                throw e;
            }
        }
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
