package dev.sluice.cluster;

import dev.sluice.cluster.RecordNotSentException.Reason;
import dev.sluice.fault.FatalFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Was this record stored, and where? Sends records to one cluster and waits for the broker's answer, a bounded time. Its producer is
 * made when the first record is sent, as that takes a moment which a server that never sends should not pay. Thread-safe.
 */
public final class RecordSender implements AutoCloseable {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(2);
    /** Every record has an answer within the timeout, unless there is nobody left to give one. */
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final int MAX_REQUEST_BYTES = 64 * 1024 * 1024;

    private final Target target;
    private final Duration timeout;
    private final FatalFaults faults;
    private final BrokerProbe probe;
    private final ClientPool<KafkaProducer<byte[], byte[]>> producers;

    /** Whose topics they are, as of now. */
    private interface Target {
        SourceBrokers find() throws InterruptedException;

        default void refused(Brokers brokers, Throwable failure) {
            // Of brokers that are what they are.
        }
    }

    /** @param timeout how long a record may take; then it counts as not stored, though the broker may have stored it all the same */
    public RecordSender(Brokers brokers, Duration timeout) {
        this(brokers, timeout, FatalFaults.unheard());
    }

    /** @param faults told when the thread that sends can't go on */
    public RecordSender(Brokers brokers, Duration timeout, FatalFaults faults) {
        this(() -> new SourceBrokers.Found(brokers), timeout, new BrokerProbe(new Listeners()), faults, any -> false);
    }

    /** To the default cluster. @param faults told when the thread that sends can't go on */
    public RecordSender(BrokerAccess access, Duration timeout, FatalFaults faults) {
        this(new Target() {
            @Override
            public SourceBrokers find() throws InterruptedException {
                return access.ofDefaultCluster();
            }

            @Override
            public void refused(Brokers brokers, Throwable failure) {
                access.failed(brokers, failure);
            }
        }, timeout, new BrokerProbe(access), faults, access::outdated);
        access.onChange(producers::dropOutdated);
    }

    private RecordSender(Target target, Duration timeout, BrokerProbe probe, FatalFaults faults, Predicate<Brokers> outdated) {
        this.target = target;
        this.timeout = Objects.requireNonNull(timeout, "timeout");
        this.probe = Objects.requireNonNull(probe, "probe");
        this.faults = Objects.requireNonNull(faults, "faults");
        this.producers = new ClientPool<>(this::producer, last -> last.close(Duration.ZERO), outdated);
    }

    /** @throws RecordNotSentException when it was not stored, with the reason */
    public RecordPosition send(String topic, Integer partition, byte[] key, byte[] value, List<OutgoingRecord.Header> headers)
            throws InterruptedException {
        return sendAll(topic, List.of(new OutgoingRecord(partition, key, value, null, headers))).get(0);
    }

    /**
     * Sends all, in order, and returns when all are stored.
     *
     * @throws RecordNotSentException for the first one that was not stored; the message says how many others were
     */
    public List<RecordPosition> sendAll(String topic, List<OutgoingRecord> records) throws InterruptedException {
        SourceBrokers source = target.find();
        Brokers brokers = source.found().orElseThrow(() -> notFound(source));
        Optional<String> wrongListener = probe.wrongListener(brokers, PROBE_PATIENCE);
        if (wrongListener.isPresent()) {
            throw new RecordNotSentException(Reason.BROKER_UNREACHABLE, wrongListener.get(), null);
        }
        ClientPool<KafkaProducer<byte[], byte[]>>.Lease lease;
        try {
            lease = producers.take(brokers);
        } catch (KafkaException e) {
            throw explained(brokers, topic, e, 0, records.size());
        }
        try (lease) {
            return send(brokers, lease.client(), topic, records);
        } catch (RecordNotSentException e) {
            if (e.getCause() instanceof AuthenticationException) {
                target.refused(brokers, e.getCause());
                lease.discard(); // it would log in so again and again
            }
            throw e;
        }
    }

