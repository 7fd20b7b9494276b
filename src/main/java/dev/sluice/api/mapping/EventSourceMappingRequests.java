package dev.sluice.api.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.aws.FunctionReferences;
import dev.sluice.api.aws.TagMembers;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.Members;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.KafkaConfig;
import dev.sluice.mapping.SettingsRequest;
import dev.sluice.mapping.SourceRequest;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Tags;
import java.math.BigDecimal;
import java.time.Instant;

/** Reads the requests about mappings from bodies that keep the contract. */
final class EventSourceMappingRequests {

    private static final Instant LATEST_TIMESTAMP = Instant.parse("9999-12-31T23:59:59Z");

    private EventSourceMappingRequests() {
    }

    static EventSourceMappings.Create create(ObjectNode body) {
        SettingsRequest settings = SettingsMembers.read(body, true);
        SourceRequest source = new SourceRequest(Members.text(body, "EventSourceArn"),
                Members.texts(body.path("SelfManagedEventSource").path("Endpoints"), "KAFKA_BOOTSTRAP_SERVERS"),
                Members.texts(body, "Topics"), startingPosition(body), consumerGroupId(settings.kafka()),
                settings.kafka().selfManaged().consumptionMode());
        return new EventSourceMappings.Create(function(body), source, Members.flag(body, "Enabled"), settings,
                new Tags(TagMembers.read(body)), false);
    }

    static EventSourceMappings.Update update(ObjectNode body) {
        return new EventSourceMappings.Update(function(body), Members.flag(body, "Enabled"), SettingsMembers.read(body, false));
    }

    private static FunctionReference function(ObjectNode body) {
        String name = Members.text(body, "FunctionName");
        return name == null ? null : FunctionReferences.parse(name);
    }

    /** The checks see to it that it is the one of the block that fits the source. */
    private static String consumerGroupId(KafkaConfig.Blocks blocks) {
        String amazon = blocks.amazon().consumerGroupId();
        return amazon == null ? blocks.selfManaged().consumerGroupId() : amazon;
    }

    private static SourceRequest.Position startingPosition(ObjectNode body) {
        String type = Members.text(body, "StartingPosition");
        JsonNode timestamp = body.get("StartingPositionTimestamp");
        boolean timed = timestamp != null && !timestamp.isNull();
        return type == null && !timed ? null : new SourceRequest.Position(
                type == null ? null : StartingPosition.Type.valueOf(type), timed ? instant(timestamp) : null);
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
