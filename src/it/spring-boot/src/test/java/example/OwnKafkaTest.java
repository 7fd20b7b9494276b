package example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.junit.SluiceExtension;
import dev.sluice.testing.SluiceAccount;
import dev.sluice.testing.SluiceServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.condition.EmbeddedKafkaCondition;
import org.springframework.kafka.test.context.EmbeddedKafka;

/** With the broker that the tests had before. */
@EmbeddedKafka(kraft = true, partitions = 1)
class OwnKafkaTest {

    @RegisterExtension
    static SluiceExtension sluice = SluiceExtension.of(SluiceServer.builder().kafka(() -> broker().getBrokersAsString()));

    private static EmbeddedKafkaBroker broker() {
        return EmbeddedKafkaCondition.getBroker();
    }

    @Test
    void itIsTheOneThatIsRead(SluiceAccount account) {
        assertThat(account.bootstrapServers()).isEqualTo(broker().getBrokersAsString());
        String topic = account.topic();
        account.function("f", event -> { });
        account.mapping("f").onTopic(topic).create();
        account.produce(topic, "v");
        account.awaitDelivered("f", 1);
        assertThat(account.records("f")).hasSize(1);
    }
}