    private List<RecordPosition> send(Brokers brokers, KafkaProducer<byte[], byte[]> sender, String topic, List<OutgoingRecord> records)
            throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
        Exception failed = null;
        try {
            checkPartitions(brokers, sender, topic, records);
            for (OutgoingRecord each : records) {
                sent.add(sender.send(toProducerRecord(topic, each)));
            }
        } catch (KafkaException e) {
            failed = e;
        }
        long deadline = System.nanoTime() + timeout.plus(GRACE).toNanos();
        List<RecordPosition> positions = new ArrayList<>(sent.size());
        for (Future<RecordMetadata> each : sent) {
            try {
                RecordMetadata stored = each.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                positions.add(new RecordPosition(stored.partition(), stored.offset(), stored.timestamp()));
            } catch (ExecutionException e) {
                failed = failed == null ? (Exception) e.getCause() : failed;
            } catch (java.util.concurrent.TimeoutException noThreadAnyMore) {
                failed = failed == null ? new TimeoutException("the thread that sends has ended") : failed;
            }
        }
        if (failed != null) {
            throw explained(brokers, topic, failed, positions.size(), records.size());
        }
        return positions;
    }

    private static RecordNotSentException notFound(SourceBrokers source) {
        Reason reason = source.match(found -> Reason.BROKER_UNREACHABLE, notYet -> Reason.BROKER_UNREACHABLE, refused -> Reason.REFUSED,
                failed -> Reason.REFUSED);
        return new RecordNotSentException(reason, source.obstacle().orElseThrow(), null);
    }

    /** Closes the producer, if there is one. Nothing can be sent afterwards. */
    @Override
    public void close() {
        producers.close(last -> last.close(CLOSE_PATIENCE));
    }

    private KafkaProducer<byte[], byte[]> producer(Brokers brokers) {
        int millis = (int) timeout.toMillis();
        Map<String, Object> settings = brokers.toClientSettings();
        settings.put("client.id", "sluice-sender");
        settings.put("linger.ms", 0);
        // The broker that is about to lead a new topic's partition may refuse one batch, take the next, and then never the first.
        settings.put("max.in.flight.requests.per.connection", 1); // KAFKA-15591
        settings.put("max.block.ms", millis);
        settings.put("request.timeout.ms", millis);
        settings.put("delivery.timeout.ms", millis);
        settings.put("max.request.size", MAX_REQUEST_BYTES);
        settings.put("buffer.memory", 2 * MAX_REQUEST_BYTES);
        // A topic that the broker makes for the first record is known after a few milliseconds, not only after 100.
        settings.put("retry.backoff.ms", 10);
        // So that a partition added, or a topic made again, is known soon.
        settings.put("metadata.max.age.ms", 5_000);
        KafkaProducer<byte[], byte[]> made = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        // Its thread dies of an Error, and nothing that is sent with it afterwards gets an answer.
        faults.watch("kafka-producer-network-thread | sluice-sender", () -> producers.discard(made));
        return made;
    }

    private static ProducerRecord<byte[], byte[]> toProducerRecord(String topic, OutgoingRecord outgoing) {
        ProducerRecord<byte[], byte[]> toSend = new ProducerRecord<>(topic, outgoing.partition(), outgoing.timestamp(), outgoing.key(),
                outgoing.value());
        outgoing.headers().forEach(header -> toSend.headers().add(header.name(), header.value()));
        return toSend;
    }

    /**
     * The producer itself would wait in vain for a partition that doesn't exist. Creates the topic where the broker does that, but not
     * for a partition that the new topic would perhaps not have.
     */
    private void checkPartitions(Brokers brokers, KafkaProducer<byte[], byte[]> producer, String topic, List<OutgoingRecord> records)
            throws InterruptedException {
        List<Integer> wanted = records.stream().map(OutgoingRecord::partition).filter(Objects::nonNull).distinct().toList();
        if (wanted.isEmpty()) {
            return;
        }
        int highest = wanted.stream().mapToInt(Integer::intValue).max().orElse(0);
        if (highest > 0 && probe.probe(brokers, List.of(topic), PROBE_PATIENCE).kind() == ProbeResult.Kind.TOPIC_MISSING) {
            throw new RecordNotSentException(Reason.UNKNOWN_PARTITION,
                    "Topic " + topic + " does not exist, so it has no partition " + highest
                            + "; create it with its partitions first, or send without a partition",
                    null);
        }
        int partitions = producer.partitionsFor(topic).size();
        for (int partition : wanted) {
            if (partition < 0 || partition >= partitions) {
                throw new RecordNotSentException(Reason.UNKNOWN_PARTITION, "Topic " + topic + " has no partition " + partition
                        + "; it has " + partitions + ", 0 to " + (partitions - 1), null);
            }
        }
    }

    private RecordNotSentException explained(Brokers brokers, String topic, Exception e, int stored, int all) throws InterruptedException {
        String of = all == 1 ? "" : " (" + stored + " of " + all + " records were stored)";
        if (e instanceof RecordTooLargeException) {
            return new RecordNotSentException(Reason.RECORD_TOO_LARGE, "The record is too large for topic " + topic + ": "
                    + e.getMessage() + of, e);
        }
        if (e instanceof InvalidTopicException) {
            return new RecordNotSentException(Reason.INVALID_TOPIC, "\"" + topic + "\" is no topic name that Kafka allows" + of, e);
        }
        boolean notConnected = e instanceof TimeoutException || e instanceof UnknownTopicOrPartitionException
                || e instanceof AuthenticationException || !(e instanceof ApiException);
        if (notConnected) {
            ProbeResult found = probe.probe(brokers, List.of(topic), PROBE_PATIENCE);
            return switch (found.kind()) {
                case TOPIC_MISSING -> new RecordNotSentException(Reason.UNKNOWN_TOPIC, found.message() + of, e);
                case REFUSED -> new RecordNotSentException(Reason.REFUSED, found.message() + of, e);
                case REACHABLE -> new RecordNotSentException(Reason.BROKER_UNREACHABLE, "The broker did not store the record within "
                        + timeout.toMillis() + " ms: " + e.getMessage() + of, e);
                case BOOTSTRAP_UNREACHABLE, NOT_KAFKA, WRONG_LISTENER, ADVERTISED_UNREACHABLE ->
                    new RecordNotSentException(Reason.BROKER_UNREACHABLE, found.message() + of, e);
            };
        }
        return new RecordNotSentException(Reason.REFUSED, "Topic " + topic + " did not take the record: " + e.getMessage() + of, e);
    }
}
