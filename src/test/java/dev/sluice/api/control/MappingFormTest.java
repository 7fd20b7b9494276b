package dev.sluice.api.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.mapping.FleetView;
import dev.sluice.mapping.FleetView.Detail;
import dev.sluice.mapping.FleetView.PartitionDetail;
import dev.sluice.mapping.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MappingFormTest {

    @Test
    void showsEachPartitionAndTheSumOfTheLag() {
        Detail detail = new Detail("kafka:9092", "group", new FleetView.Last(Trouble.FUNCTION_ERROR, "boom", Duration.ofSeconds(3)),
                List.of(
                        new PartitionDetail("t", 0, 10, 8, 7, 2, 4, Instant.parse("2026-01-31T12:00:00Z"),
                                new FleetView.Waiting(3, Duration.ofMillis(1_500), false)),
                        new PartitionDetail("t", 1, 5, -1, 5, 0, 0, null)));

        assertThat(MappingForm.toJson(detail)).hasToString(
                """
                        {"bootstrapServers":"kafka:9092","consumerGroupId":"group","lag":3,"lastError":"boom","partitions":[\
                        {"topic":"t","partition":0,"end":10,"openTransaction":8,"committed":7,"lag":3,"inFlight":2,"attempt":4,"nextAttempt":"2026-01-31T12:00:00Z","waiting":3,"windowEndsInSeconds":1.5},\
                        {"topic":"t","partition":1,"end":5,"openTransaction":null,"committed":5,"lag":0,"inFlight":0,"attempt":0,"nextAttempt":null,"waiting":0,"windowEndsInSeconds":null}]}""");
    }

    @Test
    void showsWhatIsUnknownAsNull() {
        ObjectNode json = MappingForm.toJson(new Detail("kafka:9092", "group", null, List.of(
                new PartitionDetail("t", 0, 10, -1, 7, 0, 0, null), new PartitionDetail("t", 1, -1, -1, -1, 0, 0, null))));

        assertThat(json.get("lag").isNull()).isTrue();
        assertThat(json.get("lastError").isNull()).isTrue();
        assertThat(json.get("partitions").get(1)).hasToString(
                """
                        {"topic":"t","partition":1,"end":null,"openTransaction":null,"committed":null,"lag":null,"inFlight":0,"attempt":0,"nextAttempt":null,"waiting":0,"windowEndsInSeconds":null}""");
    }

    @Test
    void noPartitionMeansNoLagRatherThanNone() {
        ObjectNode json = MappingForm.toJson(new Detail("kafka:9092", "group", null, List.of()));

        assertThat(json.get("lag").isNull()).isTrue();
        assertThat(json.get("partitions")).isEmpty();
    }
}
