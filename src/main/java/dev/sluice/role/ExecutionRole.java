package dev.sluice.role;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.SchemaRegistry;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.resource.FunctionArn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which permissions does the execution role of a mapping's function need on AWS, and no more? As far as the mapping says it: what the cluster
 * itself asks for, and whose keys encrypt a secret, queue or bucket, only the user knows, and {@link #notes} says what to look at. Immutable.
 */
public record ExecutionRole(List<Statement> statements, List<String> notes) {

    /** What AWSLambdaMSKExecutionRole allows (version 2 of August 2022), on everything. */
    public static final Set<String> MANAGED_POLICY = Set.of("kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers",
            "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "ec2:DeleteNetworkInterface",
            "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents");
    public static final String MANAGED_POLICY_NAME = "AWSLambdaMSKExecutionRole";

    private static final List<String> READ_BY_IAM = List.of("kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration");

    public ExecutionRole {
        statements = List.copyOf(statements);
        notes = List.copyOf(notes);
    }

    public static ExecutionRole of(EventSourceMapping mapping) {
        return new Drawing(mapping).role();
    }

    /** The actions that are always needed and that the managed policy doesn't have. */
    public List<String> lackingInManagedPolicy() {
        return lacking(statements.stream().filter(statement -> statement.when() == null));
    }

    /** The further ones that are needed when {@link Statement#when} says. */
    public List<String> lackingSometimes() {
        return lacking(statements.stream().filter(statement -> statement.when() != null));
    }

    private static List<String> lacking(Stream<Statement> statements) {
        return statements.flatMap(statement -> statement.actions().stream()).filter(action -> !MANAGED_POLICY.contains(action)).distinct()
                .toList();
    }

    /** One role on its way. Single-use, confined to one thread. */
    private static final class Drawing {
        private final EventSourceMapping mapping;
        private final FunctionArn function;
        private final String prefix;
        private final String region;
        private final List<SourceAccessConfiguration> accesses;
        private final List<Statement> statements = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        Drawing(EventSourceMapping mapping) {
            this.mapping = mapping;
            this.function = mapping.settings().functionArn();
            String[] parts = function.toString().split(":");
            this.prefix = parts[0] + ":" + parts[1] + ":";
            this.region = function.scope().region();
            this.accesses = mapping.settings().sourceAccessConfigurations();
        }

        ExecutionRole role() {
            logs();
            mapping.source().eventSource().match(msk -> {
                cluster(new MskArn(msk.arn()));
                return null;
            }, kafka -> {
                selfManaged();
                return null;
            });
            secrets();
            registry();
            keys();
            destination();
            return new ExecutionRole(statements, notes);
        }

        private void allow(String sid, List<String> actions, List<String> resources, String why) {
            statements.add(new Statement(sid, actions, resources, why));
        }

        private void logs() {
            String account = prefix + "logs:" + region + ":" + function.scope().accountId();
            allow("CreateLogGroup", List.of("logs:CreateLogGroup"), List.of(account + ":*"), "The function's log.");
            allow("WriteLog", List.of("logs:CreateLogStream", "logs:PutLogEvents"),
                    List.of(account + ":log-group:/aws/lambda/" + function.name() + ":*"),
                    "The function's log, and that of the mapping's pollers; a LogGroup of the function's LoggingConfig takes its place.");
        }

        private void cluster(MskArn arn) {
            allow("FindBrokers", List.of("kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"), List.of(arn.clusterOrConnection()),
                    "Which brokers the cluster has; kafka:DescribeCluster does as well for a provisioned cluster, and AWS means to give it up.");
            if (arn.isVpcConnection()) {
                allow("DescribeVpcConnection", List.of("kafka:DescribeVpcConnection"), List.of(arn.clusterOrConnection()),
                        "The cluster is another account's, whose cluster policy has to allow this role, too.");
            }
            network();
            if (accesses.stream().noneMatch(access -> logsIn(access.type()))) {
                byIam("the cluster has IAM access control: Lambda uses it, as the mapping names no secret", arn.cluster(),
                        arn.topics(mapping.source().topics()), arn.group(mapping.source().consumerGroupId()));
            }
        }

        private void selfManaged() {
            if (accesses.stream().anyMatch(access -> access.type().equals("VPC_SUBNET"))) {
                network();
            }
            if (accesses.stream().anyMatch(access -> access.type().equals("IAM_AUTH"))) {
                byIam(null, "*", List.of("*"), "*");
                notes.add("The mapping has IAM_AUTH: narrow kafka-cluster's resources down to the cluster's ARNs, which the mapping doesn't"
                        + " say.");
            }
            if (accesses.stream().anyMatch(access -> access.type().equals("IAM_OAUTHBEARER_AUTH"))) {
                allow("TokenOfTheRole", List.of("sts:GetWebIdentityToken"), List.of("*"),
                        "The mapping has IAM_OAUTHBEARER_AUTH. AWS's guide doesn't name the action; it is the one that gives such tokens.");
            }
        }

        private void network() {
            allow("JoinVpc", List.of("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs",
                    "ec2:DeleteNetworkInterface", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"), List.of("*"),
                    "Pollers are placed in the brokers' subnets; AWS's guide narrows these to no resource.");
        }

        private void byIam(String when, String cluster, List<String> topics, String group) {
            statements.add(new Statement("ConnectByIam", READ_BY_IAM, List.of(cluster), null, when, "Logging in by IAM."));
            statements.add(new Statement("ReadTopicByIam", List.of("kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"), topics, null,
                    when, "Reading by IAM."));
            statements.add(new Statement("JoinGroupByIam", List.of("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"),
                    List.of(group), null, when, "The consumer group, by IAM."));
        }

        private void secrets() {
            Set<String> secrets = new LinkedHashSet<>();
            SchemaRegistry registry = mapping.settings().schemaRegistry();
            Stream.concat(accesses.stream().map(SourceAccessConfiguration::uri),
                    registry == null ? Stream.empty() : registry.accessConfigs().stream().map(SchemaRegistry.Access::uri))
                    .filter(Objects::nonNull).filter(uri -> uri.contains(":secretsmanager:")).forEach(secrets::add);
            if (secrets.isEmpty()) {
                return;
            }
            allow("ReadSecrets", List.of("secretsmanager:GetSecretValue"), List.copyOf(secrets),
                    "What the pollers log in with, at the brokers and at the schema registry.");
            List<String> amazonMsk = secrets.stream().filter(secret -> secret.contains(":secret:AmazonMSK_")).toList();
            if (amazonMsk.isEmpty()) {
                notes.add("A secret that is encrypted with a key of your own needs kms:Decrypt on that key.");
            } else {
                String[] parts = amazonMsk.get(0).split(":");
                statements.add(new Statement("DecryptSecrets", List.of("kms:Decrypt"),
                        List.of(prefix + "kms:" + parts[3] + ":" + parts[4] + ":key/*"), "secretsmanager." + parts[3] + ".amazonaws.com",
                        null,
                        "Amazon MSK takes only secrets that are encrypted with a key of your own; put its ARN in the place of key/*."));
            }
        }

        private void registry() {
            SchemaRegistry registry = mapping.settings().schemaRegistry();
            if (registry != null && registry.uri().contains(":glue:")) {
                allow("ReadGlueSchemas", List.of("glue:GetRegistry", "glue:GetSchemaVersion"),
                        List.of(registry.uri(), registry.uri().replace(":registry/", ":schema/") + "/*"), "The schema registry is Glue's.");
            }
        }

        private void keys() {
            String key = mapping.settings().kmsKeyArn();
            if (key != null) {
                allow("DecryptFilters", List.of("kms:Decrypt"), List.of(key),
                        "Filter criteria are encrypted with it; its key policy has to let lambda.amazonaws.com decrypt, too.");
            }
        }

        private void destination() {
            String to = mapping.settings().failureHandling().onFailureDestination();
            if (to == null) {
                return;
            }
            if (to.contains(":sqs:")) {
                allow("SendFailures", List.of("sqs:SendMessage"), List.of(to), "The on-failure destination.");
                notes.add("A queue that is encrypted with a key of your own needs kms:Decrypt and kms:GenerateDataKey on that key.");
            } else if (to.contains(":sns:")) {
                allow("SendFailures", List.of("sns:Publish"), List.of(to), "The on-failure destination.");
                notes.add("A topic that is encrypted with a key of your own needs kms:Decrypt and kms:GenerateDataKey on that key.");
            } else if (to.contains(":s3:")) {
                allow("SendFailures", List.of("s3:PutObject"), List.of(to + "/*"), "The on-failure destination.");
                allow("ListFailures", List.of("s3:ListBucket"), List.of(to), "The on-failure destination.");
                notes.add("A bucket that is encrypted with a key of your own needs kms:GenerateDataKey on that key.");
            } else {
                kafkaDestination(to.substring("kafka://".length()));
            }
        }

        private void kafkaDestination(String topic) {
            List<String> resources = mapping.source().eventSource().match(msk -> new MskArn(msk.arn()).topics(List.of(topic)),
                    kafka -> List.of("*"));
            Optional<Statement> byIam = statements.stream().filter(statement -> statement.sid().equals("ConnectByIam")).findFirst();
            if (byIam.isPresent()) {
                statements.add(
                        new Statement("SendFailures", List.of("kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"), resources, null,
                                byIam.get().when(), "The on-failure destination is a topic of the same cluster."));
            } else {
                notes.add("The on-failure destination is the topic " + topic
                        + " of the same cluster: whoever the mapping logs in as has to be"
                        + " allowed to write there by the cluster's own ACLs.");
            }
        }

        private static boolean logsIn(String type) {
            return type.equals("SASL_SCRAM_512_AUTH") || type.equals("CLIENT_CERTIFICATE_TLS_AUTH");
        }
    }

    /** What an ARN of Amazon MSK says of others. */
    private record MskArn(String clusterOrConnection) {

        boolean isVpcConnection() {
            return clusterOrConnection.contains(":vpc-connection/");
        }

        /** A VPC connection is {@code vpc-connection/ACCOUNT/CLUSTER/ID}, of the account that connects; ACCOUNT has the cluster. */
        private String part(String kind) {
            String[] head = clusterOrConnection.split(":", 6);
            String[] path = head[5].split("/");
            String account = isVpcConnection() && path.length > 1 ? path[1] : head[4];
            int name = isVpcConnection() ? 2 : 1;
            String id = isVpcConnection() || path.length <= name + 1 ? "*" : path[name + 1];
            return String.join(":", head[0], head[1], head[2], head[3], account,
                    kind + "/" + (path.length > name ? path[name] : "*") + "/" + id);
        }

        String cluster() {
            return part("cluster");
        }

        List<String> topics(List<String> names) {
            return names.stream().map(topic -> part("topic") + "/" + topic).toList();
        }

        String group(String group) {
            return part("group") + "/" + group;
        }
    }
}
