package dev.sluice.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.FunctionReference;
import dev.sluice.mapping.SourceRequest;
import dev.sluice.mapping.StartingPosition;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** Reads the requests about mappings from bodies that keep the contract. */
final class EventSourceMappingRequests {

    private static final String AMAZON = "AmazonManagedKafkaEventSourceConfig";
    private static final String SELF_MANAGED = "SelfManagedKafkaEventSourceConfig";
    private static final Instant LATEST_TIMESTAMP = Instant.parse("9999-12-31T23:59:59Z");

    private EventSourceMappingRequests() {
    }

    static EventSourceMappings.Create create(ObjectNode body) {
        String eventSourceArn = Members.text(body, "EventSourceArn");
        List<String> bootstrapServers =
                Members.texts(body.path("SelfManagedEventSource").path("Endpoints"), "KAFKA_BOOTSTRAP_SERVERS");
        UnsupportedMember.refuseIn(body);
        // Recorded for the Amazon block on a self-managed source; the other way round by the same template.
        refuseWhere(body, AMAZON, bootstrapServers != null);
        refuseWhere(body, SELF_MANAGED, eventSourceArn != null);
        SourceRequest source = new SourceRequest(eventSourceArn, bootstrapServers, Members.texts(body, "Topics"),
                startingPosition(body), consumerGroupId(body));
        return new EventSourceMappings.Create(function(body), source, Members.flag(body, "Enabled"), SettingsMembers.read(body),
                false);
    }

    static EventSourceMappings.Update update(ObjectNode body) {
        UnsupportedMember.refuseIn(body);
        for (String block : List.of(AMAZON, SELF_MANAGED)) {
            if (body.path(block).hasNonNull("ConsumerGroupId")) {
                // AWS refuses even the value that is there already; the end of its text is not recorded.
                throw UnsupportedMember.refusal("'" + ConstraintCheck.lowerFirst(block) + ".consumerGroupId'", null);
            }
            refuseSchemaRegistry(body, block);
        }
        return new EventSourceMappings.Update(function(body), Members.flag(body, "Enabled"), SettingsMembers.read(body));
    }

    private static void refuseWhere(ObjectNode body, String block, boolean refused) {
        if (refused && UnsupportedMember.saysSomething(body.get(block))) {
            throw UnsupportedMember.refusal("'" + ConstraintCheck.lowerFirst(block) + "'", null);
        }
        refuseSchemaRegistry(body, block);
    }

    private static void refuseSchemaRegistry(ObjectNode body, String block) {
        if (UnsupportedMember.saysSomething(body.path(block).get("SchemaRegistryConfig"))) {
            throw UnsupportedMember.refusal("'" + ConstraintCheck.lowerFirst(block) + ".schemaRegistryConfig'",
                    block + ".SchemaRegistryConfig");
        }
    }

    private static FunctionReference function(ObjectNode body) {
        String name = Members.text(body, "FunctionName");
        return name == null ? null : FunctionReferences.parse(name);
    }

    private static String consumerGroupId(ObjectNode body) {
        String amazon = Members.text(body.path(AMAZON), "ConsumerGroupId");
        return amazon == null ? Members.text(body.path(SELF_MANAGED), "ConsumerGroupId") : amazon;
    }

    // No recording has AWS's texts for the combinations of StartingPosition and its timestamp.
    private static StartingPosition startingPosition(ObjectNode body) {
        String type = Members.text(body, "StartingPosition");
        JsonNode timestamp = body.get("StartingPositionTimestamp");
        boolean timed = timestamp != null && !timestamp.isNull();
        if ("AT_TIMESTAMP".equals(type)) {
            if (!timed) {
                throw ApiException.invalidParameter("Required 'startingPositionTimestamp' parameter is missing.");
            }
            return StartingPosition.atTimestamp(instant(timestamp));
        }
        if (timed) {
            throw ApiException.invalidParameter("StartingPositionTimestamp is given, but StartingPosition is "
                    + type + "; it goes with AT_TIMESTAMP only.");
        }
        return type == null ? null : new StartingPosition(StartingPosition.Type.valueOf(type), null);
    }

    private static Instant instant(JsonNode node) {
        BigDecimal seconds = node.decimalValue();
        if (seconds.signum() < 0 || seconds.compareTo(BigDecimal.valueOf(LATEST_TIMESTAMP.getEpochSecond())) > 0) {
            throw ApiException.invalidParameter("StartingPositionTimestamp is " + node.asText()
                    + "; allowed are seconds since 1970, up to " + LATEST_TIMESTAMP.getEpochSecond() + ".");
        }
        return Instant.ofEpochMilli(seconds.movePointRight(3).longValue());
    }
}
