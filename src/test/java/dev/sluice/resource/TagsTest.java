package dev.sluice.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagsTest {

    @Test
    void addsAndReplaces() {
        assertThat(new Tags(Map.of("a", "1", "b", "2")).plus(Map.of("b", "3", "c", "")).values())
                .isEqualTo(Map.of("a", "1", "b", "3", "c", ""));
    }

    @Test
    void takesAwayWhatIsThere() {
        assertThat(new Tags(Map.of("a", "1", "b", "2")).minus(List.of("b", "zz")).values()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void holdsFiftyAndNoMore() {
        Tags fifty = new Tags(IntStream.range(0, 50).boxed().collect(Collectors.toMap(n -> "key" + n, n -> "v")));

        assertThat(fifty.plus(Map.of("key0", "other")).values()).hasSize(50);
        assertThatThrownBy(() -> fifty.plus(Map.of("one more", ""))).isInstanceOf(Tags.Refused.class)
                .hasMessage("Number of tags exceeds resource tag limit.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "aws:x", "AWS:x"})
    void refusesKeysThatAwsRefuses(String key) {
        assertThatThrownBy(() -> new Tags(Map.of(key, "v"))).isInstanceOf(Tags.Refused.class);
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(new Tags(Map.of("k".repeat(128), "v".repeat(256))).values()).hasSize(1);
        assertThatThrownBy(() -> new Tags(Map.of("k".repeat(129), ""))).isInstanceOf(Tags.Refused.class).hasMessageContaining("129");
        assertThatThrownBy(() -> new Tags(Map.of("k", "v".repeat(257)))).isInstanceOf(Tags.Refused.class).hasMessageContaining("257");
    }
}
