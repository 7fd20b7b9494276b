package dev.sluice.runtime.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.invocation.FunctionInvoker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class CodeWatchTest {

    private final Queue<Runnable> planned = new ArrayDeque<>();
    private final List<Duration> waits = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private Object look = "first";
    private long took;
    private long now;
    private int looks;
    private final CodeWatch watch = new CodeWatch(() -> List.of(CodeWatch.Seen.comparing(this::look, look)), (step, after) -> {
        planned.add(step);
        waits.add(after);
    }, () -> now);

    private Object look() {
        looks++;
        now += took;
        return look;
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            planned.remove().run();
        }
    }

    @Test
    void whoWaitsHearsOnceOfWhatIsThereForTwoLooks() {
        watch.add(() -> heard.add("a"));
        watch.add(() -> heard.add("b"));
        look(3);
        assertThat(heard).isEmpty();

        look = "second";
        look(1);
        assertThat(heard).as("it may still be written to").isEmpty();
        look(1);

        assertThat(heard).containsExactlyInAnyOrder("a", "b");
        assertThat(planned).as("nobody waits any more").isEmpty();
    }

    @Test
    void whatIsGoneForAWhileIsNoNewCodeAndWhatComesBackIsNoneEither() {
        watch.add(() -> heard.add("a"));
        look(1);
        look = null;
        look(4);
        look = "first";
        look(4);
        assertThat(heard).isEmpty();

        look = "second";
        look(2);

        assertThat(heard).containsExactly("a");
    }

    @Test
    void whatWasNotThereAtFirstIsNew() {
        look = null;
        watch.add(() -> heard.add("a"));
        look(3);
        look = "first";
        look(2);

        assertThat(heard).containsExactly("a");
    }

    @Test
    void nothingIsLookedAtWhenNobodyWaits() {
        assertThat(planned).isEmpty();
        FunctionInvoker.Watch first = watch.add(() -> heard.add("a"));
        look(2);
        first.close();
        look = "second";
        look(1);

        assertThat(planned).isEmpty();
        assertThat(heard).isEmpty();
        watch.add(() -> heard.add("b"));
        look(3);
        assertThat(heard).as("what is there when the wait begins is no news").isEmpty();
    }

    @Test
    void whatTakesLongIsLookedAtLessOften() {
        took = Duration.ofMillis(100).toNanos();
        watch.add(() -> heard.add("a"));
        look(2);

        assertThat(waits).containsExactly(Duration.ZERO, Duration.ofMillis(250), Duration.ofSeconds(1));
        assertThat(looks).isEqualTo(1);
    }

    @Test
    void aFunctionThatIsDefinedAnewIsLookedAtAnew() {
        watch.add(() -> heard.add("a"));
        look(2);
        look = "second";
        watch.forget();
        look(3);

        assertThat(heard).isEmpty();
    }
}
