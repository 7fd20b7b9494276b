package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Nine functions with other filters each, and five records that all of them could get: which ones AWS delivered is in the table "Results"
 * of aws-samples/serverless-patterns, lambda-esm-msk-filters-sam, read from CloudWatch in 2023. The records are of the same shape.
 */
class RecordedFiltersIT {

    private static final String BASE = record("Event", "", 200, false);
    private static final String CODE_300 = record("Event", "", 300, false);
    private static final String REGION = record("Custom", "\"region\":\"us-west-2\",", 200, false);
    private static final String RBAC = record("Event", "", 200, true);
    private static final String PLAIN = "OrderNumber:98765";
    private static final List<String> RECORDS = List.of(BASE, CODE_300, REGION, RBAC, PLAIN);

    @TempDir
    private Path directory;
    private final TestKafka kafka = TestKafka.shared();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Map<String, HandlerEndpoint> functions = new LinkedHashMap<>();
    private final Map<String, String> mappings = new LinkedHashMap<>();
    private TestServer server;
    private String topic;

    @BeforeEach
    void listen() {
        logged.start();
        logger().addAppender(logged);
    }

    @AfterEach
    void stop() {
        logger().detachAppender(logged);
        if (server != null) {
            server.close();
        }
        functions.values().forEach(HandlerEndpoint::close);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("dev.sluice.poller.FilterNotice");
    }

    private static String record(String kind, String region, int code, boolean rbac) {
        return "{\"note\":\"n\",\"kind\":\"" + kind + "\"," + region + "\"apiVersion\":\"audit.test/v1\",\"user\":{\"groups\":[\"a\"]},"
                + "\"sourceIPs\":[\"10.0.0.1\"],\"RBAC\":" + rbac + ",\"responseStatus\":{\"metadata\":{},\"code\":" + code + "}}";
    }

    @Test
    void nineFunctionsGetOfFiveRecordsWhatAwsDelivered() {
        Map<String, String> delivered = deliver(Map.of());

        assertThat(delivered).containsExactly(Map.entry("1", "YYYYY"), Map.entry("2", "YYNYN"), Map.entry("3", "NYNNN"),
                Map.entry("4", "NYNYN"), Map.entry("5", "NNYNN"), Map.entry("6", "NNYNN"), Map.entry("7", "NYNNN"),
                Map.entry("8", "NNNNY"), Map.entry("9", "NNNNY"));

        // What nobody sees is counted, explained, and said once.
        JsonNode kinds = server.detail(mappings.get("2")).get("filteredOut");
        assertThat(kinds.toString()).isEqualTo("{\"records\":2,\"ofOtherFormat\":1,\"last\":{\"topic\":\"" + topic + "\",\"partition\":0,"
                + "\"offset\":4,\"reason\":\"its value is text, and no JSON object or array, and the filter asks for JSON\"}}");
        assertThat(server.detail(mappings.get("8")).at("/filteredOut/ofOtherFormat").asInt()).isEqualTo(4);
        assertThat(server.detail(mappings.get("1")).get("filteredOut").isNull()).isTrue();
        assertThat(server.detail(mappings.get("9")).at("/filteredOut/last/reason").asText())
                .isEqualTo("its value is JSON, and the filter asks for text");
        List<ILoggingEvent> warned = logged.list.stream().filter(event -> event.getFormattedMessage().contains(mappings.get("8"))).toList();
        assertThat(warned).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage()).contains(topic + "-0 offset 0", "its value is JSON", "asks for text",
                    "otherFormat: pass");
        });

        // The journal keeps it, and what comes later is added.
        server.stop();
        server.start();
        server.awaitState(mappings.get("2"), "Enabled");
        kafka.produce(topic, "more text");
        await().atMost(TestServer.PATIENCE).until(() -> server.detail(mappings.get("2")).at("/filteredOut/records").asInt() == 3);
    }

    @Test
    void onRequestARecordOfAnotherFormatIsFilteredByItsMetadataAloneAsTheGuideSays() {
        Map<String, String> delivered = deliver(Map.of("filters.otherFormat", "pass"));

        assertThat(delivered).containsExactly(Map.entry("1", "YYYYY"), Map.entry("2", "YYNYY"), Map.entry("3", "NYNNY"),
                Map.entry("4", "NYNYY"), Map.entry("5", "NNYNY"), Map.entry("6", "NNYNY"), Map.entry("7", "NYNNY"),
                Map.entry("8", "YYYYY"), Map.entry("9", "YYYYY"));
        assertThat(logged.list).noneMatch(event -> mappings.values().stream().anyMatch(event.getFormattedMessage()::contains));
    }

    /** Which of the records each function got, Y or N. */
    private Map<String, String> deliver(Map<String, String> settings) {
        server = TestServer.start(directory, kafka.bootstrapServers(), settings);
        topic = kafka.createTopic(TestKafka.topicName("ESMFiltersDemoTopic"), 1);
        kafka.produce(topic, RECORDS.toArray(String[]::new));
        map("1");
        map("2", "{'value':{'kind':['Event']}}");
        map("3", "{'value':{'kind':['Event'],'responseStatus':{'code':[{'numeric':['=',300]}]}}}");
        map("4", "{'value':{'responseStatus':{'code':[{'numeric':['>=',300]}]}}}", "{'value':{'RBAC':[true]}}");
        map("5", "{'value':{'kind':[{'anything-but':['Event']}]}}");
        map("6", "{'value':{'region':[{'prefix':'us-'}]}}");
        map("7", "{'value':{'responseStatus':{'code':[{'numeric':['>=',300,'<=',350]}]}}}");
        map("8", "{'value':[{'prefix':'OrderNumber'}]}");
        map("9", "{'topic':[{'prefix':'ESMFiltersDemoTopic'}],'value':[{'prefix':'Order'}]}");

        Map<String, String> delivered = new LinkedHashMap<>();
        mappings.forEach((name, uuid) -> {
            await().atMost(TestServer.PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            List<String> values = functions.get(name).values();
            StringBuilder got = new StringBuilder();
            RECORDS.forEach(record -> got.append(values.contains(record) ? 'Y' : 'N'));
            delivered.put(name, got.toString());
        });
        return delivered;
    }

    private void map(String name, String... patterns) {
        HandlerEndpoint endpoint = new HandlerEndpoint();
        functions.put(name, endpoint);
        server.function("f" + name, endpoint);
        List<String> filters = new ArrayList<>();
        for (String pattern : patterns) {
            filters.add("{\"Pattern\":\"" + pattern.replace("'", "\\\"") + "\"}");
        }
        String criteria = "\"FilterCriteria\":{\"Filters\":[" + String.join(",", filters) + "]}";
        mappings.put(name, patterns.length == 0 ? server.mapping(topic, "f" + name, "TRIM_HORIZON")
                : server.mapping(topic, "f" + name, "TRIM_HORIZON", criteria));
    }
}
