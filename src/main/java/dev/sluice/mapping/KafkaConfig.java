package dev.sluice.mapping;

import dev.sluice.mapping.KafkaSource.ConsumptionMode;
import dev.sluice.mapping.SchemaRegistry.Attribute;
import dev.sluice.mapping.SchemaRegistry.AuthType;
import dev.sluice.mapping.SchemaRegistry.EventRecordFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request says in one of its two blocks about Kafka, {@code AmazonManagedKafkaEventSourceConfig} or
 * {@code SelfManagedKafkaEventSourceConfig}. Immutable; absent members are null, and nothing is checked but the form.
 *
 * @param consumptionMode only of a self-managed source
 * @param registry null leaves the registry as it is, {@link Registry#NONE} removes it
 */
public record KafkaConfig(@Nullable String consumerGroupId, @Nullable ConsumptionMode consumptionMode, @Nullable Registry registry) {

    /** A block that is absent or empty. */
    public static final KafkaConfig NONE = new KafkaConfig(null, null, null);

    /** Both blocks of one request. */
    public record Blocks(KafkaConfig amazon, KafkaConfig selfManaged) {

        public static final Blocks NONE = new Blocks(KafkaConfig.NONE, KafkaConfig.NONE);

        public Blocks {
            Objects.requireNonNull(amazon, "amazon");
            Objects.requireNonNull(selfManaged, "selfManaged");
        }

        KafkaConfig of(EventSource source) {
            return source.isMsk() ? amazon : selfManaged;
        }

        KafkaConfig ofTheOtherKind(EventSource source) {
            return source.isMsk() ? selfManaged : amazon;
        }

        /** The registry that one of them names; null when neither does. */
        @Nullable
        Registry registry() {
            return amazon.registry == null ? selfManaged.registry : amazon.registry;
        }
    }

    /** SchemaRegistryConfig. */
    public record Registry(@Nullable String uri, @Nullable EventRecordFormat format, List<Access> accessConfigs,
            List<Validation> validations) {

        public static final Registry NONE = new Registry(null, null, List.of(), List.of());

        public Registry {
            accessConfigs = List.copyOf(accessConfigs);
            validations = List.copyOf(validations);
        }

        /** @throws RuntimeException when something is missing, which the checks refuse before */
        @Nullable
        SchemaRegistry setting() {
            return equals(NONE) ? null : new SchemaRegistry(Objects.requireNonNull(uri), Objects.requireNonNull(format),
                    accessConfigs.stream()
                            .map(access -> new SchemaRegistry.Access(Objects.requireNonNull(access.type),
                                    Objects.requireNonNull(access.uri)))
                            .toList(),
                    validations.stream().map(Validation::attribute).toList());
        }
    }

    /** One of AccessConfigs. */
    public record Access(@Nullable AuthType type, @Nullable String uri) {
    }

    /** One of SchemaValidationConfigs. */
    public record Validation(@Nullable Attribute attribute) {
    }

    public KafkaConfig {
        if (consumerGroupId != null && consumerGroupId.isEmpty()) {
            throw new IllegalArgumentException("consumerGroupId is empty; none is null");
        }
    }

    /** Whether the block says nothing. */
    boolean isEmpty() {
        return equals(NONE);
    }

    /** What AWS's errors call the block for a source of this kind. */
    static String name(EventSource source) {
        return source.isMsk() ? "amazonManagedKafkaEventSourceConfig" : "selfManagedKafkaEventSourceConfig";
    }

    static String nameOfTheOtherKind(EventSource source) {
        return source.isMsk() ? "selfManagedKafkaEventSourceConfig" : "amazonManagedKafkaEventSourceConfig";
    }
}
