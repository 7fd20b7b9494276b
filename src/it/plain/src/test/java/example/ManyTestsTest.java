package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.junit.SluiceTest;
import dev.sluice.testing.SluiceAccount;
import org.junit.jupiter.api.RepeatedTest;

/** Ends one test after the other. */
@SluiceTest
class ManyTestsTest {

    @RepeatedTest(20)
    void eachSeesItsOwn(SluiceAccount sluice) {
        String topic = sluice.topic();
        sluice.function("orders", event -> { });
        sluice.mapping("orders").onTopic(topic).create();
        sluice.produce(topic, "v");
        sluice.awaitDrained("orders");
        assertEquals(1, sluice.records("orders").size());
    }
}
