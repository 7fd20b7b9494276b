package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.junit.SluiceTest;
import dev.sluice.testing.SluiceAccount;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;

/** The test's own, older Kafka client and Jackson stay what they are. */
@SluiceTest
class OwnClientsTest {

    @Test
    void anOlderProducerWrites(SluiceAccount sluice) throws Exception {
        assertEquals("2.8.2", AppInfoParser.getVersion());
        assertEquals("2.12.7", new ObjectMapper().version().toString());
        String topic = sluice.topic(2);
        sluice.function("orders", event -> { });
        sluice.mapping("orders").onTopic(topic).create();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", sluice.bootstrapServers()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, 1, "k", "{\"item\":\"book\"}")).get();
        }
        sluice.awaitDelivered("orders", 1);
        assertEquals("book", new ObjectMapper().readTree(sluice.records("orders").get(0).text()).path("item").asText());
    }

    @Test
    void whatCanNotArriveSaysWhy(SluiceAccount sluice) {
        sluice.function("orders", event -> { });
        sluice.mapping("orders").onTopic(sluice.topic()).enabled(false).create();
        AssertionError error = assertThrows(AssertionError.class, () -> sluice.awaitDelivered("orders", 1));
        assertEquals(true, error.getMessage().contains("Disabled"), error.getMessage());
    }
}
