package dev.sluice.api.mapping;

import static dev.sluice.fixture.Mappings.aMapping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.contract.ContractDocument;
import dev.sluice.api.http.Json;
import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FailureHandling;
import dev.sluice.mapping.KafkaSource;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.MappingSettings;
import dev.sluice.mapping.MappingState;
import dev.sluice.mapping.MappingStatus;
import dev.sluice.mapping.Monitoring;
import dev.sluice.mapping.Monitoring.MetricGroup;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import dev.sluice.mapping.ProvisionedPollers;
import dev.sluice.mapping.SchemaRegistry;
import dev.sluice.mapping.SchemaRegistry.Access;
import dev.sluice.mapping.SchemaRegistry.Attribute;
import dev.sluice.mapping.SchemaRegistry.AuthType;
import dev.sluice.mapping.SchemaRegistry.EventRecordFormat;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.mapping.StateTransitionReason;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventSourceMappingDocumentTest {

    private static final String ID = "11111111-2222-3333-4444-555555555555";
    private static final Scope SCOPE = new Scope("111111111111", "us-east-1");
    private static final SchemaRegistry REGISTRY = new SchemaRegistry("https://r", EventRecordFormat.JSON,
            List.of(new Access(AuthType.BASIC_AUTH, "arn:s")), List.of(Attribute.KEY, Attribute.VALUE));
    private static final Instant MODIFIED = Instant.parse("2019-09-24T00:22:00.333444Z");

    // Recorded before AWS had ConsumptionMode.
    @Test
    void writesASelfManagedMappingAsRecorded() {
        EventSourceMapping mapping = mapping(new EventSource.SelfManagedKafka(List.of("kafka:1000")), StartingPosition.TRIM_HORIZON, null,
                List.of(new SourceAccessConfiguration("BASIC_AUTH", "arn:s")));
        assertThat(text(mapping))
                .isEqualTo("{'UUID':'ID','EventSourceMappingArn':'arn:aws:lambda:us-east-1:111111111111:event-source-mapping:ID',"
                        + "'StartingPosition':'TRIM_HORIZON','BatchSize':100,'SelfManagedEventSource':{'Endpoints':{'KAFKA_BOOTSTRAP_SERVERS':"
                        + "['kafka:1000']}},'SelfManagedKafkaEventSourceConfig':{'ConsumerGroupId':'g','ConsumptionMode':'Stream'},"
                        + "'FunctionArn':'arn:aws:lambda:us-east-1:111111111111:function:f','LastModified':1569284520.333,"
                        + "'LastProcessingResult':'No records processed','State':'Creating','StateTransitionReason':'USER_INITIATED',"
                        + "'Topics':['t1'],'SourceAccessConfigurations':[{'Type':'BASIC_AUTH','URI':'arn:s'}]}");
    }

    @Test
    void writesAnMskMappingWithWindowAndTimestamp() {
        EventSourceMapping mapping = mapping(new EventSource.MskCluster("arn:aws:kafka:x"),
                StartingPosition.atTimestamp(Instant.ofEpochSecond(1_730_000_000)), Duration.ofSeconds(5), List.of());
        assertThat(text(mapping))
                .contains("'StartingPosition':'AT_TIMESTAMP','StartingPositionTimestamp':1730000000.000,'BatchSize':100,"
                        + "'MaximumBatchingWindowInSeconds':5,'EventSourceArn':'arn:aws:kafka:x',"
                        + "'AmazonManagedKafkaEventSourceConfig':{'ConsumerGroupId':'g'},")
                .doesNotContain("SelfManaged", "SourceAccessConfigurations");
    }

    // ministack PR#914
    @Test
    void writesEverySettingAsItWasSent() {
        assertThat(text(everything())).endsWith("'FilterCriteria':{'Filters':[{'Pattern':'{ }'},{'Pattern':'p'}]},"
                + "'MaximumRetryAttempts':-1,'MaximumRecordAgeInSeconds':60,'BisectBatchOnFunctionError':false,"
                + "'FunctionResponseTypes':['ReportBatchItemFailures'],'DestinationConfig':{'OnFailure':{'Destination':'kafka://dead'}},"
                + "'ProvisionedPollerConfig':{'MinimumPollers':1,'MaximumPollers':2,'PollerGroupName':'g'},"
                + "'LoggingConfig':{'SystemLogLevel':'WARN'},'MetricsConfig':{'Metrics':['KafkaMetrics','EventCount']},'KMSKeyArn':'arn:aws:kms:k'}");
    }

    @Test
    void writesTheRegistryIntoTheBlockThatFitsTheSource() {
        String config = "'SchemaRegistryConfig':{'SchemaRegistryURI':'https://r','EventRecordFormat':'JSON','AccessConfigs':"
                + "[{'Type':'BASIC_AUTH','URI':'arn:s'}],'SchemaValidationConfigs':[{'Attribute':'KEY'},{'Attribute':'VALUE'}]}}";

        assertThat(text(aMapping().consumerGroupId("g").schemaRegistry(REGISTRY).build()))
                .contains("'AmazonManagedKafkaEventSourceConfig':{'ConsumerGroupId':'g'," + config);
        assertThat(text(aMapping().selfManagedKafka("a:1").consumerGroupId("g").schemaRegistry(REGISTRY).build()))
                .contains("'SelfManagedKafkaEventSourceConfig':{'ConsumerGroupId':'g','ConsumptionMode':'Stream'," + config);
    }

    @Test
    void leavesOutOfAStructureWhatWasNotSent() {
        assertThat(text(aMapping().provisionedPollers(new ProvisionedPollers(2, null, null)).build()))
                .contains("'ProvisionedPollerConfig':{'MinimumPollers':2}");
    }

    @Test
    void leavesOutSettingsThatAreNotSet() {
        assertThat(text(aMapping().build())).doesNotContain("FilterCriteria", "MaximumR", "Bisect", "FunctionResponseTypes",
                "DestinationConfig", "ProvisionedPollerConfig", "LoggingConfig", "MetricsConfig", "KMSKeyArn", "SchemaRegistryConfig",
                "Tags");
    }

    @Test
    void writesOnlyMembersOfTheContract() {
        var document = EventSourceMappingDocument.of(everything());
        var schema = ContractDocument.schema("EventSourceMappingConfiguration").path("properties");
        document.fieldNames().forEachRemaining(member -> assertThat(schema.has(member)).as(member).isTrue());
    }

    private static EventSourceMapping everything() {
        return aMapping().startingPosition(StartingPosition.LATEST).maximumBatchingWindow(Duration.ZERO)
                .sourceAccessConfigurations(new SourceAccessConfiguration("VPC_SUBNET", "subnet:s")).filterPatterns("{ }", "p")
                .failureHandling(new FailureHandling(-1, 60, false, true, "kafka://dead"))
                .provisionedPollers(new ProvisionedPollers(1, 2, "g"))
                .monitoring(new Monitoring(SystemLogLevel.WARN, List.of(MetricGroup.KAFKA_METRICS, MetricGroup.EVENT_COUNT)))
                .kmsKeyArn("arn:aws:kms:k").schemaRegistry(REGISTRY).joinForeignGroups(true).build();
    }

    private static EventSourceMapping mapping(EventSource source, StartingPosition position, Duration window,
            List<SourceAccessConfiguration> accesses) {
        return new EventSourceMapping(new MappingId(UUID.fromString(ID)), SCOPE, MODIFIED,
                new KafkaSource(source, List.of("t1"), position, "g"),
                new MappingSettings(new FunctionArn(SCOPE, "f", null), 100, window, new ArrayList<>(accesses)),
                new MappingStatus(MappingState.CREATING, StateTransitionReason.USER_INITIATED, MappingStatus.NO_RECORDS_PROCESSED,
                        MODIFIED, 1, false));
    }

    private static String text(EventSourceMapping mapping) {
        return new String(Json.bytes(EventSourceMappingDocument.of(mapping)), StandardCharsets.UTF_8).replace('"', '\'').replace(ID, "ID");
    }
}
