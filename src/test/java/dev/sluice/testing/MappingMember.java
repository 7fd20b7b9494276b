package dev.sluice.testing;

import java.util.List;
import java.util.Map;

/**
 * The one list of what a mapping can be told: where each member stands in AWS's requests and answers, in sluice.yaml, in the domain, in
 * the tables, and on the terminal. {@code MappingMembersTest} compares it with each of these lists, so that a member which is added to
 * one of them fails until it is in all; {@code MappingMembersIT} takes every row through all of them.
 */
public enum MappingMember {

    FUNCTION(aws("FunctionName").said("\"orders\"", "\"others\"")
            .answered("\"FunctionArn\":\"arn:aws:lambda:us-east-1:000000000000:function:orders\"",
                    "\"FunctionArn\":\"arn:aws:lambda:us-east-1:000000000000:function:others\"")
            .yaml("function", "orders", "others").component("settings.functionArn")
            .column("function_account_id", "function_region", "function_name", "function_qualifier").label("Function")),
    EVENT_SOURCE_ARN(aws("EventSourceArn").atCreation()
            .said(quoted(TestServer.CLUSTER), quoted(TestServer.CLUSTER.replace("test/f", "test/a")))
            .yaml("eventSourceArn", TestServer.CLUSTER, TestServer.CLUSTER.replace("test/f", "test/a")).component("source.eventSource")
            .column("event_source_arn")),
    BOOTSTRAP_SERVERS(aws("SelfManagedEventSource", ".Endpoints").atCreation()
            .said("{\"Endpoints\":{\"KAFKA_BOOTSTRAP_SERVERS\":[\"a.example:1\",\"b.example:1\"]}}",
                    "{\"Endpoints\":{\"KAFKA_BOOTSTRAP_SERVERS\":[\"c.example:1\"]}}")
            .yaml("bootstrapServers", "['a.example:1', 'b.example:1']", "['c.example:1']").component("source.eventSource")
            .column("mapping_bootstrap_servers.bootstrap_server")),
    TOPICS(aws("Topics").atCreation().said("[\"first\"]", "[\"second\"]").yaml("topic", "first", "second").yamlToo("topics")
            .component("source.topics").column("mapping_topics.topic").label("Topics")),
    STARTING_POSITION(aws("StartingPosition").atCreation().said("\"TRIM_HORIZON\"", "\"LATEST\"").yaml("startingPosition", "TRIM_HORIZON",
            "LATEST").component("source.startingPosition.type").column("starting_position")),
    STARTING_POSITION_TIMESTAMP(aws("StartingPositionTimestamp").atCreation().said("1767225600", "1767225601")
            .yaml("startingPositionTimestamp", "'2026-01-01T00:00:00Z'", "'2026-01-01T00:00:01Z'")
            .with("\"StartingPosition\":\"AT_TIMESTAMP\"", "startingPosition", "AT_TIMESTAMP")
            .component("source.startingPosition.timestamp").column("starting_position_timestamp")),
    ENABLED(aws("Enabled").said("false", "true").answered("\"State\":\"Disabled\"", null).yaml("enabled", "false", "true")
            .component("status.state").column("state").label("State")),
    CONSUMER_GROUP_ID(aws("SelfManagedKafkaEventSourceConfig", ".ConsumerGroupId").atCreation()
            .said("{\"ConsumerGroupId\":\"group-1\"}", "{\"ConsumerGroupId\":\"group-2\"}").yaml("consumerGroupId", "group-1", "group-2")
            .component("source.consumerGroupId").column("consumer_group_id")),
    CONSUMER_GROUP_ID_OF_MSK(aws("AmazonManagedKafkaEventSourceConfig", ".ConsumerGroupId").atCreation().ofMsk()
            .said("{\"ConsumerGroupId\":\"group-1\"}", "{\"ConsumerGroupId\":\"group-2\"}").yaml("consumerGroupId", "group-1", "group-2")
            .component("source.consumerGroupId").column("consumer_group_id")),
    BATCH_SIZE(aws("BatchSize").said("7", "8").yaml("batchSize", "7", "8").component("settings.batchSize").column("batch_size")),
    MAXIMUM_BATCHING_WINDOW(aws("MaximumBatchingWindowInSeconds").said("3", "0").yaml("maximumBatchingWindowInSeconds", "3", "0")
            .component("settings.maximumBatchingWindow").column("maximum_batching_window_nanos")),
    SOURCE_ACCESS_CONFIGURATIONS(aws("SourceAccessConfigurations", "[].Type", "[].URI")
            .said("[{\"Type\":\"VPC_SUBNET\",\"URI\":\"subnet:subnet-a\"},{\"Type\":\"VPC_SECURITY_GROUP\",\"URI\":\"security_group:sg-b\"},{\"Type\":\"IAM_AUTH\"}]",
                    "[{\"Type\":\"VPC_SUBNET\",\"URI\":\"subnet:subnet-c\"}]")
            .yaml("sourceAccessConfigurations",
                    "[{type: VPC_SUBNET, uri: 'subnet:subnet-a'}, {type: VPC_SECURITY_GROUP, uri: 'security_group:sg-b'}, {type: IAM_AUTH}]",
                    "[{type: VPC_SUBNET, uri: 'subnet:subnet-c'}]")
            .component("settings.sourceAccessConfigurations")
            .column("mapping_source_access_configurations.type", "mapping_source_access_configurations.uri")),
    FILTER_CRITERIA(aws("FilterCriteria", ".Filters[].Pattern")
            .said("{\"Filters\":[{\"Pattern\":\"{\\\"value\\\":{\\\"a\\\":[1]}}\"}]}",
                    "{\"Filters\":[{\"Pattern\":\"{\\\"topic\\\":[\\\"x\\\"]}\"},{\"Pattern\":\"{\\\"topic\\\":[\\\"y\\\"]}\"}]}")
            .yaml("filterPatterns", "['{\"value\":{\"a\":[1]}}']", "['{\"topic\":[\"x\"]}', '{\"topic\":[\"y\"]}']")
            .component("settings.filterPatterns").column("mapping_filter_patterns.pattern").label("Filter")),
    MAXIMUM_RETRY_ATTEMPTS(aws("MaximumRetryAttempts").said("3", "-1").yaml("maximumRetryAttempts", "3", "-1")
            .component("settings.failureHandling.maximumRetryAttempts").column("maximum_retry_attempts").label("Retries")),
    MAXIMUM_RECORD_AGE(aws("MaximumRecordAgeInSeconds").said("60", "-1").yaml("maximumRecordAgeInSeconds", "60", "-1")
            .component("settings.failureHandling.maximumRecordAgeInSeconds").column("maximum_record_age_seconds").label("Record age")),
    BISECT_BATCH_ON_FUNCTION_ERROR(aws("BisectBatchOnFunctionError").said("true", "false")
            .yaml("bisectBatchOnFunctionError", "true", "false")
            .component("settings.failureHandling.bisectBatchOnFunctionError").column("bisect_batch_on_function_error").label("Bisect")),
    FUNCTION_RESPONSE_TYPES(aws("FunctionResponseTypes").said("[\"ReportBatchItemFailures\"]", "[]").answered(
            "\"FunctionResponseTypes\":[\"ReportBatchItemFailures\"]", null)
            .yaml("functionResponseTypes", "[ReportBatchItemFailures]", "[]")
            .component("settings.failureHandling.reportBatchItemFailures").column("report_batch_item_failures").label("Responses")),
    ON_FAILURE(aws("DestinationConfig", ".OnFailure.Destination")
            .said("{\"OnFailure\":{\"Destination\":\"arn:aws:sqs:us-east-1:000000000000:dead\"}}",
                    "{\"OnFailure\":{\"Destination\":\"arn:aws:s3:::dead\"}}")
            .yaml("onFailureDestination", "arn:aws:sqs:us-east-1:000000000000:dead", "arn:aws:s3:::dead")
            .component("settings.failureHandling.onFailureDestination").column("on_failure_destination").label("On failure")),
    PROVISIONED_POLLERS(aws("ProvisionedPollerConfig", ".MinimumPollers", ".MaximumPollers", ".PollerGroupName")
            .said("{\"MinimumPollers\":2,\"MaximumPollers\":3,\"PollerGroupName\":\"g\"}", "{\"MinimumPollers\":4}")
            .yaml("provisionedPollerConfig", "{minimumPollers: 2, maximumPollers: 3, pollerGroupName: g}", "{minimumPollers: 4}")
            .component("settings.provisionedPollers.minimumPollers", "settings.provisionedPollers.maximumPollers",
                    "settings.provisionedPollers.pollerGroupName")
            .column("provisioned", "minimum_pollers", "maximum_pollers", "poller_group_name").label("Pollers")),
    LOGGING_CONFIG(aws("LoggingConfig", ".SystemLogLevel").said("{\"SystemLogLevel\":\"WARN\"}", "{\"SystemLogLevel\":\"DEBUG\"}")
            .yaml("systemLogLevel", "WARN", "DEBUG").component("settings.monitoring.systemLogLevel").column("system_log_level")
            .label("System log")),
    METRICS_CONFIG(
            aws("MetricsConfig", ".Metrics").said("{\"Metrics\":[\"EventCount\",\"KafkaMetrics\"]}", "{\"Metrics\":[\"ErrorCount\"]}")
                    .yaml("metrics", "[EventCount, KafkaMetrics]", "[ErrorCount]").component("settings.monitoring.metrics")
                    .column("mapping_metrics.metric_group").label("Metrics")),
    KMS_KEY_ARN(aws("KMSKeyArn").said("\"arn:aws:kms:us-east-1:000000000000:key/k\"", "\"arn:aws:kms:us-east-1:000000000000:key/l\"")
            .yaml("kmsKeyArn", "arn:aws:kms:us-east-1:000000000000:key/k", "arn:aws:kms:us-east-1:000000000000:key/l")
            .component("settings.kmsKeyArn").column("kms_key_arn").label("KMS key")),
    SCHEMA_REGISTRY(registry("SelfManagedKafkaEventSourceConfig")),
    SCHEMA_REGISTRY_OF_MSK(registry("AmazonManagedKafkaEventSourceConfig").ofMsk()),
    TAGS(aws("Tags").atCreation().said("{\"team\":\"payments\",\"empty\":\"\"}", "{\"team\":\"orders\"}")
            .yaml("tags", "{team: payments, empty: }", "{team: orders}").column("mapping_tags.tag_key", "mapping_tags.tag_value")),
    JOIN_FOREIGN_GROUPS(ours().answered("\"joinForeignGroups\":true", "\"joinForeignGroups\":false")
            .yaml("joinForeignGroups", "true", "false").component("settings.joinForeignGroups").column("join_foreign_groups")
            .label("Group members"));

