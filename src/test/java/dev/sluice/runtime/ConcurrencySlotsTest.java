package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.runtime.ConcurrencySlots.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConcurrencySlotsTest {

    private final ConcurrencySlots<String> slots = new ConcurrencySlots<>(1);

    @Test
    void givesOutNoMoreSlotsThanTheLimit() {
        ConcurrencySlots<String> two = new ConcurrencySlots<>(2);

        assertThat(two.take("a", "1", true)).isEqualTo(Place.SLOT);
        assertThat(two.take("a", "2", true)).isEqualTo(Place.SLOT);
        assertThat(two.take("a", "3", true)).isEqualTo(Place.QUEUE);
    }

    @Test
    void servesTurnsRoundRobinAndEachTurnInOrder() {
        slots.take("x", "x", true);
        for (String item : List.of("a1", "a2", "a3", "b1", "c1", "b2")) {
            slots.take(item.substring(0, 1), item, true);
        }

        List<String> served = new ArrayList<>();
        for (Optional<String> next = slots.release(); next.isPresent(); next = slots.release()) {
            served.add(next.get());
        }

        assertThat(served).containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
        assertThat(slots.taken()).isZero();
    }

    @Test
    void takesBackOnlyWhatWaits() {
        slots.take("a", "running", true);
        slots.take("a", "waiting", true);

        assertThat(slots.remove("a", "running")).isFalse();
        assertThat(slots.remove("a", "waiting")).isTrue();
        assertThat(slots.remove("a", "waiting")).isFalse();
        assertThat(slots.release()).isEmpty();
    }

    @Test
    void servesWaitingItemsWhenTheLimitIsRaisedAndNoneWhenItIsLowered() {
        slots.take("a", "1", true);
        slots.take("a", "2", true);
        slots.take("a", "3", true);
        slots.take("a", "4", true);

        assertThat(slots.limit(3)).containsExactly("2", "3");
        assertThat(slots.limit(1)).isEmpty();
        assertThat(slots.release()).isEmpty();
        assertThat(slots.release()).isEmpty();
        assertThat(slots.release()).contains("4");
    }

    @Test
    void queuesNothingThatMayNotWait() {
        assertThat(slots.take("a", "first", false)).isEqualTo(Place.SLOT);
        assertThat(slots.take("a", "second", false)).isEqualTo(Place.NONE);
        slots.take("a", "waits", true);

        assertThat(slots.release()).contains("waits");
        assertThat(slots.taken()).isEqualTo(1);
    }

    @Test
    void whoMayNotWaitDoesNotOvertakeWhoWaits() {
        slots.take("a", "first", true);
        slots.take("a", "waits", true);

        assertThat(slots.take("b", "late", false)).isEqualTo(Place.NONE);
    }

    @Test
    void withALimitOfNoneNobodyWaitsForASlotThatNeverComes() {
        slots.take("a", "running", true);
        slots.take("a", "waits", true);
        assertThat(slots.limit(0)).isEmpty();
        assertThat(slots.removeAll()).containsExactly("waits");

        assertThat(slots.take("a", "new", true)).isEqualTo(Place.NONE);
        assertThat(slots.release()).isEmpty();
        assertThat(slots.take("a", "new", true)).isEqualTo(Place.NONE);
        assertThat(slots.limit(1)).isEmpty();
        assertThat(slots.take("a", "new", true)).isEqualTo(Place.SLOT);
    }

    @Test
    void refusesToGiveBackASlotThatWasNotTaken() {
        assertThatThrownBy(slots::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void losesNothingAndNeverExceedsTheLimitInARandomRun() {
        long seed = System.nanoTime();
        System.out.println("ConcurrencySlotsTest seed " + seed);
        Random random = new Random(seed);
        int limit = 1 + random.nextInt(5);
        ConcurrencySlots<Integer> many = new ConcurrencySlots<>(limit);
        Set<Integer> running = new HashSet<>();
        Map<String, Deque<Integer>> waiting = new HashMap<>();
        int done = 0;
        for (int next = 0; next < 20_000;) {
            int choice = random.nextInt(10);
            String turn = "t" + random.nextInt(4);
            Deque<Integer> queue = waiting.computeIfAbsent(turn, t -> new ArrayDeque<>());
            if (choice < 5) {
                Integer item = next;
                if (many.take(turn, item, true) == Place.SLOT) {
                    running.add(item);
                } else {
                    queue.add(item);
                }
                next++;
            } else if (choice == 5 && !queue.isEmpty()) {
                assertThat(many.remove(turn, queue.removeLast())).isTrue();
                done++;
            } else if (!running.isEmpty()) {
                running.remove(running.iterator().next());
                done++;
                many.release().ifPresent(served -> {
                    assertThat(waiting.values()).as("a turn's first item").anyMatch(q -> served.equals(q.peek()));
                    waiting.values().forEach(q -> q.removeFirstOccurrence(served));
                    running.add(served);
                });
            }
            assertThat(running).hasSizeLessThanOrEqualTo(limit).hasSize(many.taken());
            int waitingNow = waiting.values().stream().mapToInt(Deque::size).sum();
            assertThat(done + running.size() + waitingNow).isEqualTo(next);
            assertThat(waitingNow == 0 || running.size() == limit).as("nobody waits while a slot is free").isTrue();
        }
    }
}
