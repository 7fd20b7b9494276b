package dev.sluice.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FunctionLogsTest {

    private static final LogOrigin ONE = new LogOrigin(null, "one", "$LATEST");
    private static final LogOrigin OTHER = new LogOrigin(null, "other", "$LATEST");
    private static final Duration LONG = Duration.ofMinutes(5);

    private final ScheduledExecutorService signals = Executors.newScheduledThreadPool(1);
    private final FunctionLogs logs = new FunctionLogs(signals, 1_000, 2_500);

    @AfterEach
    void stop() {
        signals.shutdownNow();
    }

    private CompletableFuture<LogPage> read(String function, Long after, String requestId, Duration wait) {
        return logs.read(new LogQuery(function, after, 10, requestId), wait).toCompletableFuture();
    }

    private static List<String> texts(LogPage page) {
        return page.lines().stream().map(LogLine::text).toList();
    }

    @Test
    void whatIsThereIsAnsweredAtOnce() {
        logs.of("f").append(ONE, 1, "a");

        assertThat(texts(read("f", null, null, LONG).join())).containsExactly("a");
        assertThat(read("f", 1L, null, Duration.ZERO).join().lines()).isEmpty();
        assertThat(logs.has("f")).isTrue();
        assertThat(logs.has("g")).isFalse();
    }

    @Test
    void whoWaitsHearsOfTheNextLine() {
        CompletableFuture<LogPage> waiting = read("f", null, null, LONG);
        CompletableFuture<LogPage> elsewhere = read("g", null, null, LONG);
        logs.of("f").append(ONE, 1, "a");

        assertThat(texts(waiting.join())).containsExactly("a");
        assertThat(elsewhere).isNotDone();
    }

    @Test
    void whoWaitsForOneInvocationIsNotAnsweredWithOthers() throws Exception {
        CompletableFuture<LogPage> waiting = read("f", null, "other", LONG);
        CompletableFuture<LogPage> first = read("f", null, null, LONG);
        logs.of("f").append(ONE, 1, "a");
        first.join();
        signals.submit(() -> {}).get(5, TimeUnit.SECONDS);
        assertThat(waiting).isNotDone();
        logs.of("f").append(OTHER, 1, "b");

        assertThat(texts(waiting.join())).containsExactly("b");
        assertThat(waiting.join().next()).isEqualTo(2);
    }

    @Test
    void theWaitHasAnEnd() {
        logs.of("f").append(ONE, 1, "a");

        assertThat(read("f", 1L, null, Duration.ofMillis(20)).join()).isEqualTo(new LogPage(List.of(), 1, 0));
    }

    @Test
    void aClosingServerKeepsNobodyWaiting() {
        CompletableFuture<LogPage> waiting = read("f", null, null, LONG);
        logs.release();

        assertThat(waiting.join().lines()).isEmpty();
        assertThat(read("f", null, null, LONG).join().lines()).isEmpty();
    }

    @Test
    void theLogThatWasSilentLongestIsClearedFirst() {
        for (String function : List.of("c", "a", "b")) {
            for (int i = 0; i < 8; i++) {
                logs.of(function).append(ONE, function.charAt(0), "x");
            }
        }

        assertThat(read("c", 0L, null, Duration.ZERO).join().lines()).hasSize(8);
        assertThat(read("a", 0L, null, Duration.ZERO).join().lines()).hasSize(8);
        assertThat(read("b", 0L, null, Duration.ZERO).join().lines()).hasSize(8);
        for (int i = 0; i < 2; i++) {
            logs.of("b").append(ONE, 'z', "x");
        }
        assertThat(read("a", 0L, null, Duration.ZERO).join()).isEqualTo(new LogPage(List.of(), 8, 8));
        assertThat(read("c", 0L, null, Duration.ZERO).join().lines()).hasSize(8);
        assertThat(read("b", 0L, null, Duration.ZERO).join().lines()).hasSize(9);
    }
}
