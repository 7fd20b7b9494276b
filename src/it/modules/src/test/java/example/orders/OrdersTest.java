package example.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.junit.SluiceTest;
import dev.sluice.testing.SluiceAccount;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All of it on the module path. */
@SluiceTest
class OrdersTest {

    @Test
    void aModuleIsTested(SluiceAccount sluice) {
        assertTrue(getClass().getModule().isNamed());
        assertEquals("dev.sluice.junit", SluiceAccount.class.getModule().getName());
        Orders orders = new Orders();
        String topic = sluice.topic();
        sluice.function("orders", orders);
        sluice.mapping("orders").onTopic(topic).create();
        sluice.produce(topic, "v");
        sluice.awaitDelivered("orders", 1);
        assertEquals(List.of("v"), orders.values());
    }
}
