package dev.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.EventSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterDirectoryTest {
    private static final String ARN = "arn:aws:kafka:us-east-1:111122223333:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    private static final Map<String, String> SECRET = Map.of("sasl.jaas.config", "password=hunter2");

    private final ClusterDirectory directory = new ClusterDirectory("localhost:9092", Map.of("client.dns.lookup", "use_all_dns_ips"),
            List.of(cluster("b-1:9096,b-2:9096", SECRET, null, ARN),
                    cluster("Kafka.example:9093", Map.of("security.protocol", "SSL"), null),
                    cluster("localhost:9192", Map.of("client.id", "local"), "b-1.prod.example:9096", "*.prod.example:*")));

    @Test
    void resolvesTheArnOfAConfiguredCluster() {
        assertThat(directory.brokers(new EventSource.MskCluster(ARN)))
                .isEqualTo(new SourceBrokers.Found(new Brokers("b-1:9096,b-2:9096", SECRET)));
    }

    @Test
    void takesAnyOtherArnForTheDefaultCluster() {
        assertThat(directory.brokers(new EventSource.MskCluster(ARN + "x"))).isEqualTo(new SourceBrokers.Found(directory.defaultCluster()));
        assertThat(directory.name(new EventSource.MskCluster(ARN + "x"))).isEqualTo("the default cluster");
    }

    @Test
    void refusesAnyOtherArnWhenItIsStrictAndNothingElse() {
        ClusterDirectory strict = directory.strict(true);

        assertThat(strict.brokers(new EventSource.MskCluster(ARN + "x"))).isInstanceOfSatisfying(SourceBrokers.Refused.class,
                refused -> assertThat(refused.reason()).contains("strictClusters", ARN + "x").doesNotContain("hunter2"));
        assertThat(strict.brokers(new EventSource.MskCluster(ARN))).isInstanceOf(SourceBrokers.Found.class);
        EventSource selfManaged = new EventSource.SelfManagedKafka(List.of("x:1"));
        assertThat(strict.brokers(selfManaged)).isEqualTo(new SourceBrokers.Found(new Brokers("x:1", Map.of())));
    }

    @Test
    void usesTheAddressesOfASelfManagedSource() {
        assertThat(found(List.of("x:2", "x:1"))).isEqualTo(new Brokers("x:1,x:2", Map.of()));
        assertThat(directory.name(new EventSource.SelfManagedKafka(List.of("x:2")))).isEqualTo("x:2, which has none");
    }

    @Test
    void usesThePropertiesOfAConfiguredClusterThatSharesAnAddress() {
        assertThat(found(List.of("kafka.example:9093", "other:1")))
                .isEqualTo(new Brokers("Kafka.example:9093", Map.of("security.protocol", "SSL")));
        assertThat(found(List.of("localhost:9092")).clientProperties()).isEqualTo(directory.defaultCluster().clientProperties());
        assertThat(directory.name(new EventSource.SelfManagedKafka(List.of("localhost:9092")))).isEqualTo("the default cluster");
    }

    // localhost:21093 and 127.0.0.1:21093 were two clusters, and the second had no properties.
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9092", "[::1]:9092", "LOCALHOST:9092", "localhost.localdomain:9092"})
    void allNamesOfTheLoopbackAreEqual(String address) {
        assertThat(found(List.of(address)).clientProperties()).isEqualTo(directory.defaultCluster().clientProperties());
    }

    @Test
    void productionAddressesMeanTheClusterWhoseEntryNamesThem() {
        Brokers local = new Brokers("localhost:9192", Map.of("client.id", "local"), "b-1.prod.example:9096");
        assertThat(found(List.of("B-1.PROD.example:9096", "b-2.prod.example:9096"))).isEqualTo(local);
        assertThat(found(List.of("b-1.staging.example:9096"))).isEqualTo(new Brokers("b-1.staging.example:9096", Map.of()));
        assertThat(directory.name(new EventSource.SelfManagedKafka(List.of("b-1.prod.example:9096")))).isEqualTo("*.prod.example:*");
    }

    @Test
    void theFirstEntryThatMatchesCounts() {
        ClusterDirectory two = new ClusterDirectory("localhost:9092", Map.of(), List.of(
                cluster("a:1", Map.of(), null, "arn:aws:kafka:us-east-1:1*:cluster/orders/*"),
                cluster("b:1", Map.of(), null, "arn:aws:kafka:*")));
        assertThat(two.brokers(new EventSource.MskCluster("arn:aws:kafka:us-east-1:111122223333:cluster/orders/x-1")).found())
                .contains(new Brokers("a:1", Map.of()));
        assertThat(two.brokers(new EventSource.MskCluster("arn:aws:kafka:us-east-1:111122223333:vpc-connection/1/c/x-1")).found())
                .contains(new Brokers("b:1", Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"arn:aws:kafka:*, true", "*:9092, true", "*:cluster/x, false", "b-*.example:9092, true", "[::1]:9092, true",
            "example, false", "example:x, false",
            "'a:1,b:1', false", "http://a:1, false", "'', false"})
    void aLineOfMatchIsAnArnOrAnAddress(String text, boolean valid) {
        assertThat(SourcePattern.parse(text).isPresent()).isEqualTo(valid);
    }

    @Test
    void neverPrintsTheValuesOfProperties() {
        ClusterConfiguration cluster = cluster("b-1:9096", SECRET, null, ARN);

        assertThat(cluster.toString() + cluster.brokers()).contains("sasl.jaas.config").doesNotContain("hunter2");
    }

    private Brokers found(List<String> bootstrapServers) {
        return directory.brokers(new EventSource.SelfManagedKafka(bootstrapServers)).found().orElseThrow();
    }

    private static ClusterConfiguration cluster(String servers, Map<String, String> properties, String advertise, String... match) {
        return new ClusterConfiguration(Stream.of(match).map(line -> SourcePattern.parse(line).orElseThrow()).toList(),
                List.of(servers.split(",")), properties, advertise);
    }
}
