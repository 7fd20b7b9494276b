package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.junit.SluiceTest;
import dev.sluice.testing.SluiceAccount;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateEventSourceMappingResponse;
import software.amazon.awssdk.services.lambda.model.EventSourcePosition;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;

/** The test's own AWS client makes the mapping, and its own Jetty is the function. */
@SluiceTest
class AwsClientTest {

    private static LambdaClient lambda(SluiceAccount sluice) {
        return LambdaClient.builder().endpointOverride(sluice.endpoint()).region(Region.of(sluice.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(sluice.awsCredentials().accessKeyId(), sluice.awsCredentials().secretAccessKey())))
                .build();
    }

    @Test
    void aMappingOfTheSdkIsWaitedForToo(SluiceAccount sluice) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        Server jetty = new Server(0);
        jetty.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                events.add(Content.Source.asString(request));
                Content.Sink.write(response, true, "{}", callback);
                return true;
            }
        });
        jetty.start();
        try (LambdaClient lambda = lambda(sluice)) {
            String topic = sluice.topic();
            sluice.functionAt("orders", URI.create("http://localhost:" + ((ServerConnector) jetty.getConnectors()[0]).getLocalPort()));
            CreateEventSourceMappingResponse made = lambda.createEventSourceMapping(request -> request.functionName("orders").topics(topic)
                    .startingPosition(EventSourcePosition.TRIM_HORIZON)
                    .eventSourceArn("arn:aws:kafka:us-east-1:" + sluice.accountId() + ":cluster/c/00000000-0000-0000-0000-000000000000-1"));
            sluice.produce(topic, "v");
            sluice.awaitDelivered("orders", 1);
            assertEquals(1, events.size());
            assertEquals(1, lambda.listEventSourceMappings().eventSourceMappings().size());
            assertTrue(made.eventSourceMappingArn().contains(sluice.accountId()));
        } finally {
            jetty.stop();
        }
    }

    @Test
    void whatAwsRefusesIsRefused(SluiceAccount sluice) {
        try (LambdaClient lambda = lambda(sluice)) {
            assertThrows(InvalidParameterValueException.class,
                    () -> lambda.createEventSourceMapping(request -> request.functionName("nobody").topics("t-1")
                            .startingPosition(EventSourcePosition.LATEST)
                            .eventSourceArn("arn:aws:kafka:us-east-1:" + sluice.accountId()
                                    + ":cluster/c/00000000-0000-0000-0000-000000000000-1")));
        }
    }
}
