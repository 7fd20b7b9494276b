package dev.sluice.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsEndpoints;
import dev.sluice.aws.CredentialSources;
import dev.sluice.dispatch.FailedBatch;
import dev.sluice.fixture.AwsStub;
import dev.sluice.fixture.AwsStub.Asked;
import dev.sluice.fixture.AwsStub.Refusal;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestAccess;
import dev.sluice.fixture.TestRecords;
import dev.sluice.resource.Scope;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What the AWS SDK sends in our name, seen by a server of this test; serverless/serverless#12458 asks for these destinations. */
class AwsDestinationsIT {

    private static final String QUEUE = "arn:aws:sqs:eu-west-1:111122223333:dlq";
    private static final String TOPIC = "arn:aws:sns:eu-west-1:111122223333:alerts";
    private static final String BUCKET = "arn:aws:s3:::failed-batches";
    private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final AwsCredentialsProvider NONE = () -> {
        throw SdkClientException.create("Unable to load credentials from any of the providers in the chain");
    };

    private final AwsStub aws = new AwsStub();
    private final Destinations destinations = destinations(new AwsEndpoints(aws.url(), aws.url(), aws.url()), Duration.ofSeconds(20));

    @AfterEach
    void close() {
        aws.close();
        destinations.close();
    }

    @Test
    void aQueueGetsOneMessageForTheWholeBatch() throws Exception {
        FailedBatch failed = batchFor(QUEUE);

        send(failed);

        assertThat(aws.operations()).containsExactly("AmazonSQS.GetQueueUrl", "AmazonSQS.SendMessage");
        JsonNode resolve = new ObjectMapper().readTree(aws.asked().get(0).body());
        assertThat(resolve.get("QueueName").asText()).isEqualTo("dlq");
        assertThat(resolve.get("QueueOwnerAWSAccountId").asText()).isEqualTo("111122223333");
        JsonNode message = new ObjectMapper().readTree(aws.asked().get(1).body());
        assertThat(message.get("QueueUrl").asText()).isEqualTo("http://elsewhere.invalid:1/000000000000/dlq");
        assertThat(message.get("MessageBody").asText()).isEqualTo(new InvocationRecord(failed, "k:1").withoutEvent());
        assertThat(authorization(aws.asked().get(1))).matches("AWS4-HMAC-SHA256 Credential=test/\\d{8}/eu-west-1/sqs/aws4_request, .*");
    }

    @Test
    void aQueuesUrlIsAskedForOnceAndAgainAfterAFailure() throws Exception {
        send(batchFor(QUEUE));
        send(batchFor(QUEUE));
        assertThat(aws.operations()).containsExactly("AmazonSQS.GetQueueUrl", "AmazonSQS.SendMessage", "AmazonSQS.SendMessage");

        aws.refuse(new Refusal(400, "application/x-amz-json-1.0",
                "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"The specified queue does not exist.\"}"));
        assertThatThrownBy(() -> send(batchFor(QUEUE))).isInstanceOf(DestinationFailedException.class)
                .hasMessage("The on-failure destination " + QUEUE + " did not take the records:"
                        + " QueueDoesNotExist: The specified queue does not exist. (HTTP 400)");
        aws.asked().clear();
        send(batchFor(QUEUE));
        assertThat(aws.operations()).containsExactly("AmazonSQS.GetQueueUrl", "AmazonSQS.SendMessage");
    }

    @Test
    void aTopicGetsOneMessageForTheWholeBatch() throws Exception {
        FailedBatch failed = batchFor(TOPIC);

        send(failed);

        assertThat(aws.operations()).containsExactly("Publish");
        Map<String, String> form = Stream.of(aws.asked().get(0).body().split("&")).map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        assertThat(form).containsEntry("TopicArn", TOPIC).containsEntry("Message", new InvocationRecord(failed, "k:1").withoutEvent())
                .containsEntry("Version", "2010-03-31").hasSize(4);
        assertThat(authorization(aws.asked().get(0))).contains("Credential=test/").contains("/eu-west-1/sns/aws4_request");
    }

    @Test
    void aBucketGetsAnObjectWithTheWholeEvent() throws Exception {
        FailedBatch failed = FailedRecords.batch(Mappings.aMapping().id("6f9e1d2c-3b4a-4c5d-8e7f-0123456789ab")
                .scope(new Scope("111122223333", "ap-southeast-2")), BUCKET, "k:1", records("x".repeat(3_000_000)));

        send(failed);

        assertThat(aws.operations()).containsExactly("PUT");
        Asked put = aws.asked().get(0);
        assertThat(put.path()).isEqualTo("/failed-batches/aws/lambda/6f9e1d2c-3b4a-4c5d-8e7f-0123456789ab/orders-0/2019/11/14/"
                + "2019-11-14T00.38.06-" + ID);
        String document = new String(new InvocationRecord(failed, "k:1").withEvent(), StandardCharsets.UTF_8);
        assertThat(put.body().equals(document)).as("the document alone, without sizes or signatures of chunks").isTrue();
        assertThat(put.headers().getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(authorization(put)).contains("Credential=test/").contains("/ap-southeast-2/s3/aws4_request");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "arn:aws:sns:eu-west-1:111122223333:alerts | 404 | <ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code>"
                    + "<Message>Topic does not exist</Message></Error></ErrorResponse> | NotFound: Topic does not exist (HTTP 404)",
            "arn:aws:s3:::failed-batches | 404 | <Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message>"
                    + "</Error> | NoSuchBucket: The specified bucket does not exist (HTTP 404)",
            "arn:aws:s3:::failed-batches | 403 | ~~ | HTTP 403"
    })
    void whatAServiceRefusesFailsInItsWordsAndIsTakenLater(String destination, int status, String body, String said) throws Exception {
        aws.refuse(new Refusal(status, "text/xml", body));

        assertThatThrownBy(() -> send(batchFor(destination))).isInstanceOf(DestinationFailedException.class)
                .hasMessage("The on-failure destination " + destination + " did not take the records: " + said);

        send(batchFor(destination));
    }

