package dev.sluice.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** What AWS asks of a request about a mapping of Kafka beside its model, put right in made-up ones. Confined to one thread. */
final class MappingRules {

    private static final String CLUSTER =
            "arn:aws:kafka:us-east-1:111111111111:cluster/orders/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    private static final String SECRET = "arn:aws:secretsmanager:us-east-1:111111111111:secret:kafka-user-AbCdEf";
    private static final String KEY = "arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555";
    private static final String AMAZON = "AmazonManagedKafkaEventSourceConfig";
    private static final String SELF_MANAGED = "SelfManagedKafkaEventSourceConfig";
    private static final List<String> OTHER_SOURCES =
            List.of("Queues", "ScalingConfig", "DocumentDBEventSourceConfig", "ParallelizationFactor", "TumblingWindowInSeconds");
    private static final List<String> DESTINATIONS = List.of("", "kafka://failed-records",
            "arn:aws:sqs:us-east-1:111111111111:failed", "arn:aws:sns:us-east-1:111111111111:failed", "arn:aws:s3:::failed-records");
    private static final List<String> PATTERNS = List.of("{\"value\":{\"a\":[1,2]}}", "{\"value\":[{\"prefix\":\"a\"}]}",
            "{\"value\":{\"b\":[{\"exists\":true}]}}");

    private final Random random;

    MappingRules(Random random) {
        this.random = random;
    }

    /** A mapping that nothing polls for, of a topic that no other one has. */
    void create(ObjectNode body, String topic) {
        boolean msk = random.nextBoolean();
        body.put("Enabled", false);
        body.putArray("Topics").add(topic);
        if (msk) {
            body.put("EventSourceArn", CLUSTER);
            body.remove(List.of("SelfManagedEventSource", SELF_MANAGED));
        } else {
            body.remove(List.of("EventSourceArn", AMAZON));
            ArrayNode brokers = body.putObject("SelfManagedEventSource").putObject("Endpoints").putArray("KAFKA_BOOTSTRAP_SERVERS");
            for (int i = random.nextInt(10); i >= 0; i--) {
                brokers.add("kafka" + i + ".example.com:" + (9092 + i));
            }
        }
        // A timestamp belongs to AT_TIMESTAMP, and it to a timestamp.
        if ("AT_TIMESTAMP".equals(body.path("StartingPosition").asText())) {
            body.put("StartingPositionTimestamp", 1_700_000_000L);
        } else {
            body.remove("StartingPositionTimestamp");
        }
        if (body.hasNonNull("Tags")) {
            new FunctionRules(random).tags(body, "Tags");
        }
        if (body.path(msk ? AMAZON : SELF_MANAGED) instanceof ObjectNode config) {
            registry(config);
        }
        if (isQueue(body)) {
            body.remove(List.of("StartingPosition", "StartingPositionTimestamp", "MaximumBatchingWindowInSeconds"));
        }
        settings(body, msk);
        if (!msk && body.path("SourceAccessConfigurations").isEmpty()) {
            access(body, false);
        }
    }

    /** @param mapping as the server answered last; null when there is none */
    void update(ObjectNode body, ObjectNode mapping) {
        boolean msk = mapping != null && mapping.has("EventSourceArn");
        body.remove(msk ? SELF_MANAGED : AMAZON);
        if (body.path(msk ? AMAZON : SELF_MANAGED) instanceof ObjectNode config) {
            // It stays as it was created; AWS refuses it even unchanged.
            config.remove(List.of("ConsumerGroupId", "ConsumptionMode"));
            registry(config);
        }
        if (mapping != null && isQueue(mapping)) {
            body.remove("MaximumBatchingWindowInSeconds");
        }
        settings(body, msk);
    }

    private static boolean isQueue(ObjectNode mapping) {
        return "Queue".equals(mapping.path(SELF_MANAGED).path("ConsumptionMode").asText());
    }

    /** A registry needs an address that is one, a format, and something to validate. */
    private static void registry(ObjectNode config) {
        if (config.path("SchemaRegistryConfig").size() > 0) {
            ObjectNode registry = config.putObject("SchemaRegistryConfig").put("SchemaRegistryURI", "https://schemas.example.com")
                    .put("EventRecordFormat", "JSON");
            registry.putArray("AccessConfigs").addObject().put("Type", "BASIC_AUTH").put("URI", SECRET);
            registry.putArray("SchemaValidationConfigs").addObject().put("Attribute", "VALUE");
        }
    }

    private void settings(ObjectNode body, boolean msk) {
        body.remove(OTHER_SOURCES);
        if (body.hasNonNull("SourceAccessConfigurations")) {
            access(body, msk);
        }
        if (body.hasNonNull("KMSKeyArn")) {
            body.put("KMSKeyArn", KEY);
        }
        if (body.path("MaximumRecordAgeInSeconds").asInt(-1) >= 0) {
            body.put("MaximumRecordAgeInSeconds", 60 + random.nextInt(604_741));
        }
        if (body.hasNonNull("DestinationConfig")) {
            body.putObject("DestinationConfig").putObject("OnFailure")
                    .put("Destination", DESTINATIONS.get(random.nextInt(DESTINATIONS.size())));
        }
        if (body.hasNonNull("FilterCriteria")) {
            ArrayNode filters = body.putObject("FilterCriteria").putArray("Filters");
            // Five are the quota.
            for (int i = random.nextInt(6); i > 0; i--) {
                filters.addObject().put("Pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
            }
        }
        if (body.hasNonNull("ProvisionedPollerConfig") || needsProvisionedMode(body)) {
            int pollers = 1 + random.nextInt(200);
            body.putObject("ProvisionedPollerConfig").put("MinimumPollers", pollers)
                    .put("MaximumPollers", pollers + random.nextInt(1800));
        }
    }

    private static boolean needsProvisionedMode(ObjectNode body) {
        return body.path("MaximumRetryAttempts").asInt(-1) != -1 || body.path("MaximumRecordAgeInSeconds").asInt(-1) != -1
                || body.path("BisectBatchOnFunctionError").asBoolean() || body.path("FunctionResponseTypes").size() > 0
                || body.hasNonNull("LoggingConfig") || body.path(AMAZON).hasNonNull("SchemaRegistryConfig")
                || body.path(SELF_MANAGED).hasNonNull("SchemaRegistryConfig")
                || body.at("/DestinationConfig/OnFailure/Destination").asText().startsWith("kafka:");
    }

    /** One way to log in that the source has, and for self-managed brokers where they are. */
    private void access(ObjectNode body, boolean msk) {
        ArrayNode all = body.putArray("SourceAccessConfigurations");
        all.addObject().put("Type", random.nextBoolean() ? "SASL_SCRAM_512_AUTH" : "CLIENT_CERTIFICATE_TLS_AUTH").put("URI", SECRET);
        if (!msk) {
            all.addObject().put("Type", "VPC_SUBNET").put("URI", "subnet:subnet-1a2b3c4d");
            all.addObject().put("Type", "VPC_SECURITY_GROUP").put("URI", "security_group:sg-1a2b3c4d");
        }
    }
}
