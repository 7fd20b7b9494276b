package dev.sluice.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.aws.AwsEndpoints;
import dev.sluice.dispatch.FailedBatch;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestAccess;
import dev.sluice.fixture.TestRecords;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A queue of a real emulator, as it starts: no set-up but {@code endpoints.sqs}. */
class ElasticMqIT {

    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:dlq";

    private final SQSRestServer server = SQSRestServerBuilder.withInterface("localhost").withDynamicPort().start();
    private final URI url = URI.create("http://localhost:" + server.waitUntilStarted().localAddress().getPort());
    private final Destinations destinations = new Destinations(TestAccess.to("k:1", Map.of()),
            new AwsEndpoints(url, null, null), UUID::randomUUID);
    private final SqsClient client = SqsClient.builder().endpointOverride(url).region(Region.US_EAST_1)
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "x"))).build();

    @AfterEach
    void close() {
        destinations.close();
        client.close();
        server.stopAndWait();
    }

    @Test
    void aQueueIsMissedUntilItExistsAndThenGetsTheBatch() throws Exception {
        FailedBatch failed = FailedRecords.batch(Mappings.aMapping(), QUEUE, "k:1",
                new TestRecords("orders", 0).add(5, 1_000, "a", "v").add(6, 2_000, null, null));
        assertThatThrownBy(() -> destinations.send(failed).toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class).hasMessageContaining(QUEUE).hasMessageContaining("QueueDoesNotExist");

        String queueUrl = client.createQueue(request -> request.queueName("dlq")).queueUrl();
        destinations.send(failed).toCompletableFuture().get(30, TimeUnit.SECONDS);

        String body = client.receiveMessage(request -> request.queueUrl(queueUrl).waitTimeSeconds(10)).messages().get(0).body();
        assertThat(new ObjectMapper().readTree(body).at("/KafkaBatchInfo/recordsInfo/orders-0/lastRecordOffset").asText())
                .isEqualTo("6");
    }
}
