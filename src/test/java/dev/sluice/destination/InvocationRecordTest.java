package dev.sluice.destination;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.dispatch.FailedBatch;
import dev.sluice.dispatch.FailureCondition;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestRecords;
import dev.sluice.resource.FunctionArn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * AWS Lambda developer guide, "Capturing discarded batches for Amazon MSK and self-managed Apache Kafka event sources", "Using a Kafka
 * topic as an on-failure destination". Asked for in aws/aws-cdk pull requests 28010 and 36164, serverless/serverless 12458.
 */
class InvocationRecordTest {

    private static final String SERVERS = "b-1:9092,b-2:9092";
    private static final long FIRST = Instant.parse("2019-11-14T00:38:04.835Z").toEpochMilli();
    private static final long LAST = Instant.parse("2019-11-14T00:38:05.580Z").toEpochMilli();

    private static final String EVENT = "{\"eventSource\":\"aws:kafka\",\"eventSourceArn\":\"" + Mappings.MSK_ARN + "\","
            + "\"bootstrapServers\":\"b-1:9092,b-2:9092\",\"records\":{"
            + "\"orders-0\":[{\"topic\":\"orders\",\"partition\":0,\"offset\":15,\"timestamp\":1573691884835,"
            + "\"timestampType\":\"CREATE_TIME\",\"key\":\"a2V5\",\"value\":\"SGVsbG8=\",\"headers\":[{\"trace\":[120]}]},"
            + "{\"topic\":\"orders\",\"partition\":0,\"offset\":17,\"timestamp\":1573691885580,"
            + "\"timestampType\":\"CREATE_TIME\",\"headers\":[{\"trace\":[120]}]}],"
            + "\"orders-3\":[{\"topic\":\"orders\",\"partition\":3,\"offset\":9,\"timestamp\":-1,"
            + "\"timestampType\":\"CREATE_TIME\",\"value\":\"\",\"headers\":[{\"trace\":[120]}]}]}}";

    private static final String BATCH = "\"requestContext\":{\"requestId\":\"316aa6d0-8154-4c5f-9af7-85d5f4a6bc81\","
            + "\"functionArn\":\"arn:aws:lambda:us-east-1:000000000000:function:my-kafka-function\","
            + "\"condition\":\"RetryAttemptsExhausted\",\"approximateInvokeCount\":3},"
            + "\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"$LATEST\",\"functionError\":\"Unhandled\"},"
            + "\"version\":\"1.0\",\"timestamp\":\"2019-11-14T00:38:06.021Z\","
            + "\"KafkaBatchInfo\":{\"batchSize\":3,\"eventSourceArn\":\"" + Mappings.MSK_ARN + "\","
            + "\"bootstrapServers\":\"b-1:9092,b-2:9092\",\"payloadSize\":" + EVENT.length() + ",\"recordsInfo\":{"
            + "\"orders-0\":{\"firstRecordOffset\":\"15\",\"lastRecordOffset\":\"17\","
            + "\"firstRecordTimestamp\":\"2019-11-14T00:38:04.835Z\",\"lastRecordTimestamp\":\"2019-11-14T00:38:05.580Z\"},"
            + "\"orders-3\":{\"firstRecordOffset\":\"9\",\"lastRecordOffset\":\"9\","
            + "\"firstRecordTimestamp\":null,\"lastRecordTimestamp\":null}}}";

    private final TestRecords first = new TestRecords("orders", 0).add(15, FIRST, "key", "Hello").add(17, LAST, null, null);
    private final TestRecords second = new TestRecords("orders", 3).add(9, -1, null, "");

    @Test
    void tellsAQueueOrATopicWhichRecordsFailedByteForByteAsAwsDocumentsIt() {
        assertThat(of(batch()).withoutEvent()).isEqualTo("{" + BATCH + "}");
    }

    @Test
    void tellsABucketTheWholeEventTooAsAString() {
        assertThat(text(of(batch()).withEvent())).isEqualTo("{" + BATCH + ",\"payload\":\"" + EVENT.replace("\"", "\\\"") + "\"}");
    }