    // AWS repeats the request in the further lines of its answer, with the session's token.
    @Test
    void repeatsNoRequestOfARefusedSignature() {
        aws.refuse(new Refusal(403, "application/x-amz-json-1.0", "{\"__type\":\"com.amazon.coral.service#SignatureDoesNotMatch\","
                + "\"message\":\"The request signature we calculated does not match.\\n\\nx-amz-security-token:hunter2\"}"));

        assertThatThrownBy(() -> send(batchFor(QUEUE))).hasMessageContaining("SignatureDoesNotMatch")
                .hasMessageEndingWith("does not match. (HTTP 403)");
    }

    @Test
    void aServiceThatRecoversAtOnceCostsNothingButTheSdksOwnAttempts() throws Exception {
        aws.refuse(new Refusal(503, "text/xml", ""), new Refusal(500, "text/xml", ""));

        send(batchFor(TOPIC));

        assertThat(aws.operations()).containsExactly("Publish", "Publish", "Publish");
    }

    @Test
    void aServiceThatIsDownIsNamedWithItsAddress() {
        aws.close();

        assertThatThrownBy(() -> send(batchFor(QUEUE))).isInstanceOf(DestinationFailedException.class).hasMessageContaining(QUEUE)
                .hasMessageContaining("127.0.0.1:" + aws.url().getPort()).hasMessageContaining("refused");
    }

    @Test
    void aServiceThatDoesNotAnswerHoldsNeitherTheCallerNorAnotherServiceUp() throws Exception {
        try (AwsStub silent = new AwsStub();
                Destinations hurried = destinations(new AwsEndpoints(silent.url(), aws.url(), aws.url()), Duration.ofSeconds(3))) {
            silent.hold();
            List<CompletableFuture<Void>> stuck = Stream.generate(() -> hurried.send(batchFor(QUEUE)).toCompletableFuture())
                    .limit(10).toList();

            await(hurried.send(batchFor(TOPIC)).toCompletableFuture());
            await(hurried.send(batchFor(BUCKET)).toCompletableFuture());

            assertThat(stuck.get(9)).as("a batch for the queue that doesn't answer").isNotDone();
            // Four at a time, so that these end together.
            for (CompletableFuture<Void> first : stuck.subList(0, 4)) {
                assertThatThrownBy(() -> await(first)).hasMessageEndingWith("did not take the records: no answer within 3000 ms");
            }
            assertThat(stuck.get(9)).as("a batch that waits for the first ones").isNotDone();
        }
    }

    @Test
    void aServerThatClosesEndsWhatWaitsForAService() {
        aws.hold();
        List<CompletableFuture<Void>> waiting = Stream.generate(() -> destinations.send(batchFor(TOPIC)).toCompletableFuture())
                .limit(10).toList();
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> !aws.asked().isEmpty());

        long begin = System.nanoTime();
        destinations.close(Duration.ofMillis(200));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(6));
        waiting.forEach(each -> assertThatThrownBy(() -> await(each)).hasMessageContaining(TOPIC).hasMessageContaining("closing"));
    }

    @ParameterizedTest
    @CsvSource({QUEUE + ",endpoints.sqs", TOPIC + ",endpoints.sns", BUCKET + ",endpoints.s3"})
    void withoutEndpointAndCredentialsTheSettingIsNamedAndNothingIsSent(String destination, String setting) {
        for (URI awsItself : new URI[] {null, URI.create("https://sqs.eu-west-1.amazonaws.com")}) {
            try (Destinations unset = destinations(new AwsEndpoints(awsItself, awsItself, awsItself), Duration.ofSeconds(3))) {
                assertThatThrownBy(() -> await(unset.send(batchFor(destination)).toCompletableFuture()))
                        .isInstanceOf(DestinationFailedException.class)
                        .hasMessage("The on-failure destination " + destination + " did not take the records: there are no AWS"
                                + " credentials to send with; set " + setting + " to the URL of an emulator, as in"
                                + " http://localhost:4566, or give the server credentials for AWS");
            }
        }
    }

    @Test
    void refusesADestinationOfAnotherKind() {
        String function = "arn:aws:lambda:us-east-1:000000000000:function:f";

        assertThatThrownBy(() -> send(batchFor(function))).isInstanceOf(DestinationFailedException.class).hasMessageContaining(function)
                .hasMessageContaining("neither the ARN of an SQS queue, an SNS topic or an S3 bucket nor kafka://TOPIC");
        assertThat(aws.asked()).isEmpty();
    }

    private static Destinations destinations(AwsEndpoints endpoints, Duration callTimeout) {
        return new Destinations(TestAccess.to("k:1", Map.of()), () -> new AwsServices(
                new AwsClients(endpoints, new CredentialSources(NONE, NONE), callTimeout), () -> ID));
    }

    private static FailedBatch batchFor(String destination) {
        return FailedRecords.batch(Mappings.aMapping(), destination, "k:1", records("a \"value\" \\ é"));
    }

    private static TestRecords records(String value) {
        return new TestRecords("orders", 0).add(5, 1_000, "a", value).add(6, 2_000, null, null);
    }

    private static String authorization(Asked asked) {
        return asked.headers().getFirst("Authorization");
    }

    private void send(FailedBatch failed) throws Exception {
        await(destinations.send(failed).toCompletableFuture());
    }

    private static void await(CompletableFuture<Void> sent) throws Exception {
        try {
            sent.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }
}
