package dev.sluice.destination;

import dev.sluice.aws.AwsCallFailedException;
import dev.sluice.aws.AwsClients;
import dev.sluice.destination.DestinationAddress.Bucket;
import dev.sluice.destination.DestinationAddress.Queue;
import dev.sluice.destination.DestinationAddress.Topic;
import dev.sluice.dispatch.FailedBatch;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * How failed batches get into queues, topics and buckets: one message or object for each batch. There is one client for each
 * service and region. Blocks for as long as {@link AwsClients} allows. Thread-safe; what uses it ends before {@link #close}.
 */
final class AwsServices implements AutoCloseable {

    private final AwsClients clients;
    private final Supplier<UUID> ids;
    private final Map<String, SqsClient> sqs = new ConcurrentHashMap<>();
    private final Map<String, SnsClient> sns = new ConcurrentHashMap<>();
    private final Map<String, S3Client> s3 = new ConcurrentHashMap<>();
    private final Map<Queue, String> queueUrls = new ConcurrentHashMap<>();

    AwsServices(AwsClients clients, Supplier<UUID> ids) {
        this.clients = clients;
        this.ids = ids;
    }

    void send(Queue queue, FailedBatch failed, String bootstrapServers) {
        String body = new InvocationRecord(failed, bootstrapServers).withoutEvent();
        call(AwsClients.Service.SQS, failed, () -> {
            SqsClient client = sqs.computeIfAbsent(queue.region(), clients::sqs);
            String url = url(queue, client);
            boolean accepted = false;
            try {
                Object sent = client.sendMessage(request -> request.queueUrl(url).messageBody(body));
                accepted = true;
                return sent;
            } finally {
                if (!accepted) {
                    // It may have been made again elsewhere.
                    queueUrls.remove(queue, url);
                }
            }
        });
    }

    /** Asked outside of the map: who waits for one queue must not wait for each that asks before. */
    private String url(Queue queue, SqsClient client) {
        String known = queueUrls.get(queue);
        if (known != null) {
            return known;
        }
        String url = client.getQueueUrl(request -> request.queueName(queue.name()).queueOwnerAWSAccountId(queue.accountId()))
                .queueUrl();
        queueUrls.put(queue, url);
        return url;
    }

    void send(Topic topic, FailedBatch failed, String bootstrapServers) {
        String message = new InvocationRecord(failed, bootstrapServers).withoutEvent();
        call(AwsClients.Service.SNS, failed, () -> sns.computeIfAbsent(topic.region(), clients::sns)
                .publish(request -> request.topicArn(topic.arn()).message(message)));
    }

    void send(Bucket bucket, FailedBatch failed, String bootstrapServers) {
        byte[] document = new InvocationRecord(failed, bootstrapServers).withEvent();
        PutObjectRequest put = PutObjectRequest.builder().bucket(bucket.name()).key(ObjectKey.of(failed, ids.get()))
                .contentType("application/json").build();
        String region = failed.mapping().scope().region();
        call(AwsClients.Service.S3, failed, () -> s3.computeIfAbsent(region, clients::s3)
                .putObject(put, RequestBody.fromBytes(document)));
    }

    private void call(AwsClients.Service service, FailedBatch failed, Supplier<?> request) {
        try {
            clients.call(service, request);
        } catch (AwsCallFailedException e) {
            throw new DestinationFailedException(failed.destination(), e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        sqs.values().forEach(SqsClient::close);
        sns.values().forEach(SnsClient::close);
        s3.values().forEach(S3Client::close);
        clients.close();
    }
}
