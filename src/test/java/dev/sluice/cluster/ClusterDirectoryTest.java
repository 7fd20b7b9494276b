package dev.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.EventSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterDirectoryTest {
    private static final String ARN = "arn:aws:kafka:us-east-1:111122223333:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    private static final Map<String, String> SECRET = Map.of("sasl.jaas.config", "password=hunter2");

    private final ClusterDirectory directory = new ClusterDirectory("localhost:9092", Map.of("client.dns.lookup", "use_all_dns_ips"),
            List.of(new ClusterConfiguration(ARN, List.of("b-1:9096", "b-2:9096"), SECRET),
                    new ClusterConfiguration(null, List.of("Kafka.example:9093"), Map.of("security.protocol", "SSL"))));

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
        assertThat(directory.brokers(new EventSource.SelfManagedKafka(List.of("x:2", "x:1")))).isEqualTo(new Brokers("x:1,x:2", Map.of()));
    }

    @Test
    void usesThePropertiesOfAConfiguredClusterThatSharesAnAddress() {
        assertThat(directory.brokers(new EventSource.SelfManagedKafka(List.of("kafka.example:9093", "other:1"))))
                .isEqualTo(new Brokers("kafka.example:9093,other:1", Map.of("security.protocol", "SSL")));
        assertThat(directory.brokers(new EventSource.SelfManagedKafka(List.of("localhost:9092"))).clientProperties())
                .isEqualTo(directory.defaultCluster().clientProperties());
    }

    @Test
    void neverPrintsTheValuesOfProperties() {
        ClusterConfiguration cluster = new ClusterConfiguration(ARN, List.of("b-1:9096"), SECRET);

        assertThat(cluster.toString() + cluster.brokers()).contains("sasl.jaas.config").doesNotContain("hunter2");
    }
}
