package example

import dev.sluice.junit.SluiceTest
import dev.sluice.testing.SluiceAccount
import java.util.concurrent.CopyOnWriteArrayList
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

@SluiceTest
class OrdersTest {

    @Test
    fun `an order reaches the handler`(sluice: SluiceAccount) {
        val values = CopyOnWriteArrayList<String>()
        val topic = sluice.topic()
        sluice.function("orders") { event -> event.records().forEach { values.add(it.text()) } }
        sluice.mapping("orders").onTopic(topic).create()
        sluice.produce(topic, "{\"item\":\"book\"}")
        sluice.awaitDelivered("orders", 1)
        assertEquals(listOf("{\"item\":\"book\"}"), values)
    }
}
