package dev.sluice.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.FunctionsFixture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionLogTest {

    private static final LogOrigin ONE = new LogOrigin(null, "one", "$LATEST");
    private static final LogOrigin OTHER = new LogOrigin(FunctionsFixture.CALLER, "other", "3");

    private final List<Long> growth = new ArrayList<>();
    /** Room for ten lines of one character. */
    private final FunctionLog log = new FunctionLog(1010, (any, grownBy) -> growth.add(grownBy));

    private LogPage read(Long after, int limit, String requestId) {
        return log.read(new LogQuery("f", after, limit, requestId));
    }

    private static List<String> texts(LogPage page) {
        return page.lines().stream().map(LogLine::text).toList();
    }

    private void append(int lines) {
        for (int i = 0; i < lines; i++) {
            log.append(i % 2 == 0 ? ONE : OTHER, 1_000 + i, String.valueOf(i % 10));
        }
    }

    @Test
    void givesTheNewestLinesAndThenWhatFollows() {
        append(4);

        LogPage newest = read(null, 2, null);
        assertThat(newest.lines()).containsExactly(new LogLine(3, 1_002, ONE, "2"), new LogLine(4, 1_003, OTHER, "3"));
        assertThat(newest.lost()).isZero();
        append(3);
        LogPage next = read(newest.next(), 2, null);
        assertThat(texts(next)).containsExactly("0", "1");
        assertThat(texts(read(next.next(), 2, null))).containsExactly("2");
        assertThat(read(7L, 2, null)).isEqualTo(new LogPage(List.of(), 7, 0));
    }

    @Test
    void theOldestLinesMakeRoomAndAreCounted() {
        append(15);

        assertThat(texts(read(null, 100, null))).containsExactly("5", "6", "7", "8", "9", "0", "1", "2", "3", "4");
        assertThat(read(null, 100, null).lost()).isEqualTo(5);
        assertThat(read(null, 10, null).lost()).isZero();
        assertThat(read(3L, 1, null)).satisfies(page -> assertThat(page.lost()).isEqualTo(2))
                .satisfies(page -> assertThat(texts(page)).containsExactly("5"));
        assertThat(log.bytes()).isEqualTo(1010).isEqualTo(growth.stream().mapToLong(Long::longValue).sum());
    }

    @Test
    void theNewestLineIsKeptHoweverLongItIs() {
        append(3);
        log.append(ONE, 5, "x".repeat(2_000));

        assertThat(read(0L, 100, null).lines()).extracting(LogLine::seq).containsExactly(4L);
        append(1);
        assertThat(texts(read(0L, 100, null))).containsExactly("0");
        assertThat(log.bytes()).isEqualTo(101);
    }

    @Test
    void keepsThousandsOfLinesInOrder() {
        FunctionLog large = new FunctionLog(1_000_000, (any, grownBy) -> {});
        for (int i = 1; i <= 20_000; i++) {
            large.append(ONE, i, "");
        }

        LogPage all = large.read(new LogQuery("f", 0L, 100_000, null));
        assertThat(all.lines()).hasSize(10_000).extracting(LogLine::seq).isSorted().startsWith(10_001L).endsWith(20_000L);
        assertThat(all.lost()).isEqualTo(10_000);
    }

    @Test
    void linesOfOneInvocationCanBeChosen() {
        append(9);

        assertThat(texts(read(null, 2, "other"))).containsExactly("5", "7");
        LogPage page = read(0L, 2, "other");
        assertThat(texts(page)).containsExactly("1", "3");
        assertThat(texts(read(page.next(), 9, "other"))).containsExactly("5", "7");
    }

    @Test
    void aNumberFromBeforeARestartBeginsAnew() {
        append(2);

        assertThat(texts(read(500L, 10, null))).containsExactly("0", "1");
    }

    @Test
    void aClearedLogGoesOnWithItsNumbers() {
        append(3);

        assertThat(log.clear()).isEqualTo(303);
        assertThat(read(1L, 10, null)).isEqualTo(new LogPage(List.of(), 3, 2));
        append(1);
        assertThat(read(3L, 10, null).lines()).containsExactly(new LogLine(4, 1_000, ONE, "0"));
    }

    @Test
    void aQueryOfNothingIsRefused() {
        assertThatThrownBy(() -> new LogQuery("f", null, 0, null)).hasMessageContaining("limit is 0");
        assertThatThrownBy(() -> new LogQuery("f", -1L, 1, null)).hasMessageContaining("after is -1");
    }
}
