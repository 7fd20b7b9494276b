package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.FunctionReference;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.mapping.StartingPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventSourceMappingRequestsTest {

    private static final String ARN = "arn:aws:kafka:us-east-1:111111111111:cluster/c/1";

    @Test
    void readsEveryMemberOfASelfManagedMapping() {
        EventSourceMappings.Create create = EventSourceMappingRequests.create(json("{'FunctionName':'f:v1','SelfManagedEventSource':"
                + "{'Endpoints':{'KAFKA_BOOTSTRAP_SERVERS':['b:1','a:1']}},'Topics':['t1'],'StartingPosition':'LATEST','BatchSize':7,"
                + "'MaximumBatchingWindowInSeconds':0,'Enabled':false,'SelfManagedKafkaEventSourceConfig':{'ConsumerGroupId':'g'},"
                + "'SourceAccessConfigurations':[{'Type':'VPC_SUBNET','URI':'subnet:s'}]}"));
        assertThat(create).isEqualTo(new EventSourceMappings.Create(new FunctionReference(null, null, "f", "v1"), null,
                List.of("b:1", "a:1"), List.of("t1"), StartingPosition.LATEST, 7, Duration.ZERO, false, "g",
                List.of(new SourceAccessConfiguration("VPC_SUBNET", "subnet:s"))));
    }

    @Test
    void leavesAbsentMembersNull() {
        assertThat(EventSourceMappingRequests.create(json("{'FunctionName':'f'}"))).isEqualTo(new EventSourceMappings.Create(
                new FunctionReference(null, null, "f", null), null, null, null, null, null, null, null, null, null));
        assertThat(EventSourceMappingRequests.update(json("{}")))
                .isEqualTo(new EventSourceMappings.Update(null, null, null, null, null));
    }

    @Test
    void readsAnMskMappingAtATimestamp() {
        EventSourceMappings.Create create = EventSourceMappingRequests.create(json("{'FunctionName':'f','EventSourceArn':'" + ARN
                + "','StartingPosition':'AT_TIMESTAMP','StartingPositionTimestamp':1569284520.333,"
                + "'AmazonManagedKafkaEventSourceConfig':{'ConsumerGroupId':'g'}}"));
        assertThat(create.eventSourceArn()).isEqualTo(ARN);
        assertThat(create.startingPosition()).isEqualTo(StartingPosition.atTimestamp(Instant.parse("2019-09-24T00:22:00.333Z")));
        assertThat(create.consumerGroupId()).isEqualTo("g");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~', textBlock = """
        {"StartingPosition":"AT_TIMESTAMP"} | Required 'startingPositionTimestamp' parameter is missing.
        {"StartingPosition":"LATEST","StartingPositionTimestamp":1} | StartingPositionTimestamp is given, but StartingPosition is LATEST; it goes with AT_TIMESTAMP only.
        {"StartingPosition":"AT_TIMESTAMP","StartingPositionTimestamp":-1} | StartingPositionTimestamp is -1; allowed are seconds since 1970, up to 253402300799.
        {"StartingPosition":"AT_TIMESTAMP","StartingPositionTimestamp":1e300} | StartingPositionTimestamp is 1.0E300; allowed are seconds since 1970, up to 253402300799.
        {"SourceAccessConfigurations":[{"Type":"VPC_SUBNET"}]} | SourceAccessConfigurations[0] lacks URI; both are needed.
        """)
    void refusesValuesThatDoNotFitEachOther(String more, String message) {
        assertThatThrownBy(() -> EventSourceMappingRequests.create(msk(more))).isInstanceOfSatisfying(ApiException.class,
                e -> assertThat(e.type()).isEqualTo(ErrorType.INVALID_PARAMETER_VALUE)).hasMessage(message);
    }

    // The first three texts were reported from AWS for these very members, the fourth recorded; the rest follows their form.
    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~', textBlock = """
        {"MaximumRetryAttempts":-1} | 'maximumRetryAttempts' | true
        {"ParallelizationFactor":2} | 'parallelizationFactor' | false
        {"TumblingWindowInSeconds":10} | 'tumblingWindowInSeconds' | false
        {"DestinationConfig":{"OnSuccess":{"Destination":"arn:aws:sqs:us-east-1:111111111111:q"}}} | DestinationConfig | false
        {"DestinationConfig":{"OnFailure":{"Destination":"arn:aws:sqs:us-east-1:111111111111:q"}}} | DestinationConfig | true
        {"FilterCriteria":{"Filters":[{"Pattern":"{}"}]}} | 'filterCriteria' | true
        {"MaximumRecordAgeInSeconds":60} | 'maximumRecordAgeInSeconds' | true
        {"BisectBatchOnFunctionError":false} | 'bisectBatchOnFunctionError' | true
        {"FunctionResponseTypes":["ReportBatchItemFailures"]} | 'functionResponseTypes' | true
        {"ScalingConfig":{"MaximumConcurrency":2}} | 'scalingConfig' | false
        {"Queues":["q"]} | 'queues' | false
        {"DocumentDBEventSourceConfig":{"DatabaseName":"d"}} | 'documentDBEventSourceConfig' | false
        {"ProvisionedPollerConfig":{"MinimumPollers":1}} | 'provisionedPollerConfig' | true
        {"LoggingConfig":{"SystemLogLevel":"INFO"}} | 'loggingConfig' | true
        {"MetricsConfig":{"Metrics":["EventCount"]}} | 'metricsConfig' | true
        {"KMSKeyArn":"arn:aws:kms:us-east-1:111111111111:key/k"} | 'kMSKeyArn' | true
        {"Tags":{"a":"b"}} | 'tags' | true
        {"SelfManagedKafkaEventSourceConfig":{"ConsumerGroupId":"g"}} | 'selfManagedKafkaEventSourceConfig' | false
        {"AmazonManagedKafkaEventSourceConfig":{"SchemaRegistryConfig":{"EventRecordFormat":"JSON"}}} | 'amazonManagedKafkaEventSourceConfig.schemaRegistryConfig' | true
        """)
    void refusesMembersItWouldOtherwiseIgnore(String more, String spelling, boolean acceptedByAws) {
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> EventSourceMappingRequests.create(msk(more)));
        assertThat(refusal).hasMessage("Unsupported " + spelling + " parameter for given event source mapping type.");
        assertThat(refusal.type()).isEqualTo(ErrorType.INVALID_PARAMETER_VALUE);
        assertThat(refusal.hint() != null).as("hint %s", refusal.hint()).isEqualTo(acceptedByAws);
    }

    @Test
    void refusesTheAmazonBlockOnASelfManagedSource() {
        assertThatThrownBy(() -> EventSourceMappingRequests.create(json("{'FunctionName':'f','SelfManagedEventSource':{'Endpoints':"
                + "{'KAFKA_BOOTSTRAP_SERVERS':['kafka:1000']}},'AmazonManagedKafkaEventSourceConfig':{'ConsumerGroupId':'g'}}")))
                .hasMessage("Unsupported 'amazonManagedKafkaEventSourceConfig' parameter for given event source mapping type.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'FilterCriteria':{}}", "{'FilterCriteria':{'Filters':[]}}", "{'DestinationConfig':{'OnFailure':{}}}",
        "{'FunctionResponseTypes':[]}", "{'Tags':{}}", "{'KMSKeyArn':''}", "{'MetricsConfig':{'Metrics':[]}}",
        "{'SelfManagedKafkaEventSourceConfig':{}}", "{'MaximumRetryAttempts':null}"})
    void letsMembersPassThatAskForNothing(String more) {
        assertThatCode(() -> EventSourceMappingRequests.create(msk(more))).doesNotThrowAnyException();
        assertThatCode(() -> EventSourceMappingRequests.update(json(more))).doesNotThrowAnyException();
    }

    @Test
    void refusesAnotherConsumerGroupInAnUpdate() {
        assertThatThrownBy(() -> EventSourceMappingRequests.update(json("{'SelfManagedKafkaEventSourceConfig':{'ConsumerGroupId':'g'}}")))
                .hasMessageStartingWith("Unsupported 'selfManagedKafkaEventSourceConfig.consumerGroupId' parameter");
    }

    @Test
    void readsOrRefusesEveryMemberOfTheContract() {
        Set<String> read = Set.of("FunctionName", "EventSourceArn", "SelfManagedEventSource", "Topics", "StartingPosition",
                "StartingPositionTimestamp", "BatchSize", "MaximumBatchingWindowInSeconds", "Enabled", "SourceAccessConfigurations",
                "AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig");
        Set<String> known = new HashSet<>(read);
        for (UnsupportedMember member : UnsupportedMember.values()) {
            known.add(member.member());
        }
        Contract contract = Contract.load().strict();
        assertThat(contract.operation("CreateEventSourceMapping").body().members().keySet()).isEqualTo(known);
        assertThat(known).containsAll(contract.operation("UpdateEventSourceMapping").body().members().keySet());
    }

    private static ObjectNode msk(String more) {
        ObjectNode body = json("{'FunctionName':'f','EventSourceArn':'" + ARN + "','Topics':['t1']}");
        body.setAll(json(more));
        return body;
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) Json.MAPPER.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
