package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.Mappings;
import dev.sluice.mapping.KafkaConfig.Access;
import dev.sluice.mapping.KafkaConfig.Registry;
import dev.sluice.mapping.KafkaConfig.Validation;
import dev.sluice.mapping.MappingException.InvalidParameter;
import dev.sluice.mapping.SchemaRegistry.Attribute;
import dev.sluice.mapping.SchemaRegistry.AuthType;
import dev.sluice.mapping.SchemaRegistry.EventRecordFormat;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an event source is, and what fits which kind of it. */
class SourceRulesTest {

    private static final EventSource MSK = new EventSource.MskCluster(Mappings.MSK_ARN);
    private static final EventSource SELF_MANAGED = new EventSource.SelfManagedKafka(List.of("a:1"));
    private static final String SECRET = "arn:aws:secretsmanager:us-east-1:000000000000:secret:s-AbCdEf";
    private static final List<Validation> VALUE = List.of(new Validation(Attribute.VALUE));

    // Another region or account is taken: here both are often made up.
    @ParameterizedTest
    @ValueSource(strings = {Mappings.MSK_ARN, "arn:aws-cn:kafka:cn-north-1:111111111111:cluster/c/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-s1",
            "arn:aws:kafka:eu-west-1:111122223333:vpc-connection/444455556666/c/51jn98b4-0a61-46cc-b0a6-61g9a3d797d5-7"})
    void clustersServerlessOnesAndVpcConnectionsAreSources(String arn) {
        assertThat(EventSource.recognize(arn, null)).isEqualTo(new EventSource.MskCluster(arn));
        assertThat(EventSource.recognize(arn, List.of())).isEqualTo(new EventSource.MskCluster(arn));
    }

    @ParameterizedTest
    @ValueSource(strings = {"arn:aws:sqs:us-east-1:000000000000:q", "arn:aws:kinesis:us-east-1:000000000000:stream/s",
            "arn:aws:kafka:us-east-1:000000000000:topic/c/1/t", "arn:aws:kafka:::cluster/c/1",
            "arn:aws:kafka:us-east-1:000000000000:cluster/"})
    void otherArnsAreNoneAndTheHintSaysWhatIs(String arn) {
        assertThatThrownBy(() -> EventSource.recognize(arn, null)).isInstanceOfSatisfying(InvalidParameter.class,
                refused -> assertThat(refused.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("MSK clusters")))
                .hasMessage("Unrecognized event source.");
    }

    @ParameterizedTest
    @ValueSource(strings = {Mappings.MSK_ARN, "arn:aws:sqs:us-east-1:000000000000:q"})
    void twoSourcesAreNone(String arn) {
        assertThatThrownBy(() -> EventSource.recognize(arn, List.of("a:1"))).isInstanceOfSatisfying(InvalidParameter.class,
                refused -> assertThat(refused.hint())
                        .contains("A mapping has one source: either EventSourceArn or SelfManagedEventSource."))
                .hasMessage("Unrecognized event source.");
    }

    @Test
    void aBrokerNamedTwiceIsNoReasonToRefuse() {
        assertThat(EventSource.recognize(null, List.of("b:1", "a:1", "b:1")))
                .isEqualTo(new EventSource.SelfManagedKafka(List.of("a:1", "b:1", "b:1")));
    }

    // The table of the developer guide.
    @ParameterizedTest
    @CsvSource({"SASL_SCRAM_512_AUTH, true, true", "SASL_SCRAM_256_AUTH, false, true", "BASIC_AUTH, false, true",
            "CLIENT_CERTIFICATE_TLS_AUTH, true, true", "SERVER_ROOT_CA_CERTIFICATE, false, true", "VPC_SUBNET, false, true",
            "VPC_SECURITY_GROUP, false, true", "VIRTUAL_HOST, false, false", "IAM_AUTH, false, true", "OAUTHBEARER_AUTH, false, true"})
    void eachTypeFitsItsKindsOfSource(String type, boolean msk, boolean selfManaged) {
        assertFits(MSK, type, msk);
        assertFits(SELF_MANAGED, type, selfManaged);
    }

