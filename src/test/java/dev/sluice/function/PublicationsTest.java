package dev.sluice.function;

import static dev.sluice.fixture.FunctionDefinitions.aFunction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PublicationsTest {

    private final Publications publications = aFunction("f").published(1).published(2).alias("live", "1", Map.of())
            .alias("beta", "2", Map.of()).build().publications();

    @Test
    void neverGivesANumberTwice() {
        Publications without = publications.withoutVersion("2");

        assertThat(without.newest()).hasValueSatisfying(version -> assertThat(version.version()).isEqualTo("1"));
        assertThat(without.lastNumber()).isEqualTo(2);
    }

    @Test
    void sortsAliasesByNameAndReplacesOneOfTheSameName() {
        FunctionAlias moved = new FunctionAlias("live", "2", "", Map.of(), "r2");

        assertThat(publications.with(moved).aliases()).extracting(FunctionAlias::name).containsExactly("beta", "live");
        assertThat(publications.with(moved).alias("live")).contains(moved);
        assertThat(publications.withoutAlias("beta").aliases()).extracting(FunctionAlias::name).containsExactly("live");
    }

    @Test
    void hasNoLatest() {
        FunctionVersion latest = aFunction("f").build().latest();

        assertThatThrownBy(() -> new Publications(1, List.of(latest), List.of())).hasMessage("versions has $LATEST; it is never published");
        assertThat(latest.number()).isZero();
        assertThat(publications.versions()).extracting(FunctionVersion::number).containsExactly(1, 2);
    }
}
