package dev.sluice.api.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PageTest {

    private final List<Integer> all = IntStream.rangeClosed(1, 120).boxed().toList();

    @Test
    void hasFiftyAtMostWhateverWasAsked() {
        assertThat(page(null, null).items()).hasSize(50);
        assertThat(page(null, "10000").items()).hasSize(50);
        assertThat(page(null, "7").items()).containsExactly(1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void allPagesTogetherAreTheList() {
        List<Integer> seen = new ArrayList<>();
        Integer after = null;
        Page<Integer> page;
        do {
            page = page(after, null);
            seen.addAll(page.items());
            after = page.items().get(page.items().size() - 1);
        } while (page.more());
        assertThat(seen).isEqualTo(all);
    }

    @Test
    void goesOnBehindAPlaceThatIsGone() {
        assertThat(Page.behind(2, List.of(1, 3), item -> item, null).items()).containsExactly(3);
    }

    @Test
    void namesANextPlaceOnlyWhenThereIsMore() {
        assertThat(answer(page(null, null))).hasToString("{\"NextMarker\":\"50\"}");
        assertThat(answer(page(100, null))).hasToString("{}");
        assertThat(answer(page(70, null))).hasToString("{}");
        assertThat(answer(page(120, null))).hasToString("{}");
    }

    private Page<Integer> page(Integer after, String maxItems) {
        return Page.behind(after, all, item -> item, maxItems);
    }

    private static ObjectNode answer(Page<Integer> page) {
        ObjectNode answer = Json.MAPPER.createObjectNode();
        page.addMarkerTo(answer, String::valueOf);
        return answer;
    }
}