    @Test
    void tellsATopicOfKafkaOneRecordWithItsEventAsAnObject() throws Exception {
        String event = "{\"eventSource\":\"aws:kafka\",\"eventSourceArn\":\"" + Mappings.MSK_ARN + "\","
                + "\"bootstrapServers\":\"b-1:9092,b-2:9092\",\"records\":{\"orders-0\":[{\"topic\":\"orders\",\"partition\":0,"
                + "\"offset\":15,\"timestamp\":1573691884835,\"timestampType\":\"CREATE_TIME\",\"key\":\"a2V5\",\"value\":\"SGVsbG8=\","
                + "\"headers\":[{\"trace\":[120]}]}]}}";

        assertThat(text(of(batch()).ofRecord(first, 0))).isEqualTo("{"
                + "\"requestContext\":{\"requestId\":\"316aa6d0-8154-4c5f-9af7-85d5f4a6bc81\","
                + "\"functionArn\":\"arn:aws:lambda:us-east-1:000000000000:function:my-kafka-function:$LATEST\","
                + "\"condition\":\"RetriesExhausted\",\"approximateInvokeCount\":3},"
                + "\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"$LATEST\",\"functionError\":\"Unhandled\"},"
                + "\"version\":\"1.0\",\"timestamp\":\"2019-11-14T00:38:06.021Z\","
                + "\"KafkaBatchInfo\":{\"batchSize\":1,\"eventSourceArn\":\"" + Mappings.MSK_ARN + "\","
                + "\"bootstrapServers\":\"b-1:9092,b-2:9092\",\"payloadSize\":" + event.length() + ","
                + "\"recordInfo\":{\"offset\":\"15\",\"timestamp\":\"2019-11-14T00:38:04.835Z\"}},"
                + "\"payload\":" + event + "}");
    }

    // Powertools for TypeScript, issues 4988 and 5016: a tombstone's value is absent, not null.
    @Test
    void tellsATopicOfKafkaATombstoneWithoutKeyAndValue() throws Exception {
        JsonNode tombstone = json(of(batch()).ofRecord(first, 1)).at("/payload/records/orders-0/0");

        assertThat(tombstone.get("offset").asLong()).isEqualTo(17);
        assertThat(tombstone.has("key") || tombstone.has("value")).isFalse();
    }

    @Test
    void leavesAQualifierAsTheMappingHasIt() throws Exception {
        Mappings mapping = Mappings.aMapping().function(new FunctionArn(Mappings.SCOPE, "f", "live"));
        InvocationRecord record = of(FailedRecords.batch(mapping, "kafka://dlq", SERVERS, first));

        assertThat(json(record.ofRecord(first, 0)).at("/requestContext/functionArn").asText()).endsWith(":function:f:live");
        assertThat(json(record.withEvent()).at("/requestContext/functionArn").asText()).endsWith(":function:f:live");
    }

    @Test
    void hasNoResponseWhereTheFunctionWasNeverInvoked() throws Exception {
        FailedBatch tooLarge = FailedRecords.batch(Mappings.aMapping().build(), SERVERS, FailureCondition.MAXIMUM_PAYLOAD_SIZE_EXCEEDED,
                null, second);

        for (byte[] document : new byte[][] {of(tooLarge).withEvent(), of(tooLarge).ofRecord(second, 0)}) {
            JsonNode json = json(document);
            assertThat(json.get("responseContext").isNull()).isTrue();
            assertThat(json.at("/requestContext/condition").asText()).isEqualTo("MaximumPayloadSizeExceeded");
            assertThat(json.at("/requestContext/requestId").isNull()).isTrue();
            assertThat(json.at("/requestContext/approximateInvokeCount").asInt()).isZero();
        }
    }

    @Test
    void hasNoFunctionErrorWhereTheAnswerHadNone() throws Exception {
        FailedBatch partial = FailedRecords.batch(Mappings.aMapping().build(), SERVERS, FailureCondition.RETRY_ATTEMPTS_EXHAUSTED,
                new FailedBatch.LastResponse(200, "$LATEST", null), first);

        assertThat(of(partial).withoutEvent()).contains("\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"$LATEST\"},");
    }

    @Test
    void hasNoArnOfASelfManagedSource() throws Exception {
        Mappings mapping = Mappings.aMapping().selfManagedKafka("kafka:9092");
        JsonNode info = json(of(FailedRecords.batch(mapping, "kafka://dlq", SERVERS, first)).withEvent()).get("KafkaBatchInfo");

        assertThat(info.fieldNames()).toIterable().containsExactly("batchSize", "bootstrapServers", "payloadSize", "recordsInfo");
    }

    @Test
    void saysRecordAgeExceededToEveryKind() throws Exception {
        FailedBatch old = FailedRecords.batch(Mappings.aMapping().build(), SERVERS, FailureCondition.RECORD_AGE_EXCEEDED,
                FailedRecords.UNHANDLED, first);

        assertThat(json(of(old).withEvent()).at("/requestContext/condition").asText()).isEqualTo("RecordAgeExceeded");
        assertThat(json(of(old).ofRecord(first, 1)).at("/requestContext/condition").asText()).isEqualTo("RecordAgeExceeded");
    }

    private FailedBatch batch() {
        return FailedRecords.batch(Mappings.aMapping(), "kafka://dlq", SERVERS, first, second);
    }

    private static InvocationRecord of(FailedBatch failed) {
        return new InvocationRecord(failed, SERVERS);
    }

    private static JsonNode json(byte[] document) throws Exception {
        return new ObjectMapper().readTree(document);
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.UTF_8);
    }
}
