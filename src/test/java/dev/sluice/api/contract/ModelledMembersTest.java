package dev.sluice.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Json;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelledMembersTest {

    private static final Contract CONTRACT = Contract.load().strict();

    static Stream<Operation> operationsWithBodies() {
        return CONTRACT.operations().stream().filter(operation -> operation.body() != null);
    }

    @ParameterizedTest
    @MethodSource("operationsWithBodies")
    void dropsStrangersFromEveryStructureOfEveryRequest(Operation operation) {
        ObjectNode body = (ObjectNode) filled(operation.body());
        ObjectNode strange = body.deepCopy();
        addStrangers(operation.body(), strange);
        assertThat(strange).isNotEqualTo(body);

        ModelledMembers.keepOnly(operation.body(), strange);

        assertThat(strange).isEqualTo(body);
    }

    /** What is only in answers is as strange as the rest. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"SnapStart": {"ApplyOn": "None", "OptimizationStatus": "On", "Arn": "a"}} | {"SnapStart": {"ApplyOn": "None"}}
            {"VpcConfig": {"VpcId": "vpc-1", "SubnetIds": []}}                         | {"VpcConfig": {"SubnetIds": []}}
            {"Environment": {"Error": {"Message": "m"}, "Variables": {"Error": "e"}}}  | {"Environment": {"Variables": {"Error": "e"}}}
            {"State": "Failed", "CodeSha256": "x", "LastModified": "y"}                | {}
            {"FileSystemConfigs": [{"Arn": "a", "Foo": {"x": [1]}}, null, "text"]}     | {"FileSystemConfigs": [{"Arn": "a"}, null, "text"]}
            {"ImageConfig": null, "Layers": ["l"], "Foo": null}                        | {"ImageConfig": null, "Layers": ["l"]}
            """)
    void keepsOnlyWhatARequestHas(String given, String kept) throws Exception {
        ObjectNode body = (ObjectNode) Json.MAPPER.readTree(given);

        ModelledMembers.keepOnly(CONTRACT.operation("CreateFunction").body(), body);

        assertThat(body).isEqualTo(Json.MAPPER.readTree(kept));
    }

    @Test
    void leavesWhatIsRefusedToWhoeverRefusesIt() throws Exception {
        ObjectNode body =
                (ObjectNode) Json.MAPPER
                        .readTree("{\"AmazonManagedKafkaEventSourceConfig\": {\"ConsumptionMode\": \"Queue\", \"Foo\": 1}}");

        ModelledMembers.keepOnly(CONTRACT.operation("CreateEventSourceMapping").body(), body);

        assertThat(body).hasToString("{\"AmazonManagedKafkaEventSourceConfig\":{\"ConsumptionMode\":\"Queue\"}}");
    }

    private static JsonNode filled(Schema schema) {
        if (schema instanceof Schema.Structure structure) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            structure.members().forEach((name, member) -> object.set(name, filled(member)));
            return object;
        }
        if (schema instanceof Schema.Elements elements) {
            return JsonNodeFactory.instance.arrayNode().add(filled(elements.element()));
        }
        if (schema instanceof Schema.Entries entries) {
            return JsonNodeFactory.instance.objectNode().set("any key", filled(entries.value()));
        }
        return JsonNodeFactory.instance.textNode("x");
    }

    private static void addStrangers(Schema schema, JsonNode node) {
        if (schema instanceof Schema.Structure structure) {
            for (Map.Entry<String, Schema> member : structure.members().entrySet()) {
                addStrangers(member.getValue(), node.get(member.getKey()));
            }
            ((ObjectNode) node).putObject("HeardOfNowhere").putArray("x").add(1);
        } else if (schema instanceof Schema.Elements elements) {
            addStrangers(elements.element(), ((ArrayNode) node).get(0));
        } else if (schema instanceof Schema.Entries entries) {
            addStrangers(entries.value(), node.get("any key"));
        }
    }
}