    /** Members of AWS's requests and answers for other sources than Kafka; those of requests are refused. */
    public static final List<String> OF_OTHER_SOURCES = List.of("ParallelizationFactor", "TumblingWindowInSeconds",
            "ScalingConfig.MaximumConcurrency", "Queues", "DocumentDBEventSourceConfig.DatabaseName",
            "DocumentDBEventSourceConfig.CollectionName", "DocumentDBEventSourceConfig.FullDocument",
            "DestinationConfig.OnSuccess.Destination");

    /** Members that only an answer has. */
    public static final List<String> ONLY_ANSWERED = List.of("UUID", "EventSourceMappingArn", "FunctionArn", "LastModified",
            "LastProcessingResult", "State", "StateTransitionReason", "FilterCriteriaError.ErrorCode", "FilterCriteriaError.Message");

    /** What a mapping has that nobody says of it: which one it is, and where it stands. */
    public static final List<String> COMPONENTS_NOT_SAID = List.of("id", "scope", "created", "status.reason",
            "status.lastProcessingResult", "status.lastModified", "status.generation", "status.startingPositionApplied");
    public static final List<String> COLUMNS_NOT_SAID = List.of("id", "account_id", "region", "created", "reason", "last_processing_result",
            "last_modified", "generation", "starting_position_applied", "mapping_failures.generation", "mapping_failures.since",
            "mapping_failures.cause");

