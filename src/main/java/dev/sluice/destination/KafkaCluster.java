package dev.sluice.destination;

import dev.sluice.cluster.BrokerProbe;
import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.ProbeResult;
import dev.sluice.dispatch.FailedBatch;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.fault.FatalFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How failed records get into topics of one cluster: one message for each, with its key. A topic must exist; it is never
 * created, also not by a broker that creates what it is asked about. The clients are made when the first records come.
 * Thread-safe, single-use.
 */
final class KafkaCluster {

    private static final int ANSWER_MILLIS = 5_000;
    private static final int DELIVERY_MILLIS = 10_000;
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(2);
    private static final int MAX_REQUEST_BYTES = 64 * 1024 * 1024;

    private final Brokers brokers;
    private final String clientId;
    private final BrokerProbe probe;
    private final FatalFaults faults;

    // Guarded by this.
    private KafkaProducer<byte[], byte[]> producer;
    private Admin admin;
    private boolean closed;

    /** @param number tells its clients from those of other clusters */
    KafkaCluster(Brokers brokers, int number, BrokerProbe probe, FatalFaults faults) {
        this.brokers = brokers;
        this.probe = probe;
        this.faults = faults;
        this.clientId = "sluice-destination-" + number;
    }

    /** Returns when the brokers have stored all; throws a {@link DestinationFailedException} when they have not. */
    void send(String topic, FailedBatch failed) throws InterruptedException {
        List<ProducerRecord<byte[], byte[]>> messages = messages(topic, failed);
        String wrongListener = probe.wrongListener(brokers, PROBE_PATIENCE).orElse(null);
        if (wrongListener != null) {
            throw failed(failed, wrongListener, null);
        }
        try {
            requireTopic(topic);
            requireSizes(topic, messages);
        } catch (KafkaException e) {
            throw failed(failed, problem(topic, e), e);
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        KafkaProducer<byte[], byte[]> sender = null;
        KafkaException failure = null;
        try {
            sender = producer();
            for (ProducerRecord<byte[], byte[]> each : messages) {
                sent.add(sender.send(each));
            }
        } catch (KafkaException e) {
            failure = e;
        }
        int stored = 0;
        for (Future<RecordMetadata> each : sent) {
            try {
                each.get(DELIVERY_MILLIS + ANSWER_MILLIS, TimeUnit.MILLISECONDS);
                stored++;
            } catch (ExecutionException e) {
                KafkaException one = kafka(e);
                // What is too large stays so, whatever else happened.
                failure = failure == null || one instanceof RecordTooLargeException ? one : failure;
            } catch (java.util.concurrent.TimeoutException nobodySends) {
                failure = failure == null ? new TimeoutException("the thread that sends has ended") : failure;
                break;
            }
        }
        if (failure != null) {
            if (sender != null && !goesOnAfter(failure)) {
                discard(sender);
            }
            String of = failed.size() == 1 ? "" : " (" + stored + " of " + failed.size() + " records were stored)";
            throw failed(failed, problem(topic, failure) + of, failure);
        }
    }

    private List<ProducerRecord<byte[], byte[]>> messages(String topic, FailedBatch failed) {
        InvocationRecord document = new InvocationRecord(failed, brokers.advertised());
        List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>(failed.size());
        for (PartitionRecords records : failed.records()) {
            for (int i = 0; i < records.size(); i++) {
                messages.add(new ProducerRecord<>(topic, records.key(i), document.ofRecord(records, i)));
            }
        }
        return messages;
    }

    /** Asked each time: a producer would have a broker create the topic that was deleted meanwhile. */
    private void requireTopic(String topic) throws InterruptedException {
        try {
            admin().describeTopics(List.of(topic)).allTopicNames().get();
        } catch (ExecutionException e) {
            throw kafka(e);
        }
    }

    /**
     * Asked before the first is sent: the others of the batch would be stored again with each attempt. Where nobody tells us the
     * limit, or the messages get smaller on their way, the broker decides.
     */
    private void requireSizes(String topic, List<ProducerRecord<byte[], byte[]>> messages) throws InterruptedException {
        if (!"none".equals(brokers.clientProperties().getOrDefault("compression.type", "none"))) {
            return;
        }
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        ConfigEntry setting;
        try {
            setting = admin().describeConfigs(List.of(resource)).all().get().get(resource).get("max.message.bytes");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException || e.getCause() instanceof UnsupportedVersionException) {
                return;
            }
            throw kafka(e);
        }
        if (setting == null || setting.value() == null) {
            return;
        }
        long limit = Long.parseLong(setting.value());
        for (ProducerRecord<byte[], byte[]> message : messages) {
            long size = MessageSize.of(message.key(), message.value());
            if (size > limit) {
                throw new RecordTooLargeException("it takes " + size + " bytes, and max.message.bytes is " + limit);
            }
        }
    }

