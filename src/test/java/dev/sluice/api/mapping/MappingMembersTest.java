package dev.sluice.api.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.api.contract.ContractDocument;
import dev.sluice.fixture.MappingMember;
import dev.sluice.mapping.EventSourceMapping;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whether each list of a mapping's members that can be read without running anything is that of {@link MappingMember}. */
class MappingMembersTest {

    @Test
    void everyMemberOfACreationIsInTheTable() {
        assertThat(leaves("CreateEventSourceMappingRequest")).containsExactlyInAnyOrderElementsOf(
                inTable(row -> true, MappingMember.OF_OTHER_SOURCES));
    }

    @Test
    void everyMemberOfAnUpdateIsInTheTable() {
        Set<String> updates = leaves("UpdateEventSourceMappingRequest");
        Set<String> table = inTable(row -> row.row().updatable(), MappingMember.OF_OTHER_SOURCES);
        table.remove("Queues");
        // The block is there for the registry's sake; the group in it stays what it was.
        table.add("SelfManagedKafkaEventSourceConfig.ConsumerGroupId");
        table.add("AmazonManagedKafkaEventSourceConfig.ConsumerGroupId");
        table.add("SelfManagedKafkaEventSourceConfig.ConsumptionMode");
        assertThat(updates).containsExactlyInAnyOrderElementsOf(table);
    }

    @Test
    void everyMemberOfAnAnswerIsInTheTable() {
        Set<String> table = inTable(row -> row.row().answer(0).startsWith("{\"" + row.row().member() + "\""),
                MappingMember.OF_OTHER_SOURCES);
        table.addAll(MappingMember.ONLY_ANSWERED);
        table.remove("Tags"); // ListTags has them
        assertThat(leaves("EventSourceMappingConfiguration")).containsExactlyInAnyOrderElementsOf(table);
    }

    @Test
    void everyComponentOfAMappingIsInTheTable() {
        Set<String> said = new TreeSet<>(MappingMember.COMPONENTS_NOT_SAID);
        Stream.of(MappingMember.values()).forEach(member -> said.addAll(member.row().components()));
        Set<String> components = new TreeSet<>();
        components(EventSourceMapping.class, "", components);
        assertThat(components).isEqualTo(said);
    }

    /** Those of records of their own count, not the records. A source's forms are told apart elsewhere, a function's name is one. */
    private static void components(Class<?> type, String path, Set<String> found) {
        for (RecordComponent component : type.getRecordComponents()) {
            Class<?> part = component.getType();
            if (part.isRecord() && part.getPackage().equals(type.getPackage()) && part != dev.sluice.mapping.MappingId.class) {
                components(part, path + component.getName() + ".", found);
            } else {
                found.add(path + component.getName());
            }
        }
    }

    private static Set<String> inTable(java.util.function.Predicate<MappingMember> which, List<String> others) {
        Set<String> paths = new TreeSet<>(others);
        Stream.of(MappingMember.values()).filter(MappingMember::isOfAws).filter(which).forEach(row -> paths.addAll(row.paths()));
        return paths;
    }

    private static Set<String> leaves(String schema) {
        Set<String> leaves = new TreeSet<>();
        leaves(ContractDocument.read().path("components").path("schemas"), ContractDocument.schema(schema), "", leaves);
        assertThat(leaves).hasSizeGreaterThan(20);
        return leaves;
    }

    private static void leaves(JsonNode schemas, JsonNode node, String path, Set<String> leaves) {
        JsonNode schema = node.has("$ref") ? schemas.path(node.get("$ref").asText().replaceAll(".*/", "")) : node;
        if (schema.has("properties")) {
            schema.get("properties").properties().forEach(member -> leaves(schemas, member.getValue(),
                    path.isEmpty() ? member.getKey() : path + "." + member.getKey(), leaves));
        } else if (schema.has("items") && structure(schemas, schema.get("items"))) {
            leaves(schemas, schema.get("items"), path + "[]", leaves);
        } else {
            leaves.add(path);
        }
    }

    private static boolean structure(JsonNode schemas, JsonNode items) {
        return schemas.path(items.path("$ref").asText().replaceAll(".*/", "")).has("properties");
    }
}
