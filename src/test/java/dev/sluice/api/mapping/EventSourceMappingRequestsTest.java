package dev.sluice.api.mapping;

import static dev.sluice.fixture.SettingsRequests.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.contract.Contract;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.ErrorType;
import dev.sluice.api.http.Json;
import dev.sluice.fixture.SettingsRequests;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.KafkaConfig;
import dev.sluice.mapping.KafkaConfig.Access;
import dev.sluice.mapping.KafkaConfig.Blocks;
import dev.sluice.mapping.KafkaConfig.Registry;
import dev.sluice.mapping.KafkaConfig.Validation;
import dev.sluice.mapping.Monitoring.MetricGroup;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import dev.sluice.mapping.SchemaRegistry.Attribute;
import dev.sluice.mapping.SchemaRegistry.AuthType;
import dev.sluice.mapping.SchemaRegistry.EventRecordFormat;
import dev.sluice.mapping.SettingsRequest;
import dev.sluice.mapping.SettingsRequest.Failures;
import dev.sluice.mapping.SettingsRequest.Inapplicable;
import dev.sluice.mapping.SettingsRequest.Logging;
import dev.sluice.mapping.SettingsRequest.Pollers;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.mapping.SourceRequest;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventSourceMappingRequestsTest {

    private static final String ARN = "arn:aws:kafka:us-east-1:111111111111:cluster/c/1";

    @Test
    void readsEveryMemberOfASelfManagedMapping() {
        EventSourceMappings.Create create = EventSourceMappingRequests.create(json("{'FunctionName':'f:v1','SelfManagedEventSource':"
                + "{'Endpoints':{'KAFKA_BOOTSTRAP_SERVERS':['b:1','a:1']}},'Topics':['t1'],'StartingPosition':'LATEST','BatchSize':7,"
                + "'MaximumBatchingWindowInSeconds':0,'Enabled':false,'SelfManagedKafkaEventSourceConfig':{'ConsumerGroupId':'g'},"
                + "'SourceAccessConfigurations':[{'Type':'VPC_SUBNET','URI':'subnet:s'}]}"));
        assertThat(create).isEqualTo(new EventSourceMappings.Create(new FunctionReference(null, null, "f", "v1"),
                new SourceRequest(null, List.of("b:1", "a:1"), List.of("t1"),
                        SourceRequest.Position.of(StartingPosition.LATEST), "g"),
                false,
                settings().batchSize(7).maximumBatchingWindow(Duration.ZERO)
                        .sourceAccessConfigurations(List.of(new SourceAccessConfiguration("VPC_SUBNET", "subnet:s")))
                        .kafka(KafkaConfig.NONE, new KafkaConfig("g", null, null)).build(),
                Tags.NONE, false));
    }

    @Test
    void leavesAbsentMembersNull() {
        assertThat(EventSourceMappingRequests.create(json("{'FunctionName':'f'}"))).isEqualTo(new EventSourceMappings.Create(
                new FunctionReference(null, null, "f", null), new SourceRequest(null, null, null, null, null), null,
                SettingsRequest.NONE, Tags.NONE, false));
        assertThat(EventSourceMappingRequests.update(json("{}")))
                .isEqualTo(new EventSourceMappings.Update(null, null, SettingsRequest.NONE));
    }

    // ministack PR#914: a setting that is taken and dropped would change what arrives without a word.
    @Test
    void readsEverySettingOfCreateAndUpdate() {
        String body = "{'FilterCriteria':{'Filters':[{'Pattern':'{}'},{'Pattern':'p'}]},'MaximumRetryAttempts':3,"
                + "'MaximumRecordAgeInSeconds':60,'BisectBatchOnFunctionError':true,'FunctionResponseTypes':['ReportBatchItemFailures'],"
                + "'DestinationConfig':{'OnFailure':{'Destination':'kafka://dead'}},'ProvisionedPollerConfig':{'MinimumPollers':1,"
                + "'MaximumPollers':2,'PollerGroupName':'g'},'LoggingConfig':{'SystemLogLevel':'WARN'},"
                + "'MetricsConfig':{'Metrics':['KafkaMetrics','EventCount']}}";
        SettingsRequest read = settings().filterPatterns("{}", "p").failures(new Failures(3, 60, true, true, "kafka://dead"))
                .provisionedPollers(new Pollers(1, 2, "g")).logging(new Logging(SystemLogLevel.WARN))
                .metrics(MetricGroup.KAFKA_METRICS, MetricGroup.EVENT_COUNT).build();

        assertThat(EventSourceMappingRequests.create(msk(body)).settings()).isEqualTo(read);
        assertThat(EventSourceMappingRequests.update(json(body)).settings()).isEqualTo(read);
    }

    static Stream<Arguments> clearing() {
        return Stream.of(
                Arguments.of("{'FilterCriteria':{}}", settings().filterPatterns()),
                Arguments.of("{'FilterCriteria':{'Filters':[]}}", settings().filterPatterns()),
                Arguments.of("{'DestinationConfig':{}}", settings().onFailureDestination("")),
                Arguments.of("{'DestinationConfig':{'OnFailure':{}}}", settings().onFailureDestination("")),
                Arguments.of("{'DestinationConfig':{'OnFailure':{'Destination':''}}}", settings().onFailureDestination("")),
                Arguments.of("{'FunctionResponseTypes':[]}", settings().failures(new Failures(null, null, null, false, null))),
                Arguments.of("{'MetricsConfig':{'Metrics':[]}}", settings().metrics()),
                Arguments.of("{'MetricsConfig':{}}", settings().metrics()),
                Arguments.of("{'LoggingConfig':{}}", settings().logging(new Logging(null))),
                Arguments.of("{'ProvisionedPollerConfig':{}}", settings().provisionedPollers(Pollers.ON_DEMAND)),
                Arguments.of("{'ProvisionedPollerConfig':{'PollerGroupName':''}}", settings().provisionedPollers(Pollers.ON_DEMAND)),
                Arguments.of("{'FilterCriteria':null,'DestinationConfig':null,'FunctionResponseTypes':null,'MetricsConfig':null,"
                        + "'LoggingConfig':null,'ProvisionedPollerConfig':null}", settings()));
    }

    @ParameterizedTest
    @MethodSource("clearing")
    void tellsWhatIsEmptyFromWhatIsAbsent(String body, SettingsRequests read) {
        assertThat(EventSourceMappingRequests.update(json(body)).settings()).isEqualTo(read.build());
    }

    // The check of patterns refuses the empty one in its turn.
    @Test
    void aFilterWithoutAPatternReadsAsAnEmptyOne() {
        assertThat(EventSourceMappingRequests.update(json("{'FilterCriteria':{'Filters':[{}]}}")).settings())
                .isEqualTo(settings().filterPatterns("").build());
    }

    @Test
    void readsAnMskMappingAtATimestamp() {
        EventSourceMappings.Create create = EventSourceMappingRequests.create(json("{'FunctionName':'f','EventSourceArn':'" + ARN
                + "','StartingPosition':'AT_TIMESTAMP','StartingPositionTimestamp':1569284520.333,"
                + "'AmazonManagedKafkaEventSourceConfig':{'ConsumerGroupId':'g'}}"));
        assertThat(create.source().eventSourceArn()).isEqualTo(ARN);
        assertThat(create.source().startingPosition())
                .isEqualTo(new SourceRequest.Position(StartingPosition.Type.AT_TIMESTAMP, Instant.parse("2019-09-24T00:22:00.333Z")));
        assertThat(create.source().consumerGroupId()).isEqualTo("g");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~',
            textBlock = """
                    {"StartingPosition":"AT_TIMESTAMP","StartingPositionTimestamp":-1} | StartingPositionTimestamp is -1; allowed are seconds since 1970, up to 253402300799.
                    {"StartingPosition":"AT_TIMESTAMP","StartingPositionTimestamp":1e300} | StartingPositionTimestamp is 1.0E300; allowed are seconds since 1970, up to 253402300799.
                    {"SourceAccessConfigurations":[{"URI":"subnet:subnet-a"}]} | SourceAccessConfigurations[0] lacks Type.
                    """)
    void refusesValuesThatDoNotFitEachOther(String more, String message) {
        assertThatThrownBy(() -> EventSourceMappingRequests.create(msk(more))).isInstanceOfSatisfying(ApiException.class,
                e -> assertThat(e.type()).isEqualTo(ErrorType.INVALID_PARAMETER_VALUE)).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~', textBlock = """
            {"ParallelizationFactor":2} | parallelizationFactor
            {"TumblingWindowInSeconds":10} | tumblingWindowInSeconds
            {"ScalingConfig":{"MaximumConcurrency":2}} | scalingConfig
            {"DocumentDBEventSourceConfig":{"DatabaseName":"d"}} | documentDBEventSourceConfig
            {"AmazonManagedKafkaEventSourceConfig":{"ConsumptionMode":"Queue"}} | ConsumptionMode
            """)
    void seesMembersOfOtherSourcesInCreationsAndUpdates(String body, String spelling) {
        Inapplicable seen = new Inapplicable(false, List.of(spelling));
        assertThat(EventSourceMappingRequests.create(msk(body)).settings().inapplicable()).isEqualTo(seen);
        assertThat(EventSourceMappingRequests.update(json(body)).settings().inapplicable()).isEqualTo(seen);
    }

    @Test
    void seesADestinationForSuccesses() {
        String body = "{'DestinationConfig':{'OnSuccess':{'Destination':'arn:aws:sqs:us-east-1:111111111111:q'}}}";
        assertThat(EventSourceMappingRequests.create(msk(body)).settings().inapplicable()).isEqualTo(new Inapplicable(true, List.of()));
        assertThat(EventSourceMappingRequests.update(json(body)).settings().inapplicable()).isEqualTo(new Inapplicable(true, List.of()));
    }

    // aws-cdk and CloudFormation users saw that an update ignores what it doesn't have (cloudformation-coverage-roadmap 2140).
    @Test
    void anUpdateIgnoresWhatOnlyCreationsHave() {
        assertThat(EventSourceMappingRequests.create(msk("{'Queues':['q']}")).settings().inapplicable().members())
                .containsExactly("queues");
        assertThat(EventSourceMappingRequests.update(json("{'Queues':['q'],'Topics':['t'],'Tags':{'a':'b'},'StartingPosition':'LATEST'}")))
                .isEqualTo(new EventSourceMappings.Update(null, null, SettingsRequest.NONE));
    }

    @Test
    void readsBothBlocksAboutKafka() {
        String config = "{'SchemaRegistryConfig':{'SchemaRegistryURI':'https://r','EventRecordFormat':'SOURCE','AccessConfigs':"
                + "[{'Type':'BASIC_AUTH','URI':'arn:s'}],'SchemaValidationConfigs':[{'Attribute':'VALUE'},{'Attribute':'KEY'}]}}";
        KafkaConfig read = new KafkaConfig(null, null, new Registry("https://r", EventRecordFormat.SOURCE,
                List.of(new Access(AuthType.BASIC_AUTH, "arn:s")),
                List.of(new Validation(Attribute.VALUE), new Validation(Attribute.KEY))));

        assertThat(EventSourceMappingRequests.update(json("{'AmazonManagedKafkaEventSourceConfig':" + config + "}")).settings().kafka())
                .isEqualTo(new Blocks(read, KafkaConfig.NONE));
        assertThat(EventSourceMappingRequests.update(json("{'SelfManagedKafkaEventSourceConfig':" + config + "}")).settings().kafka())
                .isEqualTo(new Blocks(KafkaConfig.NONE, read));
    }

    @Test
    void tellsARegistryThatIsTakenAwayFromOneThatIsLeftOut() {
        assertThat(EventSourceMappingRequests.update(json("{'AmazonManagedKafkaEventSourceConfig':{'SchemaRegistryConfig':{}}}")).settings()
                .kafka().amazon().registry()).isEqualTo(Registry.NONE);
        assertThat(EventSourceMappingRequests.update(json("{'AmazonManagedKafkaEventSourceConfig':{}}")).settings().kafka())
                .isEqualTo(Blocks.NONE);
    }

    @Test
    void readsTagsAndTheKeyOfACreation() {
        EventSourceMappings.Create create = EventSourceMappingRequests.create(msk("{'Tags':{'b':'2','a':''},'KMSKeyArn':'arn:aws:kms:k'}"));

        assertThat(create.tags().values()).isEqualTo(Map.of("a", "", "b", "2"));
        assertThat(create.settings().kmsKeyArn()).isEqualTo("arn:aws:kms:k");
        assertThat(EventSourceMappingRequests.update(json("{'KMSKeyArn':''}")).settings().kmsKeyArn()).isEmpty();
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
    void readsOrRefusesEveryMemberOfTheContract() {
        Set<String> read = Set.of("FunctionName", "EventSourceArn", "SelfManagedEventSource", "Topics", "StartingPosition",
                "StartingPositionTimestamp", "BatchSize", "MaximumBatchingWindowInSeconds", "Enabled", "SourceAccessConfigurations",
                "AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig", "FilterCriteria", "DestinationConfig",
                "MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError", "FunctionResponseTypes",
                "ProvisionedPollerConfig", "LoggingConfig", "MetricsConfig", "Tags", "KMSKeyArn");
        Set<String> known = new HashSet<>(read);
        for (InapplicableMember member : InapplicableMember.values()) {
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
