package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateEventSourceMappingResponse;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** Tags as the AWS SDK for Java and a plain client see them. Nothing polls: the mapping is disabled. */
class TagsIT {

    private static final String TAGS = "/2017-03-31/tags/";
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:orders";
    private static final String UNKNOWN = "arn:aws:lambda:us-east-1:000000000000:event-source-mapping:11111111-2222-3333-4444-555555555555";

    @TempDir
    private Path directory;
    private TestServer server;
    private LambdaClient lambda;

    @BeforeEach
    void start() {
        server = TestServer.start(directory, "localhost:1", Map.of());
        assertThat(server.send("PUT", "/_sluice/functions/orders", "{\"url\":\"http://localhost:1/\"}").statusCode()).isEqualTo(200);
        lambda = client();
    }

    @AfterEach
    void stop() {
        lambda.close();
        server.close();
    }

    @Test
    void theTagsOfAMappingAreListedChangedAndKeptAndChangeNothingElse() {
        CreateEventSourceMappingResponse created = create(Map.of("team", "payments", "env", ""));
        String arn = created.eventSourceMappingArn();
        JsonNode before = server.get(created.uuid());
        assertThat(before.has("Tags")).isFalse();

        assertThat(lambda.listTags(request -> request.resource(arn)).tags()).isEqualTo(Map.of("team", "payments", "env", ""));
        assertThat(lambda.tagResource(request -> request.resource(arn).tags(Map.of("env", "test", "ä b/+", "c&d=e")))
                .sdkHttpResponse().statusCode()).isEqualTo(204);
        assertThat(
                lambda.untagResource(request -> request.resource(arn).tagKeys("team", "ä b/+", "unknown")).sdkHttpResponse().statusCode())
                .isEqualTo(204);
        assertThat(lambda.listTags(request -> request.resource(arn)).tags()).isEqualTo(Map.of("env", "test"));
        assertThat(server.get(created.uuid())).isEqualTo(before);

        lambda.close();
        server.stop();
        server.start();
        lambda = client();
        assertThat(lambda.listTags(request -> request.resource(arn)).tags()).isEqualTo(Map.of("env", "test"));
    }

    @Test
    void aMappingWithoutTagsHasAnEmptyMapAndADeletedOneIsNotFound() {
        CreateEventSourceMappingResponse created = create(Map.of());
        String arn = created.eventSourceMappingArn();
        assertThat(server.send("GET", TAGS + arn, null).body()).isEqualTo("{\"Tags\":{}}");

        lambda.deleteEventSourceMapping(request -> request.uuid(created.uuid()));
        await().atMost(TestServer.PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> lambda.listTags(request -> request.resource(arn)))
                        .isInstanceOf(ResourceNotFoundException.class)
                        .hasMessageContaining("Event source mapping not found: " + arn));
    }

    @Test
    void theTagsOfAFunctionAreListedAndChanged() {
        lambda.tagResource(request -> request.resource(FUNCTION).tags(Map.of("a", "1", "b", "2")));
        lambda.untagResource(request -> request.resource(FUNCTION).tagKeys("a"));

        assertThat(lambda.listTags(request -> request.resource(FUNCTION)).tags()).isEqualTo(Map.of("b", "2"));
    }

    @Test
    void aFiftyFirstTagIsRefusedAndChangesNothing() {
        String arn = create(Map.of("k0", "v")).eventSourceMappingArn();
        Map<String, String> fifty = new HashMap<>();
        for (int i = 1; i <= 50; i++) {
            fifty.put("k" + i, "v");
        }

        assertThatThrownBy(() -> lambda.tagResource(request -> request.resource(arn).tags(fifty)))
                .isInstanceOf(InvalidParameterValueException.class).hasMessageContaining("Number of tags exceeds resource tag limit.");
        fifty.put("k0", "v");
        assertThatThrownBy(() -> lambda.createEventSourceMapping(request -> request.functionName("orders").topics("other")
                .eventSourceArn(TestServer.CLUSTER).tags(fifty))).isInstanceOf(InvalidParameterValueException.class);
        assertThat(lambda.listTags(request -> request.resource(arn)).tags()).isEqualTo(Map.of("k0", "v"));
        assertThat(lambda.listEventSourceMappings().eventSourceMappings()).hasSize(1);
    }

    // Recorded on AWS but for the null value.
    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~',
            textBlock = """
                    POST | UNKNOWN | {"Tags":{"a":"b"}} | 404 | {"Type":"User","Message":"Event source mapping not found: UNKNOWN"}
                    GET | UNKNOWN | ~~ | 404 | {"Type":"User","Message":"Event source mapping not found: UNKNOWN"}
                    DELETE | UNKNOWN?tagKeys=a | ~~ | 404 | {"Type":"User","Message":"Event source mapping not found: UNKNOWN"}
                    DELETE | UNKNOWN | ~~ | 400 | {"message":"1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null"}
                    POST | UNKNOWN | {"Tags":{}} | 400 | {"Type":"User","message":"An error occurred and the request cannot be processed."}
                    POST | UNKNOWN | {} | 400 | {"message":"1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null"}
                    POST | UNKNOWN | {"Tags":{"a":null}} | 400 | {"message":"1 validation error detected: Value '{a=null}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint: [Member must not be null]"}
                    GET | FUNCTION:$LATEST | ~~ | 400 | {"Type":"User","message":"Tags on function aliases and versions are not supported. Please specify a function ARN."}
                    DELETE | FUNCTION:live?tagKeys=a | ~~ | 400 | {"Type":"User","message":"Tags on function aliases and versions are not supported. Please specify a function ARN."}
                    GET | FUNCTIONx | ~~ | 404 | {"Type":"User","Message":"Function not found: FUNCTIONx"}
                    """)
    void answersInAwsWords(String method, String path, String body, int status, String answer) {
        var got = server.send(method, TAGS + named(path), body.isEmpty() ? null : body);

        assertThat(got.statusCode()).as(got.body()).isEqualTo(status);
        assertThat(got.body()).isEqualTo(named(answer));
    }

    private static String named(String text) {
        return text.replace("UNKNOWN", UNKNOWN).replace("FUNCTION", FUNCTION);
    }

    @Test
    void theArnMayBeEncodedOrNot() {
        String arn = create(Map.of("a", "b")).eventSourceMappingArn();

        for (String path : List.of(arn, arn.replace(":", "%3A"), arn + "/")) {
            assertThat(server.send("GET", TAGS + path, null).body()).isEqualTo("{\"Tags\":{\"a\":\"b\"}}");
        }
    }

    private CreateEventSourceMappingResponse create(Map<String, String> tags) {
        return lambda.createEventSourceMapping(request -> request.functionName("orders").eventSourceArn(TestServer.CLUSTER)
                .topics("orders").enabled(false).tags(tags));
    }

    private LambdaClient client() {
        return LambdaClient.builder().endpointOverride(server.endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("000000000000", "made-up"))).build();
    }
}
