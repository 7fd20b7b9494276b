package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    @Test
    void doublesTheWaitUpToTheLimit() {
        RetryPolicy policy = new RetryPolicy(Duration.ofMillis(200), Duration.ofSeconds(30), () -> 0.5);

        assertThat(policy.after(1)).isEqualTo(Duration.ofMillis(200));
        assertThat(policy.after(2)).isEqualTo(Duration.ofMillis(400));
        assertThat(policy.after(8)).isEqualTo(Duration.ofMillis(25_600));
        assertThat(policy.after(9)).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.after(100_000)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void spreadsTheWaitByTenPercent() {
        assertThat(new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(1), () -> 0).after(1)).isEqualTo(Duration.ofMillis(900));
        assertThat(new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(1), () -> 1).after(1)).isEqualTo(Duration.ofMillis(1_100));
    }

    @Test
    void refusesALimitBelowTheFirstWait() {
        assertThatThrownBy(() -> new RetryPolicy(Duration.ofSeconds(2), Duration.ofSeconds(1), () -> 0))
                .hasMessageContaining("retry.maxBackoff").hasMessageContaining("PT2S");
    }
}