    private final Row row;

    MappingMember(Row row) {
        this.row = row;
    }

    public Row row() {
        return row;
    }

    /** In the requests' spelling, with all that it consists of. */
    public List<String> paths() {
        return row.parts.isEmpty() ? row.member == null ? List.of() : List.of(row.member)
                : row.parts.stream().map(part -> row.member + part).toList();
    }

    /** Whether AWS has it. */
    public boolean isOfAws() {
        return row.member != null;
    }

    private static Row aws(String member, String... parts) {
        return new Row(member, List.of(parts));
    }

    private static Row ours() {
        return new Row(null, List.of());
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private static Row registry(String block) {
        String secret = "arn:aws:secretsmanager:us-east-1:000000000000:secret:s";
        return aws(block, ".SchemaRegistryConfig.SchemaRegistryURI", ".SchemaRegistryConfig.EventRecordFormat",
                ".SchemaRegistryConfig.AccessConfigs[].Type", ".SchemaRegistryConfig.AccessConfigs[].URI",
                ".SchemaRegistryConfig.SchemaValidationConfigs[].Attribute")
                .said("{\"SchemaRegistryConfig\":{\"SchemaRegistryURI\":\"https://schemas.example\",\"EventRecordFormat\":\"JSON\","
                        + "\"AccessConfigs\":[{\"Type\":\"BASIC_AUTH\",\"URI\":\"" + secret + "\"}],"
                        + "\"SchemaValidationConfigs\":[{\"Attribute\":\"KEY\"},{\"Attribute\":\"VALUE\"}]}}",
                        "{\"SchemaRegistryConfig\":{\"SchemaRegistryURI\":\"https://other.example\",\"EventRecordFormat\":\"SOURCE\","
                                + "\"SchemaValidationConfigs\":[{\"Attribute\":\"VALUE\"}]}}")
                .yaml("schemaRegistryConfig", "{schemaRegistryURI: 'https://schemas.example', eventRecordFormat: JSON, accessConfigs:"
                        + " [{type: BASIC_AUTH, uri: '" + secret + "'}], schemaValidationConfigs: [KEY, VALUE]}",
                        "{schemaRegistryURI: 'https://other.example', eventRecordFormat: SOURCE, schemaValidationConfigs: [VALUE]}")
                .component("settings.schemaRegistry.uri", "settings.schemaRegistry.format", "settings.schemaRegistry.accessConfigs",
                        "settings.schemaRegistry.validated")
                .column("schema_registry_uri", "schema_registry_event_record_format", "mapping_schema_registry_access_configs.type",
                        "mapping_schema_registry_access_configs.uri", "mapping_schema_validation_configs.attribute")
                .label("Schema registry");
    }

    /** One member, with two values. Not to be changed once it is in the list. */
    public static final class Row {

        private final String member;
        private final List<String> parts;
        private boolean updatable = true;
        private boolean msk;
        private List<String> said = List.of();
        private List<String> answered;
        private List<String> keys = List.of();
        private List<String> yaml;
        private Map.Entry<String, Map.Entry<String, String>> with;
        private List<String> components = List.of();
        private List<String> columns = List.of();
        private String label;

        private Row(String member, List<String> parts) {
            this.member = member;
            this.parts = parts;
        }

        private Row atCreation() {
            updatable = false;
            return this;
        }

        private Row ofMsk() {
            msk = true;
            return this;
        }

        /** Two values of a request, as JSON; an answer has the same unless something else is said. */
        private Row said(String first, String second) {
            said = List.of(first, second);
            answered = List.of('"' + member + "\":" + first, '"' + member + "\":" + second);
            return this;
        }

        /** What an answer has instead. @param second null where only a difference is to be expected */
        private Row answered(String first, String second) {
            answered = second == null ? List.of(first) : List.of(first, second);
            return this;
        }

        private Row yaml(String key, String first, String second) {
            keys = List.of(key);
            yaml = List.of(first, second);
            return this;
        }

        private Row yamlToo(String key) {
            keys = List.of(keys.get(0), key);
            return this;
        }

        /** What goes with it, in a request and in the file. */
        private Row with(String inRequest, String key, String inFile) {
            with = Map.entry(inRequest, Map.entry(key, inFile));
            return this;
        }

        private Row component(String... paths) {
            components = List.of(paths);
            return this;
        }

        private Row column(String... names) {
            columns = List.of(names);
            return this;
        }

        /** Under which name {@code sluice mappings UUID} shows it; it shows nothing of the others. */
        private Row label(String name) {
            label = name;
            return this;
        }

        public String member() {
            return member;
        }

        public boolean updatable() {
            return updatable;
        }

        public boolean msk() {
            return msk;
        }

        /** The members of a request that say the value. @param value 0 or 1 */
        public String request(int value) {
            return '"' + member + "\":" + said.get(value) + (with == null ? "" : "," + with.getKey());
        }

        /** What an answer then has; null where it only has something else than with the other value. */
        public String answer(int value) {
            return value < answered.size() ? '{' + answered.get(value) + '}' : null;
        }

        /** Keys of sluice.yaml and what they then are. */
        public Map<String, String> file(int value) {
            Map<String, String> file = new java.util.HashMap<>(Map.of(keys.get(0), yaml.get(value)));
            if (with != null) {
                file.put(with.getValue().getKey(), with.getValue().getValue());
            }
            return file;
        }

        public List<String> keys() {
            return keys;
        }

        public List<String> components() {
            return components;
        }

        public List<String> columns() {
            return columns;
        }

        public String label() {
            return label;
        }
    }
}
