package dev.sluice.poller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dispatch.PartitionOffsets;
import dev.sluice.dispatch.PastEvents;
import dev.sluice.fixture.FreePort;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestAccess;
import dev.sluice.fixture.TestKafka;
import dev.sluice.mapping.EventSourceMapping;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RecordsByOffsetIT {

    private final TestKafka kafka = TestKafka.shared();
    private final RecordsByOffset records = new RecordsByOffset(
            TestAccess.to(kafka.bootstrapServers(), Map.of()), Duration.ofSeconds(20));

    @Test
    void makesTheEventOfExactlyTheseRecordsOfAllTheirPartitions() {
        String topic = kafka.createTopic(TestKafka.topicName("again"), 2);
        kafka.produce(topic, 0, IntStream.range(0, 10).mapToObj(i -> "v" + i).toList());
        kafka.produce(topic, 1, List.of("w0", "w1"));

        String event = event(records.find(mapping(topic),
                List.of(PartitionOffsets.parse(topic, 0, "2-3,7"), PartitionOffsets.parse(topic, 1, "1"))));

        assertThat(event).startsWith("{\"eventSource\":\"aws:kafka\",\"eventSourceArn\":\"" + Mappings.MSK_ARN
                + "\",\"bootstrapServers\":\"" + kafka.bootstrapServers() + "\",\"records\":{\"" + topic + "-0\":[{");
        assertThat(event.split("\"value\":\"")).hasSize(5);
        for (String value : List.of("v2", "v3", "v7", "w1")) {
            assertThat(event).contains("\"value\":\"" + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void jumpsOverLongGaps() {
        String topic = kafka.createTopic(TestKafka.topicName("gaps"), 1);
        kafka.produce(topic, 0, IntStream.range(0, 25_000).mapToObj(i -> "v").toList());

        String event = event(records.find(mapping(topic), List.of(PartitionOffsets.parse(topic, 0, "0,5,24000-24001"))));

        assertThat(event).contains("\"offset\":0,", "\"offset\":5,", "\"offset\":24000,", "\"offset\":24001,");
        assertThat(event.split("\"offset\":")).hasSize(5);
    }

    @Test
    void joinsNoGroupAndMovesNoOffset() {
        String topic = kafka.createTopic(TestKafka.topicName("quiet"), 1);
        kafka.produce(topic, "a", "b");
        EventSourceMapping mapping = mapping(topic);

        event(records.find(mapping, List.of(PartitionOffsets.parse(topic, 0, "0-1"))));

        assertThat(kafka.committed(mapping.source().consumerGroupId())).isEmpty();
        assertThat(kafka.groupMembers(mapping.source().consumerGroupId())).isEmpty();
    }

    @Test
    void saysHowManyRecordsRetentionHasRemoved() throws Exception {
        String topic = kafka.createTopic(TestKafka.topicName("retained"), 1);
        kafka.produce(topic, "a", "b", "c", "d");
        kafka.admin().deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(2))).all()
                .get(20, TimeUnit.SECONDS);

        PastEvents.Found found = records.find(mapping(topic), List.of(PartitionOffsets.parse(topic, 0, "0-3")));

        assertThat(found).isEqualTo(new PastEvents.Gone("2 of the 4 records of " + topic + "-0 (offsets 0 to 3) are gone: retention or"
                + " compaction has removed them since"));
        assertThat(event(records.find(mapping(topic), List.of(PartitionOffsets.parse(topic, 0, "2-3"))))).contains("\"offset\":3");
    }

    @Test
    void saysWhenThePartitionOrItsTopicIsNoMoreOrTheTopicWasMadeAgain() {
        String topic = kafka.createTopic(TestKafka.topicName("deleted"), 1);
        kafka.produce(topic, "a");

        assertThat(records.find(mapping(topic), List.of(PartitionOffsets.parse(topic, 0, "5-6")))).isInstanceOf(PastEvents.Gone.class);
        assertThat(records.find(mapping(topic), List.of(PartitionOffsets.parse(topic, 1, "0")))).isInstanceOf(PastEvents.Gone.class);
        assertThat(records.find(mapping("never-made-" + topic), List.of(PartitionOffsets.parse("never-made-" + topic, 0, "0"))))
                .isInstanceOf(PastEvents.Gone.class);
    }

    @Test
    void aBrokerThatDoesNotAnswerTakesABoundedTime() throws Exception {
        int free = FreePort.one();
        RecordsByOffset nobody = new RecordsByOffset(TestAccess.to("127.0.0.1:" + free, Map.of()), Duration.ofSeconds(1));
        long start = System.nanoTime();

        PastEvents.Found found = nobody.find(mapping("t"), List.of(PartitionOffsets.parse("t", 0, "0")));

        assertThat(found).isInstanceOf(PastEvents.Unreadable.class);
        assertThat(((PastEvents.Unreadable) found).reason()).contains("127.0.0.1:" + free);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    private static EventSourceMapping mapping(String topic) {
        return Mappings.aMapping().topics(topic).build();
    }

    private static String event(PastEvents.Found found) {
        assertThat(found).isInstanceOf(PastEvents.Event.class);
        return new String(((PastEvents.Event) found).event(), StandardCharsets.UTF_8);
    }
}
