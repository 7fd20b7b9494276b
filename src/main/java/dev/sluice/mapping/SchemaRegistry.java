package dev.sluice.mapping;

import java.util.List;
import java.util.Objects;

/**
 * With which schema registry are a mapping's records checked and decoded? Immutable.
 *
 * <p>AWS: {@code SchemaRegistryConfig}, and "Using schema registries with Kafka event sources in Lambda" in the AWS Lambda developer
 * guide.
 *
 * @param uri the ARN of a Glue registry, or the address of a Confluent one
 * @param format in which form the function gets what was decoded
 * @param accessConfigs how to reach and log in to the registry; may be empty
 * @param validated which parts of a record are decoded; at least one
 */
public record SchemaRegistry(String uri, EventRecordFormat format, List<Access> accessConfigs, List<Attribute> validated) {

    /** AWS's {@code EventRecordFormat}: as JSON, or as the bytes without the registry's framing. */
    public enum EventRecordFormat {
        JSON, SOURCE
    }

    /** A part of a record: AWS's {@code SchemaValidationConfigs[].Attribute}. */
    public enum Attribute { KEY, VALUE }

    /** AWS's {@code KafkaSchemaRegistryAuthType}. */
    public enum AuthType {
        BASIC_AUTH, CLIENT_CERTIFICATE_TLS_AUTH, OAUTHBEARER_AUTH, SERVER_ROOT_CA_CERTIFICATE
    }

    /** @param uri the ARN of a secret */
    public record Access(AuthType type, String uri) {
        public Access {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(uri, "uri");
        }
    }

    public SchemaRegistry {
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(format, "format");
        accessConfigs = List.copyOf(accessConfigs);
        validated = List.copyOf(validated);
        if (validated.isEmpty()) {
            throw new IllegalArgumentException("validated is empty; a registry that decodes nothing is none");
        }
    }
}
