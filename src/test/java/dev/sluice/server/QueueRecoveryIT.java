package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.ChildServer;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers of their own process that are killed while a mapping in Queue mode has records under way. */
class QueueRecoveryIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int RECORDS = 1_000;
    private static final int KILLS = 3;

    @TempDir
    private Path directory;
    private final TestKafka kafka = TestKafka.shared();
    private final HandlerEndpoint endpoint = new HandlerEndpoint();

    @AfterEach
    void close() {
        endpoint.close();
    }

    @Test
    void everyRecordIsGivenToTheFunctionWhateverIsKilled() throws Exception {
        String topic = kafka.createTopic(TestKafka.topicName("killed"), 1);
        List<String> values = IntStream.range(0, RECORDS).mapToObj(i -> "v" + i).toList();
        String uuid = null;
        for (int i = 0; i <= KILLS; i++) {
            try (ChildServer process = new ChildServer(directory.resolve("data"), "--kafka", kafka.bootstrapServers())) {
                TestServer server = TestServer.at(process);
                if (uuid == null) {
                    server.function("f", endpoint);
                    uuid = server.uuid(server.send("POST", "/2015-03-31/event-source-mappings",
                            "{\"FunctionName\":\"f\",\"Topics\":[\"" + topic
                                    + "\"],\"SelfManagedEventSource\":{\"Endpoints\":{\"KAFKA_BOOTSTRAP_SERVERS\":[\""
                                    + kafka.bootstrapServers() + "\"]}},\"SourceAccessConfigurations\":[{\"Type\":\"VPC_SUBNET\",\"URI\":"
                                    + "\"subnet:subnet-local\"}],\"BatchSize\":5,\"SelfManagedKafkaEventSourceConfig\":{\"ConsumptionMode\":"
                                    + "\"Queue\"}}"));
                    server.awaitState(uuid, "Enabled");
                    kafka.produce(topic, values.toArray(String[]::new));
                }
                if (i < KILLS) {
                    int before = endpoint.values().size();
                    endpoint.hold();
                    await().atMost(PATIENCE).until(() -> endpoint.values().size() > before || endpoint.events().size() > before / 5 + 1);
                    process.kill();
                    endpoint.release();
                } else {
                    await().atMost(PATIENCE).until(() -> new HashSet<>(endpoint.values()).size() == RECORDS);
                    String group = uuid;
                    await().atMost(PATIENCE).until(() -> lag(group) == 0);
                }
            }
        }
        assertThat(endpoint.values()).containsAll(values);
    }

    private long lag(String group) throws Exception {
        Map<TopicPartition, SharePartitionOffsetInfo> offsets =
                kafka.admin().listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo(group).get();
        return offsets.values().stream().mapToLong(info -> info.lag().orElse(1L)).sum();
    }
}
