package dev.sluice.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.ErrorType;
import dev.sluice.api.http.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts: recorded against AWS where {@code recorded} is said, else made by the recorded phrase and the limit of the API model. */
class ModelValidatorTest {

    private static final String NAMESPACED = "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?"
            + "(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";
    private static final String CREATED = "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?"
            + "(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?";
    private static final String ROLE = "arn:aws:iam::111111111111:role/r";

    private static final Contract.Pair CONTRACTS = Contract.load();
    private final ModelValidator strict = new ModelValidator(CONTRACTS, false);
    private final ModelValidator relaxed = new ModelValidator(CONTRACTS, true);

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~',
            textBlock = """
                    {}                          | Value null at 'functionName' failed to satisfy constraint: Member must not be null
                    {"FunctionName":null}       | Value null at 'functionName' failed to satisfy constraint: Member must not be null
                    {"BatchSize":0}             | Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater than or equal to 1
                    {"BatchSize":10001}         | Value '10001' at 'batchSize' failed to satisfy constraint: Member must have value less than or equal to 10000
                    {"BatchSize":99999999999999999999} | Value '99999999999999999999' at 'batchSize' failed to satisfy constraint: Member must have value less than or equal to 10000
                    {"MaximumBatchingWindowInSeconds":301} | Value '301' at 'maximumBatchingWindowInSeconds' failed to satisfy constraint: Member must have value less than or equal to 300
                    {"MaximumBatchingWindowInSeconds":-1}  | Value '-1' at 'maximumBatchingWindowInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 0
                    {"StartingPosition":"EARLIEST"} | Value 'EARLIEST' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]
                    {"Topics":[]}               | Value '[]' at 'topics' failed to satisfy constraint: Member must have length greater than or equal to 1
                    {"Topics":["aa","bb"]}      | Value '[aa, bb]' at 'topics' failed to satisfy constraint: Member must have length less than or equal to 1
                    {"Topics":["a"]}            | Value '[a]' at 'topics' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 249, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [^.]([a-zA-Z0-9\\-_.]+), Member must not be null]
                    {"Topics":[null]}           | Value '[null]' at 'topics' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 249, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [^.]([a-zA-Z0-9\\-_.]+), Member must not be null]
                    {"FunctionResponseTypes":["ReportBatchItemFailures","ReportBatchItemFailures"]} | Value '[ReportBatchItemFailures, ReportBatchItemFailures]' at 'functionResponseTypes' failed to satisfy constraint: Member must have length less than or equal to 1
                    {"ProvisionedPollerConfig":{"MinimumPollers":0}} | Value '0' at 'provisionedPollerConfig.minimumPollers' failed to satisfy constraint: Member must have value greater than or equal to 1
                    {"DestinationConfig":{"OnFailure":{"Destination":"x"}}} | Value 'x' at 'destinationConfig.onFailure.destination' failed to satisfy constraint: Member must satisfy regular expression pattern: $|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)
                    {"SourceAccessConfigurations":[{"Type":"VPC_SUBNET"},{"Type":"X"}]} | Value 'X' at 'sourceAccessConfigurations.2.member.type' failed to satisfy constraint: Member must satisfy enum value set: [BASIC_AUTH, VPC_SUBNET, VPC_SECURITY_GROUP, SASL_SCRAM_512_AUTH, SASL_SCRAM_256_AUTH, VIRTUAL_HOST, CLIENT_CERTIFICATE_TLS_AUTH, SERVER_ROOT_CA_CERTIFICATE, IAM_AUTH, IAM_OAUTHBEARER_AUTH, OAUTHBEARER_AUDIENCE, OAUTHBEARER_AUTH, OAUTHBEARER_IDENTITY_POOL, OAUTHBEARER_LOGICAL_CLUSTER, OAUTHBEARER_SCOPE]
                    {"SelfManagedEventSource":{"Endpoints":{"BROKERS":["kafka:1000"]}}} | Value '{BROKERS=[kafka:1000]}' at 'selfManagedEventSource.endpoints' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy enum value set: [KAFKA_BOOTSTRAP_SERVERS], Member must not be null]
                    {"SelfManagedEventSource":{"Endpoints":{}}} | Value '{}' at 'selfManagedEventSource.endpoints' failed to satisfy constraint: Member must have length greater than or equal to 1
                    """)
    void refusesAMappingThatBreaksOneConstraint(String body, String violation) {
        ObjectNode request = json(body);
        if (!violation.contains("'functionName'")) {
            request.put("FunctionName", "f");
        }
        assertThat(refusal(strict, "CreateEventSourceMapping", Map.of(), request))
                .hasMessage("1 validation error detected: " + violation)
                .extracting(ApiException::type).isEqualTo(ErrorType.VALIDATION);
    }

    @Test
    void printsAllConstraintsOfANestedList() {
        ObjectNode body = json("{'FunctionName':'f','SelfManagedEventSource':{'Endpoints':{'KAFKA_BOOTSTRAP_SERVERS':['my_kafka:9092']}}}");
        assertThat(refusal(strict, "CreateEventSourceMapping", Map.of(), body))
                .hasMessage("1 validation error detected: Value '{KAFKA_BOOTSTRAP_SERVERS=[my_kafka:9092]}' at "
                        + "'selfManagedEventSource.endpoints' failed to satisfy constraint: Map value must satisfy constraint: "
                        + "[Member must have length less than or equal to 10, Member must have length greater than or equal to 1, "
                        + "Member must satisfy constraint: [Member must have length less than or equal to 300, Member must have length "
                        + "greater than or equal to 1, Member must satisfy regular expression pattern: (([a-zA-Z0-9]|[a-zA-Z0-9]"
                        + "[a-zA-Z0-9\\-]*[a-zA-Z0-9])\\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9\\-]*[A-Za-z0-9]):[0-9]{1,5}, "
                        + "Member must not be null], Member must not be null]");
    }

    // No recording has a null there; that it is refused is in the recorded phrase for a map's values.
    @Test
    void refusesANullInAMapAndShowsNoSecrets() {
        assertThat(refusal(strict, "CreateEventSourceMapping", Map.of(), json("{'FunctionName':'f','Tags':{'a':null}}")))
                .hasMessage("1 validation error detected: Value '{a=null}' at 'tags' failed to satisfy constraint: Map value must satisfy"
                        + " constraint: [Member must not be null]");
        assertThat(refusal(strict, "CreateFunction", Map.of(), function("f", "{'Environment':{'Variables':{'STAGE':null,'KEY':'k'}}}")))
                .hasMessage("1 validation error detected: Value '{STAGE=***, KEY=***}' at 'environment.variables' failed to satisfy"
                        + " constraint: Map value must satisfy constraint: [Member must not be null]");
    }

    // Recorded: localstack's snapshot TestLambdaAlias::test_notfound_and_invalid_routingconfigs.
    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~',
            textBlock = """
                    {"2":2}         | {2=2.0}         | Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]
                    {"2":-1}        | {2=-1.0}        | Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]
                    {"$LATEST":0.5} | {$LATEST=0.5}   | Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+, Member must not be null]
                    """)
    void printsWeightsAsTheNumbersTheyAre(String weights, String printed, String constraint) {
        ObjectNode body = json("{'Name':'live','FunctionVersion':'1','RoutingConfig':{'AdditionalVersionWeights':" + weights + "}}");
        assertThat(refusal(strict, "CreateAlias", Map.of("FunctionName", "f"), body)).hasMessage("1 validation error detected: Value '"
                + printed + "' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: " + constraint);
    }

    // Recorded: TestLambdaAlias::test_alias_naming.
    @Test
    void takesNoNumberForAnAlias() {
        assertThat(refusal(strict, "CreateAlias", Map.of("FunctionName", "f"), json("{'Name':'2024','FunctionVersion':'1'}")))
                .hasMessage("1 validation error detected: Value '2024' at 'name' failed to satisfy constraint: Member must satisfy regular "
                        + "expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)");
    }

    @Test
    void collectsAllViolationsIntoOneAnswer() {
        assertThat(refusal(strict, "CreateEventSourceMapping", Map.of(), json("{'BatchSize':0,'StartingPosition':'x'}")))
                .hasMessage("3 validation errors detected: "
                        + "Value null at 'functionName' failed to satisfy constraint: Member must not be null; "
                        + "Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater than or equal to 1; "
                        + "Value 'x' at 'startingPosition' failed to satisfy constraint: "
                        + "Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]");
    }

    @Test
    void quotesTheRecordedPatternsOfFunctionNames() {
        assertThat(refusal(strict, "Invoke", Map.of("FunctionName", "arn:aws:lambda:us-east-1:123400000000@function:myfn"), null))
                .hasMessage("1 validation error detected: Value 'arn:aws:lambda:us-east-1:123400000000@function:myfn' at 'functionName' "
                        + "failed to satisfy constraint: Member must satisfy regular expression pattern: " + NAMESPACED);
        assertThat(refusal(strict, "CreateFunction", Map.of(), function("invalid:function:name", "{}")))
                .hasMessage("1 validation error detected: Value 'invalid:function:name' at 'functionName' failed to satisfy constraint: "
                        + "Member must satisfy regular expression pattern: " + CREATED);
    }

    @Test
    void quotesTheRecordedTextsOfOtherMembers() {
        assertThat(refusal(strict, "GetFunction", Map.of("FunctionName", "f", "Qualifier", "invalid!"), null))
                .hasMessage("1 validation error detected: Value 'invalid!' at 'qualifier' failed to satisfy constraint: "
                        + "Member must satisfy regular expression pattern: \\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+");
        assertThat(refusal(strict, "GetFunction", Map.of("FunctionName", "f", "Qualifier", "a".repeat(129)), null))
                .hasMessage("1 validation error detected: Value '" + "a".repeat(129) + "' at 'qualifier' failed to satisfy constraint: "
                        + "Member must have length less than or equal to 128");
        assertThat(refusal(strict, "ListFunctions", Map.of("FunctionVersion", "invalid"), null))
                .hasMessage("1 validation error detected: Value 'invalid' at 'functionVersion' failed to satisfy constraint: "
                        + "Member must satisfy enum value set: [ALL]");
        assertThat(refusal(strict, "CreateFunction", Map.of(), function("f", "{'Role':'r1'}")))
                .hasMessage("1 validation error detected: Value 'r1' at 'role' failed to satisfy constraint: Member must satisfy "
                        + "regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+");
        assertThat(refusal(strict, "CreateFunction", Map.of(), function("f", "{'Architectures':['X86_64']}")))
                .hasMessage("1 validation error detected: Value '[X86_64]' at 'architectures' failed to satisfy constraint: Member must "
                        + "satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]");
        assertThat(refusal(strict, "CreateFunction", Map.of(), function("f", "{'Architectures':['x86_64','arm64']}")))
                .hasMessage("1 validation error detected: Value '[x86_64, arm64]' at 'architectures' failed to satisfy constraint: "
                        + "Member must have length less than or equal to 1");
        assertThat(refusal(strict, "ListEventSourceMappings", Map.of("MaxItems", "10001"), null))
                .hasMessage("1 validation error detected: Value '10001' at 'maxItems' failed to satisfy constraint: "
                        + "Member must have value less than or equal to 10000");
        assertThat(refusal(strict, "ListEventSourceMappings", Map.of("EventSourceArn", "nope"), null).getMessage())
                .startsWith("1 validation error detected: Value 'nope' at 'eventSourceArn' failed to satisfy constraint: "
                        + "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z0-9-]*):");
    }

    @Test
    void refusesNullInAListUnlessAwsLeavesThatOut() {
        assertThat(refusal(strict, "CreateFunction", Map.of(), function("f", "{'Layers':[null]}")).getMessage())
                .startsWith("1 validation error detected: Value '[null]' at 'layers' failed to satisfy constraint: Member must satisfy "
                        + "constraint: [Member must have length less than or equal to 140, Member must have length greater than or equal to 1, ")
                .endsWith(", Member must not be null]");
        assertThatCode(() -> strict.validate("CreateFunction", Map.of(), function("f", "{'VpcConfig':{'SubnetIds':[null]}}")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~',
            textBlock = """
                    {"BatchSize":"10"}          | 'batchSize': STRING_VALUE can not be converted to an Integer
                    {"BatchSize":1.5}           | 'batchSize': DECIMAL_VALUE can not be converted to an Integer
                    {"BatchSize":true}          | 'batchSize': BOOLEAN_VALUE can not be converted to an Integer
                    {"Enabled":"true"}          | 'enabled': STRING_VALUE can not be converted to a Boolean
                    {"Topics":"orders"}         | 'topics': STRING_VALUE can not be converted to a List
                    {"Topics":[1]}              | 'topics': NUMBER_VALUE can not be converted to a String
                    {"SelfManagedEventSource":[]} | 'selfManagedEventSource': ARRAY_VALUE can not be converted to a Structure
                    {"SelfManagedEventSource":{"Endpoints":"kafka:9092"}} | 'selfManagedEventSource.endpoints': STRING_VALUE can not be converted to a Map
                    {"SourceAccessConfigurations":["x"]} | 'sourceAccessConfigurations.1.member': STRING_VALUE can not be converted to a Structure
                    {"StartingPositionTimestamp":"2024"} | 'startingPositionTimestamp': STRING_VALUE can not be converted to a Timestamp
                    {"StartingPositionTimestamp":1e999} | 'startingPositionTimestamp': DECIMAL_VALUE can not be converted to a Timestamp
                    """)
    void refusesAnotherJsonTypeAsASerializationError(String body, String message) {
        ObjectNode request = json(body).put("FunctionName", "f");
        assertThat(refusal(strict, "CreateEventSourceMapping", Map.of(), request)).hasMessage(message)
                .extracting(ApiException::type).isEqualTo(ErrorType.SERIALIZATION);
    }

    @Test
    void refusesAQueryNumberThatIsNone() {
        assertThat(refusal(strict, "ListEventSourceMappings", Map.of("MaxItems", "many"), null).type())
                .isEqualTo(ErrorType.SERIALIZATION);
    }

    @Test
    void ignoresUnknownMembers() {
        assertThatCode(() -> strict.validate("CreateEventSourceMapping", Map.of(), json("{'FunctionName':'f','ConsumptionMode':[1]}")))
                .doesNotThrowAnyException();
    }

    @Test
    void acceptsTheSeedsRequest() {
        ObjectNode body =
                json("{'FunctionName':'my-kafka-function','Topics':['AWSKafkaTopic'],'StartingPosition':'LATEST','EventSourceArn':"
                        + "'arn:aws:kafka:us-east-1:111111111111:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2'}");
        assertThatCode(() -> strict.validate("CreateEventSourceMapping", Map.of(), body)).doesNotThrowAnyException();
    }

    @Test
    void acceptsMoreAndShorterTopicsOnlyWhenRelaxed() {
        ObjectNode body = json("{'FunctionName':'f','Topics':['a','b']}");
        assertThatCode(() -> relaxed.validate("CreateEventSourceMapping", Map.of(), body)).doesNotThrowAnyException();
        assertThat(refusal(strict, "CreateEventSourceMapping", Map.of(), body).hint())
                .contains("--relaxed", "a mapping for each topic");
        assertThat(refusal(relaxed, "CreateEventSourceMapping", Map.of(), json("{'FunctionName':'f','Topics':['.']}"))
                .getMessage()).contains("'topics'");
    }

    @Test
    void hintsAtRelaxedOnlyWhereItWouldHelp() {
        assertThat(refusal(strict, "CreateEventSourceMapping", Map.of(), json("{'FunctionName':'f','Topics':['a','!']}")).hint()).isNull();
    }

    @Test
    void keepsEnvironmentVariablesOutOfErrors() {
        ObjectNode body = function("f", "{'Environment':{'Variables':{'1':'hunter2'}}}");
        assertThat(refusal(strict, "CreateFunction", Map.of(), body).getMessage())
                .contains("Value '{1=***}' at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [")
                .doesNotContain("hunter2");
    }

    @Test
    void survivesTextsThatWouldOverflowTheStackOfARegularExpression() {
        ObjectNode body = json("{'FunctionName':'f','SelfManagedEventSource':{'Endpoints':{'KAFKA_BOOTSTRAP_SERVERS':['"
                + "a.".repeat(400_000) + "']}}}");
        assertThat(refusal(strict, "CreateEventSourceMapping", Map.of(), body).type()).isEqualTo(ErrorType.VALIDATION);
        ObjectNode shorter = json("{'FunctionName':'f','SelfManagedEventSource':{'Endpoints':{'KAFKA_BOOTSTRAP_SERVERS':['"
                + "a.".repeat(300) + "']}}}");
        assertThat(refusal(strict, "CreateEventSourceMapping", Map.of(), shorter).type()).isEqualTo(ErrorType.VALIDATION);
    }

    // Recorded: the message for no keys, the pattern for an ARN with an alias behind it.
    @Test
    void refusesResourcesAndKeysOfTagsAsRecorded() {
        String function = "arn:aws:lambda:us-east-1:111111111111:function:f";
        assertThat(refusal(strict, "UntagResource", Map.of("Resource", function), null)).hasMessage(
                "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null");
        String mapping = "arn:aws:lambda:us-east-1:111111111111:event-source-mapping:11111111-2222-3333-4444-555555555555";
        assertThat(refusal(strict, "ListTags", Map.of("Resource", mapping + ":alias"), null))
                .hasMessage("1 validation error detected: Value '"
                        + mapping + ":alias' at 'resource' failed to satisfy constraint: Member must satisfy regular expression pattern: "
                        + "arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+"
                        + "(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:"
                        + "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)");
        assertThat(refusal(strict, "TagResource", Map.of("Resource", mapping), json("{}"))).hasMessage(
                "1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null");
    }

    @Test
    void takesAListByRepetition() {
        Map<String, List<String>> parameters =
                Map.of("Resource", List.of("arn:aws:lambda:us-east-1:111111111111:function:f"), "TagKeys", List.of("a", "", "b"));
        assertThatCode(() -> strict.validate("UntagResource", parameters, null)).doesNotThrowAnyException();
    }

    private static ApiException refusal(ModelValidator validator, String operation, Map<String, String> parameters, ObjectNode body) {
        Map<String, List<String>> lists = parameters.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, parameter -> List.of(parameter.getValue())));
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> validator.validate(operation, lists, body));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    private static ObjectNode function(String name, String more) {
        ObjectNode request = json("{'FunctionName':'" + name + "','Role':'" + ROLE + "','Code':{}}");
        request.setAll(json(more));
        return request;
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) Json.MAPPER.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
