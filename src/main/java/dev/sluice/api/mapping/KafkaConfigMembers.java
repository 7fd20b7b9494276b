package dev.sluice.api.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Members;
import dev.sluice.mapping.KafkaConfig;
import dev.sluice.mapping.KafkaConfig.Access;
import dev.sluice.mapping.KafkaConfig.Blocks;
import dev.sluice.mapping.KafkaConfig.Registry;
import dev.sluice.mapping.KafkaConfig.Validation;
import dev.sluice.mapping.KafkaSource;
import dev.sluice.mapping.KafkaSource.ConsumptionMode;
import dev.sluice.mapping.SchemaRegistry;
import dev.sluice.mapping.SchemaRegistry.Attribute;
import dev.sluice.mapping.SchemaRegistry.AuthType;
import dev.sluice.mapping.SchemaRegistry.EventRecordFormat;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes the two blocks about Kafka in a mapping's request and answer. Requests keep the contract. */
final class KafkaConfigMembers {

    static final String AMAZON = "AmazonManagedKafkaEventSourceConfig";
    static final String SELF_MANAGED = "SelfManagedKafkaEventSourceConfig";
    static final String CONSUMPTION_MODE = "ConsumptionMode";
    private static final String REGISTRY = "SchemaRegistryConfig";

    private KafkaConfigMembers() {
    }

    static Blocks read(ObjectNode body) {
        String mode = Members.text(body.path(SELF_MANAGED), CONSUMPTION_MODE);
        return new Blocks(block(body.path(AMAZON), null), block(body.path(SELF_MANAGED), mode == null ? null : ConsumptionMode.of(mode)));
    }

    private static KafkaConfig block(JsonNode block, ConsumptionMode mode) {
        return new KafkaConfig(Members.text(block, "ConsumerGroupId"), mode,
                block.hasNonNull(REGISTRY) ? registry(block.get(REGISTRY)) : null);
    }

    private static Registry registry(JsonNode config) {
        String format = Members.text(config, "EventRecordFormat");
        List<Access> accesses = new ArrayList<>();
        for (JsonNode access : config.path("AccessConfigs")) {
            String type = Members.text(access, "Type");
            accesses.add(new Access(type == null ? null : AuthType.valueOf(type), Members.text(access, "URI")));
        }
        List<Validation> validations = new ArrayList<>();
        for (JsonNode validation : config.path("SchemaValidationConfigs")) {
            String attribute = Members.text(validation, "Attribute");
            validations.add(new Validation(attribute == null ? null : Attribute.valueOf(attribute)));
        }
        return new Registry(Members.text(config, "SchemaRegistryURI"), format == null ? null : EventRecordFormat.valueOf(format),
                accesses, validations);
    }

    /** Writes what a mapping has into its block. @param registry null for none */
    static void write(ObjectNode block, KafkaSource source, SchemaRegistry registry) {
        block.put("ConsumerGroupId", source.consumerGroupId());
        if (!source.eventSource().isMsk()) {
            block.put(CONSUMPTION_MODE, source.consumptionMode().awsName());
        }
        if (registry != null) {
            ObjectNode config = block.putObject(REGISTRY);
            config.put("SchemaRegistryURI", registry.uri());
            config.put("EventRecordFormat", registry.format().name());
            if (!registry.accessConfigs().isEmpty()) {
                ArrayNode accesses = config.putArray("AccessConfigs");
                registry.accessConfigs().forEach(access -> accesses.addObject().put("Type", access.type().name()).put("URI", access.uri()));
            }
            ArrayNode validations = config.putArray("SchemaValidationConfigs");
            registry.validated().forEach(attribute -> validations.addObject().put("Attribute", attribute.name()));
        }
    }
}
