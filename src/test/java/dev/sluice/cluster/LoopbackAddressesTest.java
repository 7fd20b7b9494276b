package dev.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With addresses only: names would be looked up. */
class LoopbackAddressesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "127.0.0.1:9092 | true",
            "127.0.0.1:9092, [::1]:9093 | true",
            "127.8.9.10:1 | true",
            "127.0.0.1:9092,192.0.2.1:9092 | false",
            "0.0.0.0:9092 | false",
            ":9092 | false"})
    void areAllOfThemOrNone(String bootstrapServers, boolean loopback) {
        assertThat(LoopbackAddresses.all(new Brokers(bootstrapServers, Map.of()))).isEqualTo(loopback);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1,true", "::1,true", "192.0.2.1,false", "'',false"})
    void anAdvertisedHostIsJudgedAlike(String host, boolean loopback) {
        assertThat(LoopbackAddresses.all(List.of(host))).isEqualTo(loopback);
    }
}
