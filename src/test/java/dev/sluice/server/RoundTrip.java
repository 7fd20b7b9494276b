package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.fixture.AwsClient;
import dev.sluice.fixture.PrintingHandler;
import dev.sluice.fixture.SluiceProcess;
import dev.sluice.fixture.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a stack does with one function and its mappings, from create to delete, said once for all of AWS's clients. Its parts come in
 * the order of the methods. Confined to one thread.
 */
final class RoundTrip {

    private static final String FUNCTIONS = "arn:aws:lambda:us-west-2:111111111111:function:";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AwsClient client;
    private final AwsClient again;
    private final AwsClient watcher;
    private final SluiceProcess server;
    private final TestKafka kafka;
    private final String name;

    /** The JARs of one function: the first one, and the one that replaces it. */
    record Code(Path first, Path second) {
    }

    /**
     * @param again does what was tried by {@code client} before: a call of the AWS CLI costs most of a second
     * @param watcher asks in a loop
     */
    RoundTrip(AwsClient client, AwsClient again, AwsClient watcher, SluiceProcess server, TestKafka kafka, String name) {
        this.client = client;
        this.again = again;
        this.watcher = watcher;
        this.server = server;
        this.kafka = kafka;
        this.name = name;
    }

    /** The same with nothing but the cheaper client. */
    RoundTrip again() {
        return new RoundTrip(again, again, watcher, server, kafka, name);
    }

    void function(Code code) {
        JsonNode created = done("CreateFunction", Map.of("FunctionName", name, "Runtime", "java17",
                "Handler", PrintingHandler.HANDLER, "Role", "arn:aws:iam::111111111111:role/r",
                "Timeout", 15, "Description", "prints",
                "Environment", Map.of("Variables", Map.of("STAGE", "test")), "Tags", Map.of("team", "payments"),
                "Code", Map.of("ZipFile", code.first())));
        assertThat(created.path("FunctionArn").asText()).isEqualTo(FUNCTIONS + name);
        assertThat(created.path("State").asText()).isEqualTo("Pending");
        client.await("FunctionActiveV2", Map.of("FunctionName", name));
        again.await("FunctionActive", Map.of("FunctionName", name));
        again.await("FunctionExists", Map.of("FunctionName", name));

        JsonNode got = done("GetFunction", Map.of("FunctionName", name));
        assertThat(got.at("/Code/RepositoryType").asText()).isEqualTo("S3");
        assertThat(got.at("/Configuration/State").asText()).isEqualTo("Active");
        assertThat(got.at("/Configuration/LastUpdateStatus").asText()).isEqualTo("Successful");
        assertThat(got.at("/Configuration/Environment/Variables/STAGE").asText()).isEqualTo("test");
        assertThat(got.at("/Tags/team").asText()).isEqualTo("payments");
        assertThat(listed("ListFunctions", Map.of(), "Functions", "FunctionName")).contains(name);

        JsonNode updated = done("UpdateFunctionCode", Map.of("FunctionName", name, "ZipFile", code.second()));
        assertThat(updated.path("LastUpdateStatus").asText()).isEqualTo("InProgress");
        assertThat(updated.path("CodeSha256").asText()).isNotEmpty().isNotEqualTo(created.path("CodeSha256").asText());
        client.await("FunctionUpdatedV2", Map.of("FunctionName", name));
        again.await("FunctionUpdated", Map.of("FunctionName", name));
        assertThat(done("UpdateFunctionConfiguration", Map.of("FunctionName", name, "Timeout", 20)).path("Timeout").asInt())
                .isEqualTo(20);
        again.await("FunctionUpdatedV2", Map.of("FunctionName", name));
        JsonNode configuration = doneAgain("GetFunctionConfiguration", Map.of("FunctionName", name));
        assertThat(configuration.path("Timeout").asInt()).isEqualTo(20);
        assertThat(configuration.path("Description").asText()).isEqualTo("prints");
        assertThat(invoked(client, Map.of("FunctionName", name))).isEqualTo("$LATEST {\"version\":2}");
        assertThat(doneAgain("GetFunctionCodeSigningConfig", Map.of("FunctionName", name)).has("CodeSigningConfigArn")).isFalse();
    }

