package dev.sluice.destination;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsEndpoints;
import dev.sluice.aws.CredentialSources;
import dev.sluice.cluster.BrokerProbe;
import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.ClusterDirectory;
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

    private final ClusterDirectory clusters;
    private final Supplier<AwsServices> makeAws;
    private final FatalFaults faults;
    private final Lane sqs;
    private final Lane sns;
    private final Lane s3;

    private final Map<Brokers, KafkaCluster> kafka = new ConcurrentHashMap<>();
    private final AtomicInteger kafkaClusters = new AtomicInteger();
    private volatile boolean closed;

    /** Guarded by this, which no caller of {@link #send} waits for. */
    private AwsServices aws;

    /** @param ids for the names of objects in a bucket */
    public Destinations(ClusterDirectory clusters, AwsEndpoints endpoints, Supplier<UUID> ids) {
        this(clusters, endpoints, ids, FatalFaults.unheard());
    }

    /** @param faults told when a thread that sends can't go on */
    public Destinations(ClusterDirectory clusters, AwsEndpoints endpoints, Supplier<UUID> ids, FatalFaults faults) {
        this(clusters, () -> new AwsServices(
                new AwsClients(endpoints, CredentialSources.ofTheSdk(), CALL_TIMEOUT), ids), faults);
        Objects.requireNonNull(endpoints, "endpoints");
        Objects.requireNonNull(ids, "ids");
    }

    /** @param makeAws called once, by the first batch that goes there */
    Destinations(ClusterDirectory clusters, Supplier<AwsServices> makeAws) {
        this(clusters, makeAws, FatalFaults.unheard());
    }

    private Destinations(ClusterDirectory clusters, Supplier<AwsServices> makeAws, FatalFaults faults) {
        this.clusters = Objects.requireNonNull(clusters, "clusters");
        this.makeAws = makeAws;
        this.faults = faults;
        this.sqs = new Lane("sqs", faults);
        this.sns = new Lane("sns", faults);
        this.s3 = new Lane("s3", faults);
    }

    @Override
    public CompletionStage<Void> send(FailedBatch failed) {
        String destination = failed.destination();
        DestinationAddress address = destination == null ? null : DestinationAddress.parse(destination).orElse(null);
        Brokers brokers = clusters.brokers(failed.mapping().source().eventSource()).found().orElse(null);
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
            return cluster(brokers).send(topic.name(), failed);
        }
        return CompletableFuture.failedFuture(new DestinationFailedException(destination,
                "it is neither the ARN of an SQS queue, an SNS topic or an S3 bucket nor kafka://TOPIC", null));
    }

    private KafkaCluster cluster(Brokers brokers) {
        KafkaCluster cluster = kafka.computeIfAbsent(brokers,
                unknown -> new KafkaCluster(unknown, kafkaClusters.incrementAndGet(), new BrokerProbe(clusters.listeners()), faults));
        if (closed) {
            // It may have come too late for close().
            cluster.close(Duration.ZERO);
        }
        return cluster;
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
        kafka.values().forEach(cluster -> cluster.close(left(deadline)));
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
