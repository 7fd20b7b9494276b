package dev.sluice.destination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestRecords;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ObjectKeyTest {

    // AWS Lambda developer guide, "Retain discarded batch records for a Kinesis Data Streams event source", with a shard there.
    @Test
    void isNamedByMappingPartitionDayTimeAndChance() {
        Mappings mapping = Mappings.aMapping().id("6f9e1d2c-3b4a-4c5d-8e7f-0123456789ab");

        assertThat(ObjectKey.of(FailedRecords.batch(mapping, "arn:aws:s3:::b", "k:1", new TestRecords("orders", 3).add(1, 1, null, "v"),
                new TestRecords("orders", 4).add(1, 1, null, "v")), UUID.fromString("00000000-0000-4000-8000-000000000001")))
                .isEqualTo("aws/lambda/6f9e1d2c-3b4a-4c5d-8e7f-0123456789ab/orders-3/2019/11/14/2019-11-14T00.38.06"
                        + "-00000000-0000-4000-8000-000000000001");
    }
}