    void versionsAndAliases() {
        JsonNode published = done("PublishVersion", Map.of("FunctionName", name, "Description", "the first"));
        assertThat(published.path("Version").asText()).isEqualTo("1");
        assertThat(published.path("FunctionArn").asText()).isEqualTo(FUNCTIONS + name + ":1");
        client.await("PublishedVersionActive", Map.of("FunctionName", name, "Qualifier", "1"));
        assertThat(listed("ListVersionsByFunction", Map.of("FunctionName", name), "Versions", "Version"))
                .containsExactly("$LATEST", "1");

        JsonNode alias = done("CreateAlias", Map.of("FunctionName", name, "Name", "live", "FunctionVersion", "1"));
        assertThat(alias.path("AliasArn").asText()).isEqualTo(FUNCTIONS + name + ":live");
        doneAgain("CreateAlias", Map.of("FunctionName", name, "Name", "next", "FunctionVersion", "$LATEST"));
        done("UpdateAlias", Map.of("FunctionName", name, "Name", "live", "Description", "what users see"));
        JsonNode got = doneAgain("GetAlias", Map.of("FunctionName", name, "Name", "live"));
        assertThat(got.path("Description").asText()).isEqualTo("what users see");
        assertThat(got.path("FunctionVersion").asText()).isEqualTo("1");
        assertThat(listed("ListAliases", Map.of("FunctionName", name), "Aliases", "Name")).containsExactlyInAnyOrder("live", "next");
        assertThat(invoked(again, Map.of("FunctionName", name, "Qualifier", "live"))).isEqualTo("1 {\"version\":2}");
    }

    void tags() {
        String arn = FUNCTIONS + name;
        done("TagResource", Map.of("Resource", arn, "Tags", Map.of("stage", "test")));
        assertThat(done("ListTags", Map.of("Resource", arn)).path("Tags"))
                .isEqualTo(JsonNodeFactory.instance.objectNode().put("stage", "test").put("team", "payments"));
        done("UntagResource", Map.of("Resource", arn, "TagKeys", List.of("stage", "team")));
        assertThat(doneAgain("ListTags", Map.of("Resource", arn)).path("Tags")).isEmpty();
    }

    void concurrency() {
        assertThat(done("PutFunctionConcurrency", Map.of("FunctionName", name, "ReservedConcurrentExecutions", 5))
                .path("ReservedConcurrentExecutions").asInt()).isEqualTo(5);
        assertThat(done("GetFunctionConcurrency", Map.of("FunctionName", name)).path("ReservedConcurrentExecutions").asInt())
                .isEqualTo(5);
        assertThat(doneAgain("GetFunction", Map.of("FunctionName", name)).at("/Concurrency/ReservedConcurrentExecutions").asInt())
                .isEqualTo(5);
        done("DeleteFunctionConcurrency", Map.of("FunctionName", name));
        assertThat(doneAgain("GetFunctionConcurrency", Map.of("FunctionName", name)).has("ReservedConcurrentExecutions")).isFalse();
        assertThat(doneAgain("GetAccountSettings", Map.of()).at("/AccountLimit/ConcurrentExecutions").asInt()).isPositive();
    }

    /** A mapping of the alias. @param source the members that say which brokers */
    void mapping(Map<String, Object> source) {
        String topic = kafka.createTopic(TestKafka.topicName(name), 1);
        Map<String, Object> members = new LinkedHashMap<>(source);
        members.putAll(Map.of("FunctionName", name + ":live", "Topics", List.of(topic), "StartingPosition", "TRIM_HORIZON",
                "Tags", Map.of("team", "payments")));
        JsonNode created = done("CreateEventSourceMapping", members);
        String uuid = created.path("UUID").asText();
        assertThat(created.path("State").asText()).isEqualTo("Creating");
        assertThat(created.path("FunctionArn").asText()).isEqualTo(FUNCTIONS + name + ":live");
        String arn = created.path("EventSourceMappingArn").asText();
        assertThat(doneAgain("ListTags", Map.of("Resource", arn)).at("/Tags/team").asText()).isEqualTo("payments");
        awaitState(uuid, "Enabled");
        kafka.produce(topic, topic + " first");
        server.awaitErr("the first record", line -> line.endsWith("v2 got " + topic + " first"));
        await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);

