package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.fixture.MappingMember;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every member of {@link MappingMember} on all its ways: from a request and from the file into the tables and out of them again, into
 * answers and onto the terminal; changed by an update and by another file. Nothing polls: the mappings are disabled, or find no broker.
 */
class MappingMembersIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MAPPINGS = "/2015-03-31/event-source-mappings";
    private static final String NO_BROKER = "localhost:1";

    @TempDir
    private Path directory;
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.startWithFile(directory, NO_BROKER, Map.of("relaxed", "true", "timeouts.broker", "1s", "timeouts.stop", "1s"),
                file(0));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aRequestSaysIt() throws Exception {
        Map<MappingMember, String> created = new LinkedHashMap<>();
        for (MappingMember member : MappingMember.values()) {
            if (member.isOfAws()) {
                String uuid = server.uuid(server.send("POST", MAPPINGS, request(member).toString()));
                created.put(member, uuid);
                assertAnswer(member, 0, uuid);
            }
        }
        server.stop();
        server.start();
        for (Map.Entry<MappingMember, String> each : created.entrySet()) {
            assertAnswer(each.getKey(), 0, each.getValue());
        }
        for (Map.Entry<MappingMember, String> each : created.entrySet()) {
            if (each.getKey().row().updatable()) {
                JsonNode before = answer(each.getKey(), each.getValue());
                String update = '{' + each.getKey().row().request(1) + '}';
                assertThat(server.update(each.getValue(), update).statusCode()).as(update).isEqualTo(202);
                assertAnswer(each.getKey(), 1, each.getValue());
                assertThat(answer(each.getKey(), each.getValue())).as(each.getKey().name()).isNotEqualTo(before);
            }
        }
    }

    @Test
    void theFileSaysIt() throws Exception {
        Map<MappingMember, JsonNode> before = new LinkedHashMap<>();
        for (Map.Entry<MappingMember, String> each : declared().entrySet()) {
            assertAnswer(each.getKey(), 0, each.getValue());
            assertShown(each.getKey(), each.getValue());
            before.put(each.getKey(), answer(each.getKey(), each.getValue()));
        }
        server.stop();
        server.start();
        for (Map.Entry<MappingMember, String> each : declared().entrySet()) {
            assertThat(answer(each.getKey(), each.getValue())).as(each.getKey().name()).isEqualTo(before.get(each.getKey()));
        }
        server.stop();
        server.file(file(1));
        server.start();
        for (Map.Entry<MappingMember, String> each : declared().entrySet()) {
            assertAnswer(each.getKey(), 1, each.getValue());
            assertThat(answer(each.getKey(), each.getValue())).as(each.getKey().name()).isNotEqualTo(before.get(each.getKey()));
        }
    }

    @Test
    void everyColumnIsOfAMember() throws Exception {
        List<String> inTable = new ArrayList<>(MappingMember.COLUMNS_NOT_SAID);
        Stream.of(MappingMember.values()).forEach(member -> inTable.addAll(member.row().columns()));
        server.stop();
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data").resolve("sluice.db"))) {
            List<String> columns = new ArrayList<>();
            for (String table : texts(database, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'mapping%'")) {
                for (String column : texts(database, "SELECT name FROM pragma_table_info('" + table + "')")) {
                    if (table.equals("mappings")) {
                        columns.add(column);
                    } else if (!column.equals("mapping_id") && !column.equals("position")) {
                        columns.add(table + "." + column);
                    }
                }
            }
            assertThat(columns).containsExactlyInAnyOrderElementsOf(inTable.stream().distinct().toList());
        }
    }

    private static List<String> texts(Connection database, String sql) throws SQLException {
        try (ResultSet rows = database.createStatement().executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    private static ObjectNode request(MappingMember member) throws Exception {
        ObjectNode body =
                (ObjectNode) JSON.readTree("{\"FunctionName\":\"asked-" + function(member) + "\",\"Topics\":[\"asked-" + function(member)
                        + "\"],\"StartingPosition\":\"LATEST\",\"Enabled\":false}");
        JsonNode said = JSON.readTree('{' + member.row().request(0) + '}');
        if (member.row().msk()) {
            body.put("EventSourceArn", TestServer.CLUSTER);
        } else if (!said.has("EventSourceArn")) {
            body.putObject("SelfManagedEventSource").putObject("Endpoints").putArray("KAFKA_BOOTSTRAP_SERVERS").add(NO_BROKER);
            body.putArray("SourceAccessConfigurations").addObject().put("Type", "VPC_SUBNET").put("URI", "subnet:subnet-local");
        }
        said.properties().forEach(each -> body.set(each.getKey(), each.getValue()));
        if (member == MappingMember.CONSUMPTION_MODE) {
            body.remove("StartingPosition");
        }
        return body;
    }

    private static String file(int value) {
        StringBuilder file = new StringBuilder("functions:\n");
        Stream.concat(Stream.of("orders", "others"),
                Stream.of(MappingMember.values()).map(MappingMembersIT::function).flatMap(name -> Stream.of(name, "asked-" + name)))
                .forEach(name -> file.append("  ").append(name).append(": {url: 'http://localhost:1/'}\n"));
        file.append("mappings:\n");
        for (MappingMember member : MappingMember.values()) {
            Map<String, String> keys = new LinkedHashMap<>(Map.of("function", function(member), "topic", topic(member),
                    "startingPosition", "LATEST", "enabled", "false"));
            Map<String, String> said = member.row().file(value);
            if (member.row().msk()) {
                keys.put("eventSourceArn", TestServer.CLUSTER);
            } else if (!said.containsKey("eventSourceArn")) {
                keys.put("bootstrapServers", NO_BROKER);
            }
            keys.putAll(said);
            if (member == MappingMember.CONSUMPTION_MODE) {
                keys.remove("startingPosition");
            }
            file.append("  ").append(function(member)).append(":\n");
            keys.forEach((key, text) -> file.append("    ").append(key).append(": ").append(text).append('\n'));
        }
        return file.toString();
    }

    private static String function(MappingMember member) {
        return member.name().toLowerCase(Locale.ROOT);
    }

    private static String topic(MappingMember member) {
        return "declared-" + function(member);
    }

    /** The UUIDs of the declared mappings, which may be others after a change: found by their function or their topic. */
    private Map<MappingMember, String> declared() throws Exception {
        JsonNode list = JSON.readTree(server.send("GET", MAPPINGS + "?MaxItems=100", null).body()).get("EventSourceMappings");
        Map<MappingMember, String> declared = new LinkedHashMap<>();
        for (MappingMember member : MappingMember.values()) {
            for (JsonNode mapping : list) {
                if (mapping.path("Topics").path(0).asText().equals(topic(member))
                        || mapping.path("FunctionArn").asText().endsWith(":" + function(member))) {
                    assertThat(declared.put(member, mapping.get("UUID").asText())).as(member.name()).isNull();
                }
            }
        }
        assertThat(declared).containsOnlyKeys(MappingMember.values());
        return declared;
    }

    /** AWS's answer without what changes by itself, and for members that are elsewhere with what is said of them there. */
    private JsonNode answer(MappingMember member, String uuid) throws Exception {
        ObjectNode answer = (ObjectNode) server.get(uuid);
        if (member == MappingMember.JOIN_FOREIGN_GROUPS) {
            answer.set("joinForeignGroups", server.detail(uuid).get("joinForeignGroups"));
        }
        if (member == MappingMember.TAGS) {
            String arn = answer.get("EventSourceMappingArn").asText();
            answer.set("Tags", JSON.readTree(server.send("GET", "/2017-03-31/tags/" + arn, null).body()).get("Tags"));
        }
        answer.remove(List.of("LastModified", "LastProcessingResult", "StateTransitionReason"));
        return answer;
    }

    private void assertAnswer(MappingMember member, int value, String uuid) throws Exception {
        String expected = member.row().answer(value);
        if (expected != null) {
            JsonNode answer = answer(member, uuid);
            assertThat(has(answer, JSON.readTree(expected))).as("%s: %s in %s", member, expected, answer).isTrue();
        }
    }

    /** Whether everything of {@code part} is in {@code whole}; lists are equal. */
    private static boolean has(JsonNode whole, JsonNode part) {
        if (part.isObject()) {
            return part.properties().stream().allMatch(each -> whole.has(each.getKey()) && has(whole.get(each.getKey()), each.getValue()));
        }
        return part.isNumber() ? whole.isNumber() && whole.decimalValue().compareTo(part.decimalValue()) == 0 : whole.equals(part);
    }

    private void assertShown(MappingMember member, String uuid) {
        CommandRun run = CommandRun.of("mappings", uuid, "--endpoint", server.endpoint().toString());
        assertThat(run.status()).as(run.err()).isZero();
        if (member.row().label() != null) {
            assertThat(run.out().lines().map(line -> line.split("  ")[0])).as(member.name()).contains(member.row().label());
        }
    }
}