    private static void assertFits(EventSource source, String type, boolean fits) {
        List<SourceAccessConfiguration> accesses =
                List.of(new SourceAccessConfiguration("SASL_SCRAM_512_AUTH", SECRET), new SourceAccessConfiguration(type, "x"));
        if (fits) {
            assertThatCode(() -> SourceAccessRule.requireFitting(source, accesses)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> SourceAccessRule.requireFitting(source, accesses)).isInstanceOfSatisfying(InvalidParameter.class,
                    refused -> assertThat(refused.hint()).hasValueSatisfying(
                            hint -> assertThat(hint).contains(type + " doesn't fit", "SASL_SCRAM_512_AUTH")))
                    .hasMessage("Unsupported 'sourceAccessConfigurations' parameter for given event source mapping type.");
        }
    }

    // @aws-sdk/client-lambda 3.1164, SourceAccessType.
    @ParameterizedTest
    @CsvSource({"OAUTHBEARER_AUTH OAUTHBEARER_SCOPE OAUTHBEARER_AUDIENCE OAUTHBEARER_LOGICAL_CLUSTER OAUTHBEARER_IDENTITY_POOL,",
            "IAM_OAUTHBEARER_AUTH OAUTHBEARER_AUDIENCE,", "IAM_AUTH,",
            "OAUTHBEARER_SCOPE VPC_SUBNET, OAUTHBEARER_SCOPE needs OAUTHBEARER_AUTH beside it.",
            "OAUTHBEARER_LOGICAL_CLUSTER IAM_AUTH, OAUTHBEARER_LOGICAL_CLUSTER needs OAUTHBEARER_AUTH beside it.",
            "OAUTHBEARER_AUDIENCE, 'OAUTHBEARER_AUDIENCE needs OAUTHBEARER_AUTH beside it, or IAM_OAUTHBEARER_AUTH.'",
            "IAM_OAUTHBEARER_AUTH, IAM_OAUTHBEARER_AUTH needs OAUTHBEARER_AUDIENCE beside it.",
            "IAM_OAUTHBEARER_AUTH OAUTHBEARER_AUDIENCE OAUTHBEARER_AUTH, 'of the OAUTHBEARER types only OAUTHBEARER_AUDIENCE goes with"
                    + " IAM_OAUTHBEARER_AUTH, not OAUTHBEARER_AUTH.'"})
    void whatOAuthAndIamNeedBesideThem(String types, String hint) {
        List<SourceAccessConfiguration> accesses =
                Arrays.stream(types.split(" ")).map(type -> new SourceAccessConfiguration(type, "x")).toList();
        if (hint == null) {
            assertThatCode(() -> SourceAccessRule.requireFitting(SELF_MANAGED, accesses)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> SourceAccessRule.requireFitting(SELF_MANAGED, accesses)).isInstanceOfSatisfying(InvalidParameter.class,
                    refused -> assertThat(refused.hint()).contains(hint))
                    .hasMessage("Unsupported 'sourceAccessConfigurations' parameter for given event source mapping type.");
        }
    }