        assertThat(done("UpdateEventSourceMapping", Map.of("UUID", uuid, "Enabled", false, "BatchSize", 7)).path("State").asText())
                .isEqualTo("Disabling");
        awaitState(uuid, "Disabled");
        assertThat(kafka.groupMembers(uuid)).isEmpty();
        kafka.produce(topic, topic + " second");
        assertThat(doneAgain("UpdateEventSourceMapping", Map.of("UUID", uuid, "Enabled", true)).path("State").asText())
                .isEqualTo("Enabling");
        server.awaitErr("the second record", line -> line.endsWith("v2 got " + topic + " second"));
        assertThat(server.err().split("v2 got " + topic + " first", -1)).as("delivered once").hasSize(2);
        awaitState(uuid, "Enabled");

        JsonNode got = doneAgain("GetEventSourceMapping", Map.of("UUID", uuid));
        assertThat(got.path("BatchSize").asInt()).isEqualTo(7);
        assertThat(got.path("Topics")).hasToString("[\"" + topic + "\"]");
        String disabled = disabledMapping(source);
        assertThat(listed("ListEventSourceMappings", Map.of("FunctionName", name + ":live"), "EventSourceMappings", "UUID"))
                .containsExactlyInAnyOrder(uuid, disabled);
        assertThat(done("DeleteEventSourceMapping", Map.of("UUID", uuid)).path("State").asText()).isEqualTo("Deleting");
        assertThat(doneAgain("DeleteEventSourceMapping", Map.of("UUID", disabled)).path("State").asText()).isEqualTo("Deleting");
        for (String each : List.of(uuid, disabled)) {
            await().atMost(PATIENCE).until(() -> refusal(watcher, "GetEventSourceMapping", Map.of("UUID", each)),
                    "ResourceNotFoundException"::equals);
        }
        assertThat(refusal(again, "GetEventSourceMapping", Map.of("UUID", uuid))).isEqualTo("ResourceNotFoundException");
    }

    void end() {
        done("DeleteAlias", Map.of("FunctionName", name, "Name", "live"));
        assertThat(refusal(again, "GetAlias", Map.of("FunctionName", name, "Name", "live"))).isEqualTo("ResourceNotFoundException");
        done("DeleteFunction", Map.of("FunctionName", name, "Qualifier", "1"));
        assertThat(again().listed("ListVersionsByFunction", Map.of("FunctionName", name), "Versions", "Version"))
                .containsExactly("$LATEST");
        done("DeleteFunction", Map.of("FunctionName", name));
        assertThat(refusal(client, "GetFunction", Map.of("FunctionName", name))).isEqualTo("ResourceNotFoundException");
    }

    private String disabledMapping(Map<String, Object> source) {
        Map<String, Object> members = new LinkedHashMap<>(source);
        members.putAll(Map.of("FunctionName", name + ":live", "Topics", List.of("another"), "Enabled", false));
        JsonNode created = doneAgain("CreateEventSourceMapping", members);
        assertThat(created.path("State").asText()).isEqualTo("Disabled");
        return created.path("UUID").asText();
    }

    private JsonNode done(String operation, Map<String, Object> members) {
        return done(client, operation, members);
    }

    private JsonNode doneAgain(String operation, Map<String, Object> members) {
        return done(again, operation, members);
    }

    private static JsonNode done(AwsClient by, String operation, Map<String, Object> members) {
        JsonNode answer = by.call(operation, members);
        assertThat(answer.has("refused")).as("%s: %s", operation, answer).isFalse();
        return answer;
    }

    /** What the paginator brings with pages of one element: the named member of each. */
    private List<String> listed(String operation, Map<String, Object> members, String list, String member) {
        List<String> all = new ArrayList<>();
        client.pages(operation, 1, members)
                .forEach(page -> page.path(list).forEach(element -> all.add(element.path(member).asText())));
        return all;
    }

    private static String invoked(AwsClient by, Map<String, Object> members) {
        Map<String, Object> invocation = new LinkedHashMap<>(members);
        invocation.put("Payload", "{}");
        JsonNode answer = done(by, "Invoke", invocation);
        return answer.path("ExecutedVersion").asText() + " " + answer.path("Payload").asText();
    }

    private void awaitState(String uuid, String state) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50))
                .until(() -> watcher.call("GetEventSourceMapping", Map.of("UUID", uuid)).path("State").asText(), state::equals);
    }

    private static String refusal(AwsClient by, String operation, Map<String, Object> members) {
        return by.call(operation, members).path("refused").asText();
    }
}
