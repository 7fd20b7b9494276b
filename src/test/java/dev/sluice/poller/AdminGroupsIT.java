package dev.sluice.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.Brokers;
import dev.sluice.fixture.OwnThread;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class AdminGroupsIT {

    // Found by scripts/chaos: behind a silent connection every mapping's problem was "The AdminClient thread has exited".
    @Test
    void aQuestionThatTimesOutFailsNoOther() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress()); Admins admins = new Admins(any -> false)) {
            AdminGroups groups = new AdminGroups(admins);
            Brokers brokers = new Brokers("127.0.0.1:" + silent.getLocalPort(), Map.of());
            CompletableFuture<Throwable> patient = failing(groups, brokers, Duration.ofSeconds(3));
            CompletableFuture<Throwable> hasty = failing(groups, brokers, Duration.ofMillis(800));

            assertThat(hasty.get(10, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class)
                    .hasMessage(brokers.bootstrapServers() + " has not answered within 800 ms");
            assertThat(patient.get(10, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class)
                    .hasMessage(brokers.bootstrapServers() + " has not answered within 3000 ms");
        }
    }

    private static CompletableFuture<Throwable> failing(AdminGroups groups, Brokers brokers, Duration within) {
        return CompletableFuture.supplyAsync(() -> failure(groups, brokers, within), OwnThread.EXECUTOR);
    }

    private static Throwable failure(AdminGroups groups, Brokers brokers, Duration within) {
        return assertThatThrownBy(() -> groups.members(brokers, "g", new Groups.Patience(within, () -> false))).actual();
    }
}
