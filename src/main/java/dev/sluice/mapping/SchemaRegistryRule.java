package dev.sluice.mapping;

import dev.sluice.mapping.KafkaConfig.Access;
import dev.sluice.mapping.KafkaConfig.Registry;
import dev.sluice.mapping.KafkaConfig.Validation;
import dev.sluice.mapping.MappingException.InvalidParameter;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What does a SchemaRegistryConfig need? SchemaRegistryURI, EventRecordFormat and SchemaValidationConfigs. That AWS refuses it
 * without the last was measured (cdkd, September 2026), the rest is as the developer guide says; no text is known, so it is AWS's
 * template.
 */
final class SchemaRegistryRule {

    private static final Pattern ADDRESS =
            Pattern.compile("https?://[a-zA-Z0-9].*|arn:aws[a-zA-Z0-9-]*:glue:[a-z0-9-]+:\\d{12}:registry/.+");
    private static final int MOST_ACCESS_CONFIGS = 2;

    private SchemaRegistryRule() {
    }

    /**
     * @param config null or {@link Registry#NONE} when the request names no registry
     * @param block what AWS calls the block about Kafka
     */
    static void require(@Nullable Registry config, String block) {
        if (config == null || config.equals(Registry.NONE)) {
            return;
        }
        String path = block + ".schemaRegistryConfig";
        String uri = requirePresent(config.uri(), path + ".schemaRegistryURI");
        requirePresent(config.format(), path + ".eventRecordFormat");
        requireValidations(config.validations(), path + ".schemaValidationConfigs");
        if (!ADDRESS.matcher(uri).matches()) {
            throw InvalidParameter.violation(uri, path + ".schemaRegistryURI",
                    "be the ARN of a Glue registry or the address of a registry, https://HOST");
        }
        requireAccess(config.accessConfigs(), path + ".accessConfigs");
    }

    private static void requireAccess(List<Access> configs, String path) {
        if (configs.size() > MOST_ACCESS_CONFIGS) {
            throw InvalidParameter.violation(configs.size() + " access configs", path,
                    "have length less than or equal to " + MOST_ACCESS_CONFIGS);
        }
        for (int i = 0; i < configs.size(); i++) {
            String member = path + "." + (i + 1) + ".member";
            requirePresent(configs.get(i).type(), member + ".type");
            requirePresent(configs.get(i).uri(), member + ".uRI");
        }
    }

    private static void requireValidations(List<Validation> validations, String path) {
        requirePresent(validations.isEmpty() ? null : validations, path);
        for (int i = 0; i < validations.size(); i++) {
            requirePresent(validations.get(i).attribute(), path + "." + (i + 1) + ".member.attribute");
        }
    }

    private static <T> T requirePresent(@Nullable T value, String path) {
        if (value == null) {
            throw InvalidParameter.missing(path, null);
        }
        return value;
    }
}
