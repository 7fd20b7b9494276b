package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The account finds what it is there to find, and nothing that a mapping's settings allow. */
class AccountTest {

    private static final TopicPartition PARTITION = new TopicPartition("chaos-a", 0);
    private static final Variant PLAIN = Variant.steady().get(0);
    private static final Variant FILTER = variant("filter");
    private static final Variant DROPPING = variant("2 retries, then dropped");
    private static final Variant DEAD_LETTERS = variant("partial failures, bisect, 1 retry, then to a topic");

    private final Map<Long, Payload> log = new TreeMap<>(Map.of(0L, new Payload(10, 0, Variant.WANTED, false),
            1L, new Payload(11, 0, "other", true), 2L, new Payload(12, 0, Variant.WANTED, false)));
    private long attempts;

    @Test
    void whatWasDeliveredOrTakenByAForeignMemberIsNotLost() {
        Account account = account(PLAIN, Set.of());
        attempt(account, List.of(0L, 1L), true);
        account.tell(new Journal.Taken(0, "f1", PARTITION, List.of(2L)));
        commit(account, 3);

        assertHolds(account);
        assertThat(account.delivered()).isEqualTo(2);
        assertThat(account.taken()).isEqualTo(1);
    }

    @Test
    void aBatchThatFailedAndIsCommittedPastIsLost() {
        Account account = account(PLAIN, Set.of());
        attempt(account, List.of(0L), true);
        attempt(account, List.of(1L), false);
        attempt(account, List.of(2L), true);
        commit(account, 3);

        assertThat(account.lost()).containsExactly("chaos-a-0 offset 1 was never delivered");
        assertThat(account.committedPast()).hasSize(1);
        assertThat(account.outOfOrder()).isEmpty();
    }

    @Test
    void aRecordMayBeDroppedAfterItsRetriesAndNotBefore() {
        Account early = account(DROPPING, Set.of());
        attempt(early, List.of(0L), true);
        attempt(early, List.of(1L), false);
        attempt(early, List.of(1L), false);
        commit(early, 2);
        assertThat(early.committedPast()).hasSize(1);

        Account due = account(DROPPING, Set.of());
        attempt(due, List.of(0L), true);
        for (int i = 0; i < 3; i++) {
            attempt(due, List.of(1L), false);
        }
        attempt(due, List.of(2L), true);
        commit(due, 3);
        assertHolds(due);
    }

    @Test
    void whatWasGivenUpHasToBeAtTheDestination() {
        Account missing = account(DEAD_LETTERS, Set.of());
        Account there = account(DEAD_LETTERS, Set.of(11L));
        for (Account account : List.of(missing, there)) {
            attempt(account, List.of(0L), true);
            attempt(account, List.of(1L), false);
            attempt(account, List.of(1L), false);
            attempt(account, List.of(2L), true);
            commit(account, 3);
        }

        assertThat(missing.lost()).containsExactly("chaos-a-0 offset 1 was never delivered");
        assertHolds(there);
    }

    @Test
    void whatTheFilterKeepsOutIsNotOwedAndMustNotCome() {
        Account account = account(FILTER, Set.of());
        attempt(account, List.of(0L, 2L), true);
        commit(account, 3);
        assertHolds(account);

        attempt(account, List.of(1L), true);
        assertThat(account.altered()).hasSize(1);
    }

    @Test
    void otherContentThanWasProducedIsSeen() {
        Account account = account(PLAIN, Set.of());
        account.tell(new Journal.Started(0, "f1", 1, List.of(new ReceivedRecord(PARTITION, 0, log.get(2L)))));

        assertThat(account.altered()).hasSize(1);
    }

    @Test
    void aCallOfAServerThatIsGoneIsNoSecondOne() {
        Account account = account(PLAIN, Set.of());
        account.tell(started(1, List.of(0L)));
        account.tell(new Journal.ServerStarted(0));
        account.tell(started(2, List.of(0L)));
        assertThat(account.atOnce()).isEmpty();

        account.tell(started(3, List.of(0L)));
        assertThat(account.atOnce()).hasSize(1);
    }

    private Account account(Variant variant, Set<Long> deadLetters) {
        TrackedMapping mapping = new TrackedMapping("f1", variant, List.of("chaos-a"), false, true, "group");
        return new Account(mapping, Map.of(PARTITION, log), Map.of(), deadLetters);
    }

    private void attempt(Account account, List<Long> offsets, boolean success) {
        attempts++;
        account.tell(started(attempts, offsets));
        account.tell(new Journal.Ended(0, attempts, success ? Map.of(PARTITION, offsets) : Map.of(), false));
    }

    private Journal.Started started(long attempt, List<Long> offsets) {
        return new Journal.Started(0, "f1", attempt,
                offsets.stream().map(offset -> new ReceivedRecord(PARTITION, offset, log.get(offset))).toList());
    }

    private static void commit(Account account, long offset) {
        account.tell(new Journal.Committed(0, "f1", Map.of(PARTITION, offset)));
    }

    private static void assertHolds(Account account) {
        assertThat(account.lost()).isEmpty();
        assertThat(account.outOfOrder()).isEmpty();
        assertThat(account.atOnce()).isEmpty();
        assertThat(account.committedPast()).isEmpty();
        assertThat(account.altered()).isEmpty();
    }

    private static Variant variant(String name) {
        return Variant.optional().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    }
}
