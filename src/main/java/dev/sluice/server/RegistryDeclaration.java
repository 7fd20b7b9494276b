package dev.sluice.server;

import dev.sluice.mapping.KafkaConfig;
import dev.sluice.mapping.KafkaConfig.Access;
import dev.sluice.mapping.KafkaConfig.Registry;
import dev.sluice.mapping.KafkaConfig.Validation;
import dev.sluice.mapping.SchemaRegistry.Attribute;
import dev.sluice.mapping.SchemaRegistry.AuthType;
import dev.sluice.mapping.SchemaRegistry.EventRecordFormat;
import java.util.ArrayList;
import java.util.List;

/** Reads the schema registry of a declared mapping. */
final class RegistryDeclaration {

    private static final String KEY = "schemaRegistryConfig";

    private RegistryDeclaration() {
    }

    static KafkaConfig.Blocks read(ConfigSection mapping) {
        if (!mapping.has(KEY)) {
            return KafkaConfig.Blocks.NONE;
        }
        ConfigSection section = mapping.section(KEY);
        KafkaConfig config = new KafkaConfig(null, null, new Registry(section.read("schemaRegistryURI", ValueReader::text).orElse(null),
                section.read("eventRecordFormat", ValueReader.oneOf(EventRecordFormat.class)).orElse(null), accesses(section),
                section.values("schemaValidationConfigs", ValueReader.oneOf(Attribute.class)).orElse(List.of()).stream()
                        .map(Validation::new).toList()));
        section.rejectOtherKeys();
        return mapping.has("eventSourceArn") ? new KafkaConfig.Blocks(config, KafkaConfig.NONE)
                : new KafkaConfig.Blocks(KafkaConfig.NONE, config);
    }

    private static List<Access> accesses(ConfigSection registry) {
        List<Access> accesses = new ArrayList<>();
        for (ConfigSection section : registry.items("accessConfigs")) {
            accesses.add(new Access(section.read("type", ValueReader.oneOf(AuthType.class)).orElse(null),
                    section.read("uri", ValueReader::text).orElse(null)));
            section.rejectOtherKeys();
        }
        return accesses;
    }
}
