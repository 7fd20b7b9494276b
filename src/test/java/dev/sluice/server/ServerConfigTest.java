package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aws.AwsEndpoints;
import dev.sluice.embedded.BrokerSecurity.ClientAuth;
import dev.sluice.filter.OtherFormat;
import dev.sluice.function.Isolation;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.instance.SharedEnvironment;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ServerConfigTest {

    private static final Path HERE = Path.of("/somewhere/else").toAbsolutePath();

    @Test
    void hasTheDefaultsOfTheManual() {
        ServerConfig config = ServerConfig.of(Map.of());

        assertThat(config.http()).isEqualTo(new ServerConfig.Http("localhost", 4574, List.of(), false));
        assertThat(config.dataDir()).isEqualTo(Path.of(".sluice").toAbsolutePath());
        assertThat(config.kafka()).isEqualTo(new ServerConfig.Kafka(List.of(),
                new ServerConfig.EmbeddedBroker(9092, List.of(), null, ClientAuth.REQUESTED, Map.of()), List.of(), false, false));
        assertThat(config.kafka().embedded()).isTrue();
        assertThat(config.aws()).isEqualTo(new ServerConfig.Aws(new Scope("000000000000", "us-east-1"), false,
                AwsEndpoints.OF_THE_SDK, false, false, OtherFormat.DROP, null));
        assertThat(config.timing().retry()).isEqualTo(new ServerConfig.Retry(Duration.ofMillis(200), Duration.ofSeconds(30)));
        assertThat(config.timing().timeouts()).isEqualTo(new ServerConfig.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5),
                Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofMinutes(5)));
        assertThat(config.declarations()).isEqualTo(new ServerConfig.Declarations(
                new SharedEnvironment(new Scope("000000000000", "us-east-1"), Map.of()),
                new ServerConfig.Runtimes(Isolation.AUTO, Map.of(), Map.of()), List.of(), List.of()));
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                setting("host", "SLUICE_HOST", "0.0.0.0", c -> c.http().host(), "0.0.0.0"),
                setting("port", "SLUICE_PORT", "0", c -> c.http().port(), 0),
                setting("dataDir", "SLUICE_DATA_DIR", "data", ServerConfig::dataDir, HERE.resolve("data")),
                setting("kafka", "SLUICE_KAFKA", "a:1, b:2", c -> c.kafka().bootstrapServers(), List.of("a:1", "b:2")),
                setting("embeddedKafkaPort", "SLUICE_EMBEDDED_KAFKA_PORT", "9", c -> c.kafka().embeddedBroker().port(), 9),
                setting("embeddedKafkaSslClientAuth", "SLUICE_EMBEDDED_KAFKA_SSL_CLIENT_AUTH", "required",
                        c -> c.kafka().embeddedBroker().clientAuth(), ClientAuth.REQUIRED),
                setting("embeddedKafkaListeners", "SLUICE_EMBEDDED_KAFKA_LISTENERS", "ssl, Plaintext",
                        c -> c.kafka().embeddedBroker().listeners(), Set.of(SecurityProtocol.PLAINTEXT, SecurityProtocol.SSL)),
                setting("embeddedKafkaAdvertise", "SLUICE_EMBEDDED_KAFKA_ADVERTISE", "kafka:29092",
                        c -> c.kafka().embeddedBroker().advertise(), List.of("kafka:29092")),
                setting("onFailure.dropWhenUnavailable", "SLUICE_ON_FAILURE_DROP_WHEN_UNAVAILABLE", "true",
                        c -> c.aws().dropWhenUnavailable(), true),
                setting("onFailure.archiveAtDeliveryLimit", "SLUICE_ON_FAILURE_ARCHIVE_AT_DELIVERY_LIMIT", "true",
                        c -> c.aws().archiveAtDeliveryLimit(), true),
                setting("filters.otherFormat", "SLUICE_FILTERS_OTHER_FORMAT", "pass", c -> c.aws().otherFormat(), OtherFormat.PASS),
                setting("strictClusters", "SLUICE_STRICT_CLUSTERS", "true", c -> c.kafka().strictClusters(), true),
                setting("joinForeignGroups", "SLUICE_JOIN_FOREIGN_GROUPS", "true", c -> c.kafka().joinForeignGroups(), true),
                setting("region", "SLUICE_REGION", "us-gov-west-1", c -> c.aws().scope().region(), "us-gov-west-1"),
                setting("accountId", "SLUICE_ACCOUNT_ID", "012345678901", c -> c.aws().scope().accountId(), "012345678901"),
                setting("isolation", "SLUICE_ISOLATION", "process", c -> c.declarations().runtimes().isolation(), Isolation.PROCESS),
                setting("relaxed", "SLUICE_RELAXED", "true", c -> c.aws().relaxed(), true),
                setting("allowReset", "SLUICE_ALLOW_RESET", "true", c -> c.http().allowReset(), true),
                setting("movableClock", "SLUICE_MOVABLE_CLOCK", "true", c -> c.timing().movableClock(), true),
                setting("allowedHosts", "SLUICE_ALLOWED_HOSTS", "a.example,b.example", c -> c.http().allowedHosts(),
                        List.of("a.example", "b.example")),
                setting("retry.initialBackoff", "SLUICE_RETRY_INITIAL_BACKOFF", "1ms", c -> c.timing().retry().initialBackoff(),
                        Duration.ofMillis(1)),
                setting("retry.maxBackoff", "SLUICE_RETRY_MAX_BACKOFF", "5m", c -> c.timing().retry().maxBackoff(),
                        Duration.ofMinutes(5)),
                setting("timeouts.broker", "SLUICE_TIMEOUTS_BROKER", "1h", c -> c.timing().timeouts().broker(), Duration.ofHours(1)),
                setting("timeouts.stop", "SLUICE_TIMEOUTS_STOP", "2s", c -> c.timing().timeouts().stop(), Duration.ofSeconds(2)),
                setting("timeouts.revoke", "SLUICE_TIMEOUTS_REVOKE", "3s", c -> c.timing().timeouts().revoke(), Duration.ofSeconds(3)),
                setting("timeouts.abandonedCall", "SLUICE_TIMEOUTS_ABANDONED_CALL", "4s",
                        c -> c.timing().timeouts().abandonedCall(), Duration.ofSeconds(4)),
                setting("timeouts.unrecoverable", "SLUICE_TIMEOUTS_UNRECOVERABLE", "9s",
                        c -> c.timing().timeouts().unrecoverable(), Duration.ofSeconds(9)),
                setting("endpoints.sqs", "SLUICE_ENDPOINTS_SQS", "http://localhost:9324", c -> c.aws().endpoints(),
                        new AwsEndpoints(URI.create("http://localhost:9324"), null, null)),
                setting("endpoints.sns", "SLUICE_ENDPOINTS_SNS", "http://localstack:4566", c -> c.aws().endpoints(),
                        new AwsEndpoints(null, URI.create("http://localstack:4566"), null)),
                setting("endpoints.s3", "SLUICE_ENDPOINTS_S3", "https://minio:9000", c -> c.aws().endpoints(),
                        new AwsEndpoints(null, null, URI.create("https://minio:9000"))),
                setting("endpoints.secretsmanager", "SLUICE_ENDPOINTS_SECRETSMANAGER", "http://localstack:4566", c -> c.aws().endpoints(),
                        new AwsEndpoints(null, null, null, URI.create("http://localstack:4566"))),
                setting("timeouts.refusedLogIn", "SLUICE_TIMEOUTS_REFUSED_LOG_IN", "1s", c -> c.timing().timeouts().refusedLogIn(),
                        Duration.ofSeconds(1)),
                setting("timeouts.secretAge", "SLUICE_TIMEOUTS_SECRET_AGE", "1m", c -> c.timing().timeouts().secretAge(),
                        Duration.ofMinutes(1)));
    }

    private static Arguments setting(String key, String variable, String text, Function<ServerConfig, Object> value, Object expected) {
        return Arguments.of(key, variable, text, value, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void readsEachSettingFromItsVariableAndFromItsFlag(String key, String variable, String text,
            Function<ServerConfig, Object> value, Object expected) {
        assertThat(value.apply(load(Map.of(variable, text), Map.of()))).isEqualTo(expected);
        assertThat(value.apply(load(Map.of(), Map.of(key, text)))).isEqualTo(expected);
    }

    @Test
    void hasATestForEverySetting() {
        assertThat(settings().map(row -> row.get()[0])).containsExactlyInAnyOrder(
                Stream.of(Setting.values()).map(Setting::key).toArray());
    }

    @Test
    void aFlagWinsOverAVariable() {
        assertThat(load(Map.of("SLUICE_PORT", "1"), Map.of("port", "2")).http().port()).isEqualTo(2);
    }

    @Test
    void anEmptyVariableCountsAsUnset() {
        assertThat(load(Map.of("SLUICE_PORT", ""), Map.of()).http().port()).isEqualTo(4574);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "port | 65536 | a whole number from 0 to 65535",
            "port | -1 | a whole number from 0 to 65535",
            "port | 99999999999 | a whole number from 0 to 65535",
            "host | http://localhost | a host name or an IP address, without scheme and port",
            "host | localhost:4574 | a host name or an IP address, without scheme and port",
            "dataDir | ' ' | a text that is not empty",
            "kafka | localhost | HOST:PORT, several separated by commas, without a scheme",
            "kafka | 'a:1,' | HOST:PORT, several separated by commas, without a scheme",
            "kafka | a:0 | HOST:PORT, several separated by commas, without a scheme",
            "kafka | http://a:1 | HOST:PORT, several separated by commas, without a scheme",
            "region | useast1 | a region such as us-east-1",
            "accountId | 12345 | 12 digits",
            "relaxed | yes | true or false",
            "isolation | PROCESS | auto, jvm or process",
            "retry.initialBackoff | 200 | a duration above zero with its unit, as in 200ms, 30s, 5m or 1h",
            "endpoints.sqs | localhost:4566 | a URL that starts with http:// or https://",
            "endpoints.sns | 'http://' | a URL that starts with http:// or https://",
            "endpoints.s3 | http://minio:9000/?a=b | a URL without user, query and fragment, as in http://localhost:4566",
            "retry.initialBackoff | 0s | a duration above zero with its unit, as in 200ms, 30s, 5m or 1h",
    })
    void refusesABadValueNamingWhatIsAllowed(String key, String text, String allowed) {
        String variable = Stream.of(Setting.values()).filter(s -> s.key().equals(key)).findFirst().orElseThrow().variable();
        assertThatThrownBy(() -> load(Map.of(variable, text), Map.of()))
                .isInstanceOfSatisfying(InvalidConfigException.class, e -> assertThat(e.problems())
                        .containsExactly(variable + ": is '" + text + "'; allowed is " + allowed));
    }

    @Test
    void refusesAnEndpointWithAPasswordAndDoesNotRepeatIt() {
        assertThatThrownBy(() -> load(Map.of("SLUICE_ENDPOINTS_S3", "http://admin:hunter2@minio:9000"), Map.of()))
                .hasMessageContaining("SLUICE_ENDPOINTS_S3: is 'http://…@minio:9000'; allowed is a URL without user")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void tellsEveryProblemOfEverySourceInOneMessage() {
        Map<String, String> flags = new LinkedHashMap<>();
        flags.put("region", "x");
        ConfigSources sources = new ConfigSources(HERE, "missing.yaml", Map.of("SLUICE_PORT", "x"), flags, List.of("--prot", "stray"));

        assertThatThrownBy(() -> ServerConfig.load(sources)).isInstanceOf(InvalidConfigException.class).hasMessage("""
                The configuration has 5 problems:
                  --config: is 'missing.yaml'; there is no such file
                  --prot: unknown flag; did you mean '--port'?
                  stray: unexpected argument; serve takes flags only
                  SLUICE_PORT: is 'x'; allowed is a whole number from 0 to 65535
                  --region: is 'x'; allowed is a region such as us-east-1""");
    }

    @Test
    void refusesAnUnknownKeyOfThoseWhoEmbedIt() {
        assertThatThrownBy(() -> ServerConfig.of(Map.of("prot", "1"))).hasMessageContaining("prot: unknown key; did you mean 'port'?");
    }

    @Test
    void takesVariablesForFunctionsFromItsOwnThatSaySoAndShowsTheirValuesNowhere() {
        ServerConfig config = load(Map.of("SLUICE_FUNCTION_ENVIRONMENT_AWS_ENDPOINT_URL", "http://localhost:4566",
                "SLUICE_REGION", "eu-west-1", "SLUICE_FUNCTION_ENVIRONMENT_", "no name", "AWS_PROFILE", "the server's"), Map.of());

        assertThat(config.declarations().environment()).isEqualTo(new SharedEnvironment(new Scope("000000000000", "eu-west-1"),
                Map.of("AWS_ENDPOINT_URL", "http://localhost:4566")));
        assertThat(config.toString()).contains("AWS_ENDPOINT_URL").doesNotContain("4566");
    }

    @Test
    void refusesALastBackoffBelowTheFirst() {
        assertThatThrownBy(() -> ServerConfig.of(Map.of("retry.maxBackoff", "100ms")))
                .hasMessageContaining("retry.maxBackoff: is below retry.initialBackoff");
    }

    @Test
    void namesVariablesThatLookLikeAMisspeltSettingAndNoOthers() {
        ConfigSources sources = new ConfigSources(HERE, null,
                Map.of("SLUICE_PROT", "1", "SLUICE_ENDPOINT", "x", "SLUICE_SERVICE_HOST_IN_A_POD", "x", "PORT", "2"), Map.of(), List.of());

        assertThat(sources.doubtfulVariables()).containsExactly("SLUICE_PROT is no setting; did you mean SLUICE_PORT?");
    }

    @Test
    void refusesListenersOfABrokerThatThereIsNot() {
        assertThatThrownBy(() -> ServerConfig.of(Map.of("kafka", "a:1", "embeddedKafkaListeners", "ssl")))
                .isInstanceOf(InvalidConfigException.class).hasMessageContaining("embeddedKafkaListeners: says what the embedded broker"
                        + " listens on, and there is none, as kafka names other brokers; allowed is one of the two");
        assertThatThrownBy(() -> ServerConfig.of(Map.of("embeddedKafkaPort", "65532", "embeddedKafkaListeners", "sasl_ssl")))
                .hasMessageContaining("allowed is 0 to 65531");
    }

    private static ServerConfig load(Map<String, String> environment, Map<String, String> flags) {
        return ServerConfig.load(new ConfigSources(HERE, null, environment, flags, List.of()));
    }
}
