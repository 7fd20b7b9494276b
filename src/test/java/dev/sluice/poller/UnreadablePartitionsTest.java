package dev.sluice.poller;

import static dev.sluice.poller.PollingFixture.P0;
import static dev.sluice.poller.PollingFixture.P1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.poller.PollingFixture.TestConsumer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a poller does where the brokers have something that can't be read. */
class UnreadablePartitionsTest {

    private static final String NEXT_RECORD = "Received exception when fetching the next record from t-0. If needed, please seek past the"
            + " record to continue consumption.";

    private final PollingFixture fixture = new PollingFixture();
    private String damage = NEXT_RECORD;

    /** As Kafka's: while the damaged partition isn't paused, a poll that brought nothing else fails. */
    private final TestConsumer consumer = new TestConsumer() {
        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            if (records.isEmpty() && damage != null && assignment().contains(P0) && !paused().contains(P0)) {
                throw new KafkaException(damage, new KafkaException("Record batch for partition t-0 at offset 3 is invalid"));
            }
            return records;
        }
    };

    private PollSession open(TestConsumer of) {
        fixture.function.answer = PollingFixture.SUCCESS;
        PollSession session = fixture.session(fixture.mapping, of);
        session.open(true);
        return session;
    }

    private static void rounds(PollSession session, int rounds) {
        for (int i = 0; i < rounds; i++) {
            session.runOnce();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {NEXT_RECORD, "Encountered corrupt message when fetching offset 3 for topic-partition t-0",
            "Failed to make progress reading messages at t-0=3. Received a non-empty fetch response from the server, but no complete records"})
    void whatComesBeforeTheDamageAndInOtherPartitionsIsDelivered(String message) {
        damage = message;
        PollSession session = open(consumer.assigned(3, P0, P1));
        rounds(session, 6);
        consumer.updateEndOffsets(Map.of(P1, 5L));
        consumer.produce(P1, 3, 2);
        rounds(session, 4);
        session.close(Duration.ZERO);

        assertThat(consumer.commits).containsEntry(P0, 3L).containsEntry(P1, 5L);
        assertThat(fixture.told.reports).filteredOn(report -> report.startsWith("unreadable")).singleElement().asString()
                .startsWith("unreadable t-0 can't be read from offset 3 on")
                .contains("Record batch for partition t-0 at offset 3 is invalid", "Nothing is skipped", "mappings retry",
                        fixture.mapping.source().consumerGroupId());
        assertThat(fixture.told.reports).doesNotContain("readable");
    }

    @Test
    void aFailureThatNamesNoPartitionOfThisPollerIsNoDamage() {
        damage = NEXT_RECORD.replace("t-0", "t-01");
        PollSession session = open(consumer.assigned(3, P0, P1));

        assertThatThrownBy(() -> rounds(session, 6)).hasMessage(damage);
        session.close(Duration.ZERO);
        assertThat(fixture.told.reports).noneMatch(report -> report.startsWith("unreadable"));
    }

    @Test
    void itIsReadAgainWhenAskedAndThatItCanBeReadIsTold() {
        PollSession session = open(consumer.assigned(3, P0));
        rounds(session, 6);
        assertThat(session.over()).as("in 30 s").isFalse();
        session.retryNow();
        rounds(session, 1);
        assertThat(session.over()).isTrue();
        assertThat(session.over()).as("once").isFalse();
        session.close(Duration.ZERO);

        assertThat(fixture.told.reports.get(fixture.told.reports.size() - 1)).startsWith("unreadable");
    }
}