    @Test
    void onlyIamNeedsNoUri() {
        assertThatCode(() -> SourceAccessRule.requireForm(List.of(new SourceAccessConfiguration("IAM_AUTH", null))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> SourceAccessRule.requireForm(List.of(new SourceAccessConfiguration("VPC_SUBNET", "subnet:subnet-a"),
                new SourceAccessConfiguration("BASIC_AUTH", null))))
                .hasMessage("Required 'sourceAccessConfigurations.2.member.uRI' parameter is missing.");
    }

    // Only a declaration can say it; requests have the enum of the contract.
    @Test
    void aTypeThatIsNoneIsRefused() {
        assertThatThrownBy(() -> SourceAccessRule.requireFitting(MSK, List.of(new SourceAccessConfiguration("OAUTH", "x"))))
                .hasMessageStartingWith("1 validation error detected: Value 'OAUTH' at 'sourceAccessConfigurations.1.member.type' failed to"
                        + " satisfy constraint: Member must satisfy enum value set: [BASIC_AUTH, ");
    }

    @ParameterizedTest
    @CsvSource({"VPC_SUBNET, subnet:subnet-local, true", "VPC_SUBNET, subnet-0123, false", "VPC_SUBNET, security_group:sg-1, false",
            "VPC_SECURITY_GROUP, security_group:sg-01a, true", "VPC_SECURITY_GROUP, sg-01a, false", "BASIC_AUTH, " + SECRET + ", true",
            "BASIC_AUTH, arn:aws:ssm:us-east-1:000000000000:parameter/p, false", "SERVER_ROOT_CA_CERTIFICATE, " + SECRET + ", true",
            "SASL_SCRAM_512_AUTH, my-secret, false", "OAUTHBEARER_AUTH, https://idp, false", "OAUTHBEARER_SCOPE, a:b, true",
            "IAM_AUTH, x, false",
            "CLIENT_CERTIFICATE_TLS_AUTH, subnet:subnet-1, false"})
    void eachTypeHasItsKindOfUri(String type, String uri, boolean taken) {
        List<SourceAccessConfiguration> accesses = List.of(new SourceAccessConfiguration(type, uri));
        if (taken) {
            assertThatCode(() -> SourceAccessRule.requireForm(accesses)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> SourceAccessRule.requireForm(accesses)).isInstanceOf(InvalidParameter.class).hasMessageStartingWith(
                    "1 validation error detected: Value '" + uri + "' at 'sourceAccessConfigurations.1.member.uRI' failed to satisfy");
        }
    }

    @Test
    void aSchemaRegistryNeedsAddressFormatAndWhatIsDecoded() {
        assertMissing("schemaRegistryURI", new Registry(null, EventRecordFormat.JSON, List.of(), VALUE));
        assertMissing("eventRecordFormat", new Registry("https://r", null, List.of(), VALUE));
        assertMissing("schemaValidationConfigs", new Registry("https://r", EventRecordFormat.JSON, List.of(), List.of()));
        assertMissing("schemaValidationConfigs.2.member.attribute", new Registry("https://r", EventRecordFormat.JSON, List.of(),
                List.of(new Validation(Attribute.KEY), new Validation(null))));
        assertMissing("accessConfigs.1.member.type",
                new Registry("https://r", EventRecordFormat.JSON, List.of(new Access(null, "u")), VALUE));
        assertMissing("accessConfigs.2.member.uRI", new Registry("https://r", EventRecordFormat.JSON,
                List.of(new Access(AuthType.BASIC_AUTH, SECRET), new Access(AuthType.BASIC_AUTH, null)), VALUE));
    }

    private static void assertMissing(String member, Registry registry) {
        assertThatThrownBy(() -> SchemaRegistryRule.require(registry, "block")).isInstanceOf(InvalidParameter.class)
                .hasMessage("Required 'block.schemaRegistryConfig." + member + "' parameter is missing.");
    }

    @ParameterizedTest
    @CsvSource({"https://abc.confluent.cloud, true", "http://localhost:8081, true", "arn:aws:glue:us-east-1:000000000000:registry/r, true",
            "arn:aws:sqs:us-east-1:000000000000:q, false", "registry, false"})
    void aSchemaRegistryHasAnAddressOrIsOneOfGlue(String uri, boolean taken) {
        Registry registry = new Registry(uri, EventRecordFormat.SOURCE, List.of(), VALUE);
        if (taken) {
            assertThatCode(() -> SchemaRegistryRule.require(registry, "block")).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> SchemaRegistryRule.require(registry, "block"))
                    .hasMessageStartingWith("1 validation error detected: Value '"
                            + uri + "' at 'block.schemaRegistryConfig.schemaRegistryURI' failed to satisfy constraint");
        }
    }

    @Test
    void aSchemaRegistryHasTwoAccessConfigsAtMost() {
        Registry registry = new Registry("https://r", EventRecordFormat.JSON,
                Collections.nCopies(3, new Access(AuthType.BASIC_AUTH, SECRET)), VALUE);

        assertThatThrownBy(() -> SchemaRegistryRule.require(registry, "block")).hasMessage("1 validation error detected: Value"
                + " '3 access configs' at 'block.schemaRegistryConfig.accessConfigs' failed to satisfy constraint: Member must have length"
                + " less than or equal to 2.");
    }

    @Test
    void nothingIsAskedOfARegistryThatIsAbsentOrTakenAway() {
        assertThatCode(() -> SchemaRegistryRule.require(null, "block")).doesNotThrowAnyException();
        assertThatCode(() -> SchemaRegistryRule.require(Registry.NONE, "block")).doesNotThrowAnyException();
    }
}
