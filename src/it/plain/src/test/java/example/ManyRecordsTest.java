package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.junit.SluiceTest;
import dev.sluice.testing.NewRecord;
import dev.sluice.testing.SluiceAccount;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Waits for a thousand records while another class, whose function has the same name, ends one test after the other. */
@SluiceTest
class ManyRecordsTest {

    @Test
    void aThousandRecordsArrive(SluiceAccount sluice) {
        String topic = sluice.topic();
        sluice.function("orders", event -> { });
        sluice.mapping("orders").onTopic(topic).batchSize(10).create();
        for (int i = 0; i < 100; i++) {
            sluice.produce(topic, IntStream.range(0, 10).mapToObj(n -> NewRecord.of("r" + n)).toArray(NewRecord[]::new));
        }
        sluice.awaitDelivered("orders", 1_000);
        assertEquals(1_000, sluice.records("orders").size());
    }
}