    private static KafkaException kafka(ExecutionException e) {
        return e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    }

    private String problem(String topic, KafkaException e) throws InterruptedException {
        if (e instanceof UnknownTopicOrPartitionException) {
            return "the cluster at " + brokers.bootstrapServers() + " has no topic " + topic
                    + "; it must exist and is not created here";
        }
        if (e instanceof RecordTooLargeException) {
            return "a failed record with what is told of it is too large for topic " + topic + ": "
                    + DestinationFailedException.firstLine(e);
        }
        if (e instanceof TimeoutException) {
            ProbeResult found = probe.probe(brokers, List.of(topic), PROBE_PATIENCE);
            return found.kind() == ProbeResult.Kind.REACHABLE
                    ? "the brokers at " + brokers.bootstrapServers() + " did not answer in time: "
                            + DestinationFailedException.firstLine(e)
                    : found.message();
        }
        // "Failed to construct kafka producer" says less than what it was caused by.
        return DestinationFailedException.firstLine(e.getCause() == null ? e : e.getCause());
    }

    private static DestinationFailedException failed(FailedBatch failed, String problem, KafkaException e) {
        return new DestinationFailedException(failed.destination(), problem, e);
    }

    /** Whether the producer can be used again; an idempotent one may be in an error state for good. */
    private static boolean goesOnAfter(KafkaException e) {
        return e instanceof RetriableException || e instanceof RecordTooLargeException || e instanceof InvalidTopicException
                || e instanceof AuthorizationException && !(e instanceof ClusterAuthorizationException);
    }

    private void discard(KafkaProducer<byte[], byte[]> broken) {
        synchronized (this) {
            if (producer != broken) {
                return;
            }
            producer = null;
        }
        broken.close(Duration.ofSeconds(1));
    }

    private synchronized Admin admin() {
        requireOpen();
        if (admin == null) {
            Map<String, Object> settings = brokers.toClientSettings();
            settings.put("client.id", clientId);
            settings.put("request.timeout.ms", ANSWER_MILLIS);
            settings.put("default.api.timeout.ms", ANSWER_MILLIS);
            admin = Admin.create(settings);
        }
        return admin;
    }

    private synchronized KafkaProducer<byte[], byte[]> producer() {
        requireOpen();
        if (producer == null) {
            Map<String, Object> settings = brokers.toClientSettings();
            settings.put("client.id", clientId);
            settings.put("acks", "all");
            settings.put("enable.idempotence", true);
            // KAFKA-15591: of two batches for a new topic the broker may refuse the first, take the second, and then never the first.
            settings.put("max.in.flight.requests.per.connection", 1);
            settings.put("retries", Integer.MAX_VALUE);
            settings.put("linger.ms", 0);
            settings.put("max.block.ms", ANSWER_MILLIS);
            settings.put("request.timeout.ms", ANSWER_MILLIS);
            settings.put("delivery.timeout.ms", DELIVERY_MILLIS);
            // The broker's limit holds, not the client's.
            settings.put("max.request.size", MAX_REQUEST_BYTES);
            settings.put("buffer.memory", 2 * MAX_REQUEST_BYTES);
            // Kafka's least: a topic that nothing is sent to is asked about no longer, which would create it when it is deleted.
            settings.put("metadata.max.idle.ms", 5_000);
            KafkaProducer<byte[], byte[]> made = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
            producer = made;
            faults.watch("kafka-producer-network-thread | " + clientId, () -> discard(made));
        }
        return producer;
    }

    /** Called with the lock held. */
    private void requireOpen() {
        if (closed) {
            throw new KafkaException("the server is closing");
        }
    }

    /** Ends the clients within a moment. */
    void close() {
        KafkaProducer<byte[], byte[]> lastProducer;
        Admin lastAdmin;
        synchronized (this) {
            closed = true;
            lastProducer = producer;
            lastAdmin = admin;
            producer = null;
            admin = null;
        }
        if (lastProducer != null) {
            lastProducer.close(Duration.ZERO);
        }
        if (lastAdmin != null) {
            lastAdmin.close(Duration.ZERO);
        }
    }
}
