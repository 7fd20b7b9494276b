package dev.sluice.server;

import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.FreePort;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import dev.sluice.fixture.TokenEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of src/site/clusters.md, read from there: each template delivers from the broker that the recipe names. */
class ClusterRecipesIT {

    private static final Path PAGE = Path.of("src/site/clusters.md");
    private static final String SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:";
    private static final String VPC = access("VPC_SUBNET", "subnet:subnet-0a1b2c3d") + ","
            + access("VPC_SECURITY_GROUP", "security_group:sg-0a1b2c3d");

    /** What SAM, CDK and Terraform send: servers or an ARN, and SourceAccessConfigurations. */
    private enum Template {
        SCRAM("b1.prod.example:9096,b2.prod.example:9096", secret("SASL_SCRAM_512_AUTH", "AmazonMSK_orders"),
                secret("SERVER_ROOT_CA_CERTIFICATE", "orders-ca"), VPC),
        BASIC("b1.prod.example:9096", secret("BASIC_AUTH", "AmazonMSK_orders"), secret("SERVER_ROOT_CA_CERTIFICATE", "orders-ca"), VPC),
        MUTUAL_TLS("b1.prod.example:9094", secret("CLIENT_CERTIFICATE_TLS_AUTH", "orders-client"),
                secret("SERVER_ROOT_CA_CERTIFICATE", "orders-ca"), VPC),
        OAUTHBEARER("b1.prod.example:9096", secret("OAUTHBEARER_AUTH", "orders-token"), secret("SERVER_ROOT_CA_CERTIFICATE", "orders-ca")),
        MSK_SCRAM("arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0a1b2c3d-1111-2222-3333-444444444444-1",
                secret("SASL_SCRAM_512_AUTH", "AmazonMSK_orders")),
        MSK_IAM("arn:aws:kafka:eu-west-1:123456789012:cluster/iam/0a1b2c3d-1111-2222-3333-444444444444-2"),
        MSK_SERVERLESS("arn:aws:kafka:eu-west-1:123456789012:cluster/serverless/0a1b2c3d-1111-2222-3333-444444444444-s1"),
        VPC_CONNECTION("arn:aws:kafka:eu-west-1:123456789012:vpc-connection/210987654321/orders/0a1b2c3d-1111-2222-3333-444444444444-7");

        private final String source;
        private final String accesses;

        Template(String source, String... accesses) {
            this.source = source;
            this.accesses = String.join(",", accesses);
        }

        String topic() {
            return "orders-" + name().toLowerCase(Locale.ROOT);
        }

        boolean logsIn() {
            return !accesses.isEmpty();
        }
    }

    @TempDir
    private Path directory;
    private final HandlerEndpoint endpoint = new HandlerEndpoint();
    private final int port = FreePort.andTheOneBehind(4);
    private TestServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        endpoint.close();
    }

    @Test
    void everyTemplateDeliversFromABareBroker() throws IOException {
        serve(recipe("bare"), Map.of("embeddedKafkaListeners", "plaintext"));
        deliver(Template.values());
    }

    @Test
    void everyTemplateThatLogsInDoesSoAtTheEmbeddedBroker() throws IOException {
        try (TokenEndpoint tokens = new TokenEndpoint("orders", "local")) {
            serve(recipe("secrets").replace("http://localhost:8080/token", tokens.url("/token")).replace(".sluice/", "data/"), Map.of());
            deliver(Arrays.stream(Template.values()).filter(Template::logsIn).toArray(Template[]::new));
        }
    }

    private void serve(String yaml, Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>(more);
        settings.put("embeddedKafkaPort", String.valueOf(port));
        settings.put("timeouts.broker", "1s");
        server = TestServer.startWithFile(directory, null, settings, yaml);
        server.function("f", endpoint);
    }

    private void deliver(Template[] templates) {
        try (TestKafka kafka = TestKafka.at("localhost:" + port)) {
            for (Template template : templates) {
                kafka.createTopic(template.topic(), 1);
                kafka.produce(template.topic(), template.topic());
                if (template.source.startsWith("arn:")) {
                    server.mappingOf(template.source, template.topic(), "f", "TRIM_HORIZON",
                            "\"SourceAccessConfigurations\":[" + template.accesses + "]");
                } else {
                    server.mappingWithAccess(template.source, template.accesses, template.topic(), "f", "TRIM_HORIZON");
                }
            }
            await().atMost(Duration.ofSeconds(60)).until(
                    () -> endpoint.values().containsAll(Arrays.stream(templates).map(Template::topic).toList()));
        }
    }

    /** The file of this name, on the ports of this test. */
    private String recipe(String name) throws IOException {
        Matcher block = Pattern.compile("(?s)```yaml " + name + "\n(.*?)```").matcher(Files.readString(PAGE));
        if (!block.find()) {
            throw new IllegalStateException(PAGE + " has no block " + name);
        }
        return Pattern.compile("localhost:(909\\d)").matcher(block.group(1))
                .replaceAll(its -> "localhost:" + (Integer.parseInt(its.group(1)) - 9092 + port));
    }

    private static String secret(String type, String name) {
        return access(type, SECRET + name + "-AbCdEf");
    }

    private static String access(String type, String uri) {
        return "{\"Type\":\"" + type + "\",\"URI\":\"" + uri + "\"}";
    }
}
