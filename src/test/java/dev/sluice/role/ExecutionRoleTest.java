package dev.sluice.role;

import static dev.sluice.fixture.Mappings.aMapping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Mappings;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FailureHandling;
import dev.sluice.mapping.ProvisionedPollers;
import dev.sluice.mapping.SchemaRegistry;
import dev.sluice.mapping.SourceAccessConfiguration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutionRoleTest {

    private static final String CLUSTER = "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0a1b2c3d-1";
    private static final String SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:";

    // The seed's list: what the managed policy has is what a mapping of an MSK cluster without IAM access control needs.
    @Test
    void aClusterWithoutAnyLogInNeedsWhatTheManagedPolicyHas() {
        ExecutionRole role = role(aMapping().mskCluster(CLUSTER));
        assertThat(role.lackingInManagedPolicy()).isEmpty();
        assertThat(always(role)).containsExactlyInAnyOrder("kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers",
                "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets", "ec2:DescribeVpcs", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents");
        assertThat(statement(role, "FindBrokers").resources()).containsExactly(CLUSTER);
    }

    @Test
    void withoutASecretAClusterOfMskMayAskForIam() {
        ExecutionRole role = role(aMapping().mskCluster(CLUSTER).topics("orders").consumerGroupId("billing"));
        assertThat(role.lackingSometimes()).containsExactlyInAnyOrder("kafka-cluster:Connect",
                "kafka-cluster:DescribeClusterDynamicConfiguration", "kafka-cluster:DescribeTopic", "kafka-cluster:ReadData",
                "kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup");
        assertThat(statement(role, "ConnectByIam").resources()).containsExactly(CLUSTER);
        assertThat(statement(role, "ReadTopicByIam").resources())
                .containsExactly("arn:aws:kafka:eu-west-1:123456789012:topic/orders/0a1b2c3d-1/orders");
        assertThat(statement(role, "JoinGroupByIam").resources())
                .containsExactly("arn:aws:kafka:eu-west-1:123456789012:group/orders/0a1b2c3d-1/billing");
    }

    @Test
    void aSecretTakesThePlaceOfIamAndItsKeyIsOfItsOwnRegion() {
        ExecutionRole role =
                role(aMapping().mskCluster(CLUSTER)
                        .sourceAccessConfigurations(access("SASL_SCRAM_512_AUTH", SECRET + "AmazonMSK_o-AbCdEf")));
        assertThat(role.lackingSometimes()).isEmpty();
        assertThat(role.lackingInManagedPolicy()).containsExactly("secretsmanager:GetSecretValue", "kms:Decrypt");
        assertThat(statement(role, "ReadSecrets").resources()).containsExactly(SECRET + "AmazonMSK_o-AbCdEf");
        assertThat(statement(role, "DecryptSecrets").document().toString()).contains("arn:aws:kms:eu-west-1:123456789012:key/*",
                "kms:ViaService=secretsmanager.eu-west-1.amazonaws.com");
    }

    @Test
    void aVpcConnectionIsDescribedAndItsClusterIsTheOtherAccounts() {
        String connection = "arn:aws:kafka:eu-west-1:123456789012:vpc-connection/210987654321/orders/0a1b2c3d-7";
        ExecutionRole role = role(aMapping().mskCluster(connection).topics("orders"));
        assertThat(role.lackingInManagedPolicy()).containsExactly("kafka:DescribeVpcConnection");
        assertThat(statement(role, "DescribeVpcConnection").resources()).containsExactly(connection);
        assertThat(statement(role, "ReadTopicByIam").resources())
                .containsExactly("arn:aws:kafka:eu-west-1:210987654321:topic/orders/*/orders");
    }

    @Test
    void brokersOnTheInternetNeedNoNetworkInterfaces() {
        Mappings mapping =
                aMapping().selfManagedKafka("b1.example:9096").sourceAccessConfigurations(access("BASIC_AUTH", SECRET + "s-AbCdEf"));
        assertThat(always(role(mapping))).containsExactlyInAnyOrder("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents",
                "secretsmanager:GetSecretValue");
        NetworkNeeds network = NetworkNeeds.of(mapping.build());
        assertThat(network.inVpc()).isFalse();
        assertThat(network.rules()).isEmpty();
        assertThat(network.notes()).singleElement().asString().contains("over the internet");
    }

    @ParameterizedTest
    @CsvSource({"arn:aws:sqs:eu-west-1:123456789012:q,sqs:SendMessage,arn:aws:sqs:eu-west-1:123456789012:q,sqs",
            "arn:aws:sns:eu-west-1:123456789012:t,sns:Publish,arn:aws:sns:eu-west-1:123456789012:t,sns",
            "arn:aws:s3:::b,s3:PutObject,arn:aws:s3:::b/*,s3", "kafka://dead,kafka-cluster:WriteData,"
                    + "arn:aws:kafka:eu-west-1:123456789012:topic/orders/0a1b2c3d-1/dead,"})
    void aDestinationIsWrittenAndReached(String destination, String action, String resource, String service) {
        EventSourceMapping mapping =
                aMapping().mskCluster(CLUSTER).failureHandling(new FailureHandling(null, null, null, false, destination)).build();
        Statement sent = statement(ExecutionRole.of(mapping), "SendFailures");
        assertThat(sent.actions()).contains(action);
        assertThat(sent.resources()).containsExactly(resource);
        assertThat(NetworkNeeds.of(mapping).services()).containsExactlyElementsOf(
                service == null ? List.of("lambda", "sts") : List.of("lambda", "sts", service));
    }

    @Test
    void aBucketIsListedToo() {
        ExecutionRole role =
                role(aMapping().mskCluster(CLUSTER).failureHandling(new FailureHandling(null, null, null, false, "arn:aws:s3:::b")));
        assertThat(statement(role, "ListFailures").resources()).containsExactly("arn:aws:s3:::b");
    }

    @Test
    void registriesAndKeysAreAsTheMappingUsesThem() {
        SchemaRegistry glue = new SchemaRegistry("arn:aws:glue:eu-west-1:123456789012:registry/r", SchemaRegistry.EventRecordFormat.JSON,
                List.of(), List.of(SchemaRegistry.Attribute.VALUE));
        ExecutionRole role =
                role(aMapping().mskCluster(CLUSTER).schemaRegistry(glue).kmsKeyArn("arn:aws:kms:eu-west-1:123456789012:key/k"));
        assertThat(statement(role, "ReadGlueSchemas").resources()).containsExactly("arn:aws:glue:eu-west-1:123456789012:registry/r",
                "arn:aws:glue:eu-west-1:123456789012:schema/r/*");
        assertThat(statement(role, "DecryptFilters").resources()).containsExactly("arn:aws:kms:eu-west-1:123456789012:key/k");
        SchemaRegistry confluent = new SchemaRegistry("https://schemas.example", SchemaRegistry.EventRecordFormat.JSON,
                List.of(new SchemaRegistry.Access(SchemaRegistry.AuthType.BASIC_AUTH, SECRET + "r-AbCdEf")),
                List.of(SchemaRegistry.Attribute.VALUE));
        assertThat(statement(role(aMapping().mskCluster(CLUSTER).schemaRegistry(confluent)), "ReadSecrets").resources())
                .containsExactly(SECRET + "r-AbCdEf");
    }

    @Test
    void onDemandInvokesThroughTheBrokersNetworkAndProvisionedDoesNot() {
        Mappings mapping = aMapping().selfManagedKafka("b1.example:9096", "b2.example:9094")
                .sourceAccessConfigurations(access("VPC_SUBNET", "subnet:subnet-1"), access("BASIC_AUTH", SECRET + "s-AbCdEf"));
        NetworkNeeds onDemand = NetworkNeeds.of(mapping.build());
        assertThat(onDemand.services()).containsExactly("lambda", "sts", "secretsmanager");
        assertThat(onDemand.rules()).contains(
                new NetworkNeeds.Rule("inbound", "the brokers' security group", "9094, 9096", "the mapping's security group"),
                new NetworkNeeds.Rule("outbound", "the mapping's security group", "443",
                        "the endpoints' security group, or 0.0.0.0/0 with a NAT gateway"));
        NetworkNeeds provisioned = NetworkNeeds.of(mapping.provisionedPollers(new ProvisionedPollers(1, 2, null)).build());
        assertThat(provisioned.services()).isEmpty();
        assertThat(provisioned.rules()).extracting(NetworkNeeds.Rule::ports).containsOnly("9094, 9096");
    }

    @ParameterizedTest
    @CsvSource({"SASL_SCRAM_512_AUTH,9096", "CLIENT_CERTIFICATE_TLS_AUTH,9094"})
    void thePortOfAmazonsBrokersIsThatOfTheLogIn(String type, String port) {
        assertThat(NetworkNeeds.of(aMapping().mskCluster(CLUSTER).sourceAccessConfigurations(access(type, SECRET + "s-AbCdEf")).build())
                .rules().get(0).ports()).isEqualTo(port);
    }

    // IAM refuses a policy with two statements of one name.
    @Test
    void statementsHaveNamesOfTheirOwn() {
        ExecutionRole role = role(aMapping().mskCluster(CLUSTER)
                .failureHandling(new FailureHandling(null, null, null, false, "kafka://dead")).kmsKeyArn("arn:aws:kms:eu-west-1:1:key/k"));
        assertThat(role.statements()).extracting(Statement::sid).doesNotHaveDuplicates().allMatch(sid -> sid.matches("[A-Za-z0-9]+"));
    }

    private static ExecutionRole role(Mappings mapping) {
        return ExecutionRole.of(mapping.build());
    }

    private static SourceAccessConfiguration access(String type, String uri) {
        return new SourceAccessConfiguration(type, uri);
    }

    private static Statement statement(ExecutionRole role, String sid) {
        return role.statements().stream().filter(statement -> statement.sid().equals(sid)).findFirst().orElseThrow();
    }

    private static Set<String> always(ExecutionRole role) {
        return role.statements().stream().filter(statement -> statement.when() == null)
                .flatMap(statement -> statement.actions().stream()).collect(Collectors.toSet());
    }
}
