package dev.sluice.cli;

import dev.sluice.json.Json;
import java.util.Base64;
import java.util.Map;

/** Speaks Lambda's API as the AWS CLI would, with made-up credentials of one account and region. Thread-safe. */
final class LambdaClient {

    private static final String FUNCTIONS = "/2015-03-31/functions";
    private static final String MAPPINGS = "/2015-03-31/event-source-mappings";

    private final ControlClient client;
    private final Map<String, String> headers;

    LambdaClient(ControlClient client, String accountId, String region) {
        this.client = client;
        // Sluice reads account and region from the credential scope and checks no signature.
        this.headers = Map.of("Authorization", "AWS4-HMAC-SHA256 Credential=" + accountId + "/20260101/" + region
                + "/lambda/aws4_request, SignedHeaders=host, Signature=made-up");
    }

    /** CreateFunction with an uploaded JAR. */
    void createFunction(String name, String handler, byte[] jar) {
        send("POST", FUNCTIONS, "{\"FunctionName\":" + Json.quote(name) + ",\"Runtime\":\"java17\",\"Handler\":" + Json.quote(handler)
                + ",\"Role\":\"arn:aws:iam::111111111111:role/demo\",\"Timeout\":15,\"Code\":{\"ZipFile\":\""
                + Base64.getEncoder().encodeToString(jar) + "\"}}");
    }

    /** CreateEventSourceMapping for an MSK cluster, from the latest position; the mapping's UUID. */
    String createMapping(String clusterArn, String topic, String functionName) {
        return send("POST", MAPPINGS, "{\"EventSourceArn\":" + Json.quote(clusterArn) + ",\"Topics\":[" + Json.quote(topic)
                + "],\"StartingPosition\":\"LATEST\",\"FunctionName\":" + Json.quote(functionName) + "}").text("UUID").orElseThrow();
    }

    /** CreateEventSourceMapping in Queue mode, one record at a time by so many pollers; the mapping's UUID. */
    String createQueueMapping(String bootstrapServers, String topic, String functionName, int pollers) {
        return send("POST", MAPPINGS, "{\"SelfManagedEventSource\":{\"Endpoints\":{\"KAFKA_BOOTSTRAP_SERVERS\":["
                + Json.quote(bootstrapServers) + "]}},\"SourceAccessConfigurations\":[{\"Type\":\"VPC_SUBNET\",\"URI\":"
                + "\"subnet:subnet-00000000\"}],\"SelfManagedKafkaEventSourceConfig\":{\"ConsumptionMode\":\"Queue\"},\"BatchSize\":1,"
                + "\"ProvisionedPollerConfig\":{\"MinimumPollers\":" + pollers + ",\"MaximumPollers\":" + pollers + "},\"Topics\":["
                + Json.quote(topic) + "],\"FunctionName\":" + Json.quote(functionName) + "}").text("UUID").orElseThrow();
    }

    /** GetEventSourceMapping. */
    Json mapping(String uuid) {
        return send("GET", MAPPINGS + "/" + uuid, null);
    }

    private Json send(String method, String path, String body) {
        return client.send(method, path, body, headers).expectSuccess();
    }
}
