package dev.sluice.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FunctionAliasTest {

    @Test
    void leadsAlwaysToItsVersionWhenItHasNoWeights() {
        FunctionAlias alias = alias("1", Map.of());

        assertThat(alias.version(0)).isEqualTo("1");
        assertThat(alias.version(0.999999)).isEqualTo("1");
        assertThat(alias.leadsTo("1")).isTrue();
        assertThat(alias.leadsTo("2")).isFalse();
    }

    @Test
    void leadsToAnotherVersionAsOftenAsItsWeightSays() {
        FunctionAlias alias = alias("1", Map.of("2", 0.25));

        assertThat(IntStream.range(0, 1000).filter(chance -> alias.version(chance / 1000.0).equals("2"))).hasSize(250);
        assertThat(alias.leadsTo("1") && alias.leadsTo("2")).isTrue();
    }

    @Test
    void aWeightOfZeroLeadsNowhereAndOneOfOneLeavesNothing() {
        assertThat(alias("1", Map.of("2", 0.0)).version(0)).isEqualTo("1");
        assertThat(alias("1", Map.of("2", 1.0)).version(0.999999)).isEqualTo("2");
    }

    @Test
    void refusesWeightsThatAreNoPart() {
        for (double weight : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> alias("1", Map.of("2", weight))).hasMessage("weight is " + weight + "; allowed are 0 to 1");
        }
    }

    private static FunctionAlias alias(String version, Map<String, Double> weights) {
        return new FunctionAlias("live", version, "", weights, "r");
    }
}
