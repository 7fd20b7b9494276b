package dev.sluice.destination;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsEndpoints;
import dev.sluice.aws.CredentialSources;
import dev.sluice.cluster.BrokerAccess;
import dev.sluice.cluster.BrokerProbe;
import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.ClientPool;
import dev.sluice.cluster.SourceBrokers;
import dev.sluice.destination.DestinationAddress.Bucket;
import dev.sluice.destination.DestinationAddress.KafkaTopic;
import dev.sluice.destination.DestinationAddress.Queue;
import dev.sluice.destination.DestinationAddress.Topic;
import dev.sluice.dispatch.FailedBatch;
import dev.sluice.dispatch.OnFailureDestination;
import dev.sluice.fault.FatalFaults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.AuthenticationException;

/**
 * Who takes failed batches to the destination of their mapping: a queue, a topic or a bucket of AWS or of an emulator, or a
 * topic of the cluster they came from. Tries once, but for the few attempts the AWS SDK and Kafka's producer make by themselves
 * within seconds.
 *
 * <p>Clients are made by the first batch that needs them, on a thread of its destination. Thread-safe, single-use: after
 * {@link #close(Duration)} every batch fails.
 */
public final class Destinations implements OnFailureDestination, AutoCloseable {

    /** For a message with all its attempts. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    private final BrokerAccess access;
    private final Supplier<AwsServices> makeAws;
    private final FatalFaults faults;
    private final Lane sqs;
    private final Lane sns;
    private final Lane s3;

    /** One for each cluster, by its brokers before anybody logs in. */
    private final Map<Brokers, Lane> kafka = new ConcurrentHashMap<>();
    private final ClientPool<KafkaCluster> clusters;
    private final AtomicInteger kafkaClusters = new AtomicInteger();
    private volatile boolean closed;

    /** Guarded by this, which no caller of {@link #send} waits for. */
    private AwsServices aws;

    /** @param ids for the names of objects in a bucket */
    public Destinations(BrokerAccess access, AwsEndpoints endpoints, Supplier<UUID> ids) {
        this(access, endpoints, ids, FatalFaults.unheard());
    }

    /** @param faults told when a thread that sends can't go on */
    public Destinations(BrokerAccess access, AwsEndpoints endpoints, Supplier<UUID> ids, FatalFaults faults) {
        this(access, () -> new AwsServices(
                new AwsClients(endpoints, CredentialSources.ofTheSdk(), CALL_TIMEOUT), ids), faults);
        Objects.requireNonNull(endpoints, "endpoints");
        Objects.requireNonNull(ids, "ids");
    }

    /** @param makeAws called once, by the first batch that goes there */
    Destinations(BrokerAccess access, Supplier<AwsServices> makeAws) {
        this(access, makeAws, FatalFaults.unheard());
    }

    private Destinations(BrokerAccess access, Supplier<AwsServices> makeAws, FatalFaults faults) {
        this.access = Objects.requireNonNull(access, "access");
        this.makeAws = makeAws;
        this.faults = faults;
        this.clusters = new ClientPool<>(brokers -> new KafkaCluster(brokers, kafkaClusters.incrementAndGet(),
                new BrokerProbe(access), faults), KafkaCluster::close, access::outdated);
        access.onChange(clusters::dropOutdated);
        this.sqs = new Lane("sqs", faults);
        this.sns = new Lane("sns", faults);
        this.s3 = new Lane("s3", faults);
    }

    @Override
    public CompletionStage<Void> send(FailedBatch failed) {
        String destination = failed.destination();
        DestinationAddress address = destination == null ? null : DestinationAddress.parse(destination).orElse(null);
        Brokers brokers = access.clusters().brokers(failed.mapping().source().eventSource()).found().orElse(null);
        if (brokers == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("there are no brokers for the mapping's event source"));
        }
        String servers = brokers.advertised();
        if (address instanceof Queue queue) {
            return sqs.send(destination, () -> aws(destination).send(queue, failed, servers));
        }
        if (address instanceof Topic topic) {
            return sns.send(destination, () -> aws(destination).send(topic, failed, servers));
        }
        if (address instanceof Bucket bucket) {
            return s3.send(destination, () -> aws(destination).send(bucket, failed, servers));
        }
        if (address instanceof KafkaTopic topic) {
            return lane(brokers).send(destination, () -> sendToKafka(topic.name(), failed));
        }
        return CompletableFuture.failedFuture(new DestinationFailedException(destination,
                "it is neither the ARN of an SQS queue, an SNS topic or an S3 bucket nor kafka://TOPIC", null));
    }

    private Lane lane(Brokers brokers) {
        Lane lane = kafka.computeIfAbsent(brokers, unknown -> new Lane("kafka", faults));
        if (closed) {
            // It may have come too late for close().
            lane.close(Duration.ZERO);
        }
        return lane;
    }

    /** On the thread of its cluster: who the brokers are may have to be asked, too. */
    private void sendToKafka(String topic, FailedBatch failed) throws InterruptedException {
        SourceBrokers source = access.of(failed.mapping());
        Brokers brokers = source.found().orElseThrow(
                () -> new DestinationFailedException(failed.destination(), source.obstacle().orElseThrow(), null));
        try (ClientPool<KafkaCluster>.Lease lease = take(brokers, failed.destination())) {
            try {
                lease.client().send(topic, failed);
            } catch (DestinationFailedException e) {
                access.failed(brokers, e);
                if (e.getCause() instanceof AuthenticationException) {
                    lease.discard(); // its clients would log in so again and again
                }
                throw e;
            }
        }
    }

    private ClientPool<KafkaCluster>.Lease take(Brokers brokers, String destination) {
        try {
            return clusters.take(brokers);
        } catch (IllegalStateException closing) {
            throw new DestinationFailedException(destination, "the server is closing", closing);
        }
    }

    private synchronized AwsServices aws(String destination) {
        if (closed) {
            throw new DestinationFailedException(destination, "the server is closing", null);
        }
        if (aws == null) {
            aws = makeAws.get();
        }
        return aws;
    }

    /** Gives what is being sent {@code within} this time, interrupts it, and closes all clients within a moment. */
    public void close(Duration within) {
        closed = true;
        long deadline = System.nanoTime() + within.toNanos();
        kafka.values().forEach(lane -> lane.close(left(deadline)));
        clusters.close(KafkaCluster::close);
        List.of(sqs, sns, s3).forEach(lane -> lane.close(left(deadline)));
        AwsServices last;
        synchronized (this) {
            last = aws;
            aws = null;
        }
        if (last != null) {
            last.close();
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(2));
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }
}
