package dev.sluice.testing;

import static dev.sluice.testing.Mappings.aMapping;
import static dev.sluice.testing.Mappings.like;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FailureHandling;
import dev.sluice.mapping.Monitoring;
import dev.sluice.mapping.Monitoring.MetricGroup;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import dev.sluice.mapping.ProvisionedPollers;
import dev.sluice.mapping.SchemaRegistry;
import dev.sluice.mapping.SchemaRegistry.Access;
import dev.sluice.mapping.SchemaRegistry.Attribute;
import dev.sluice.mapping.SchemaRegistry.AuthType;
import dev.sluice.mapping.SchemaRegistry.EventRecordFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link dev.sluice.mapping.MappingStore} does with the settings of a mapping, all of which may be there or not. */
abstract class MappingSettingsContract extends MappingQueryContract {

    static Stream<EventSourceMapping> settings() {
        return Stream.of(
                aMapping().filterPatterns("{\"value\":{\"ü\":[\"b\"]}}", "", "a", "a")
                        .failureHandling(new FailureHandling(10_000, 604_800, true, true, "kafka://dead"))
                        .provisionedPollers(new ProvisionedPollers(200, 2_000, "group"))
                        .monitoring(new Monitoring(SystemLogLevel.DEBUG, List.of(MetricGroup.KAFKA_METRICS, MetricGroup.EVENT_COUNT)))
                        .kmsKeyArn("arn:aws:kms:us-east-1:000000000000:key/k").joinForeignGroups(true).build(),
                aMapping().schemaRegistry(new SchemaRegistry("https://registry", EventRecordFormat.JSON,
                        List.of(new Access(AuthType.SERVER_ROOT_CA_CERTIFICATE, "arn:2"), new Access(AuthType.BASIC_AUTH, "arn:1")),
                        List.of(Attribute.VALUE, Attribute.KEY, Attribute.VALUE))).build(),
                aMapping().failureHandling(new FailureHandling(-1, -1, false, false, null))
                        .provisionedPollers(new ProvisionedPollers(null, null, null))
                        .monitoring(new Monitoring(null, List.of(MetricGroup.ERROR_COUNT))).build(),
                aMapping().failureHandling(new FailureHandling(0, null, null, false, "arn:aws:sqs:us-east-1:000000000000:dead"))
                        .provisionedPollers(new ProvisionedPollers(null, null, "")).build());
    }

    @ParameterizedTest
    @MethodSource("settings")
    void findsSettingsAsTheyWereInserted(EventSourceMapping mapping) {
        assertThat(store().insert(mapping)).isEmpty();

        assertThat(store().find(mapping.id())).contains(mapping);
    }

    @Test
    void replacesSettingsByOthersAndByNone() {
        EventSourceMapping none = insert(aMapping());
        EventSourceMapping some = like(none).filterPatterns("a", "b").failureHandling(new FailureHandling(1, 60, true, true, "kafka://d"))
                .provisionedPollers(new ProvisionedPollers(1, 2, "g")).joinForeignGroups(true).kmsKeyArn("arn:k")
                .schemaRegistry(new SchemaRegistry("https://r", EventRecordFormat.SOURCE, List.of(), List.of(Attribute.KEY)))
                .monitoring(new Monitoring(SystemLogLevel.WARN, List.of(MetricGroup.EVENT_COUNT))).build();

        assertThat(store().replace(none, some).done()).isTrue();
        assertThat(store().all()).containsExactly(some);
        assertThat(store().replace(some, none).done()).isTrue();
        assertThat(store().all()).containsExactly(none);
    }

    @ParameterizedTest
    @EnumSource(AuthType.class)
    void keepsEveryWayToLogInToASchemaRegistry(AuthType type) {
        SchemaRegistry registry =
                new SchemaRegistry("https://r", EventRecordFormat.JSON, List.of(new Access(type, "arn:s")), List.of(Attribute.KEY));
        EventSourceMapping mapping = insert(aMapping().schemaRegistry(registry));

        assertThat(store().find(mapping.id())).map(found -> found.settings().schemaRegistry()).contains(registry);
    }

    @ParameterizedTest
    @EnumSource(SystemLogLevel.class)
    void keepsEverySystemLogLevel(SystemLogLevel level) {
        EventSourceMapping mapping = insert(aMapping().monitoring(new Monitoring(level, null)));

        assertThat(store().find(mapping.id())).map(found -> found.settings().monitoring().systemLogLevel()).contains(level);
    }
}
