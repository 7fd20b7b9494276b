package dev.sluice.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.api.contract.Contract;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BodyPatienceTest {

    private final BodyPatience upload = new BodyPatience(Duration.ofSeconds(30), 100_000);

    @Test
    void aSlowLineHasTheTimeForAZipOfFiftyMegabytes() {
        assertThat(upload.left(70_000_000, Duration.ofMinutes(12))).isPositive();
        for (int minutes = 0; minutes < 12; minutes++) {
            assertThat(upload.left(minutes * 60L * 100_000, Duration.ofMinutes(minutes))).isEqualTo(Duration.ofSeconds(30));
        }
    }

    @Test
    void dripsEarnNothing() {
        assertThat(upload.left(35, Duration.ofSeconds(30))).isZero();
        assertThat(upload.left(50_000, Duration.ofSeconds(31))).isNegative();
    }

    @Test
    void withoutARateEveryBodyHasTheSameTime() {
        BodyPatience control = new BodyPatience(Duration.ofSeconds(30), 0);
        assertThat(control.left(30_000_000, Duration.ofSeconds(29))).isEqualTo(Duration.ofSeconds(1));
        assertThat(control.left(30_000_000, Duration.ofSeconds(31))).isNegative();
        assertThat(control).hasToString("30.0 s in all");
    }

    @Test
    void noOperationTakesMoreThanIsRead() {
        assertThat(Contract.load().strict().operations())
                .allSatisfy(operation -> assertThat(operation.bodyLimit().bytes()).isLessThanOrEqualTo(RequestBody.LONGEST));
    }

    @Test
    void needsTime() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BodyPatience(Duration.ZERO, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new BodyPatience(Duration.ofSeconds(1), -1));
    }
}
