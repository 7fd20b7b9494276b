package dev.sluice.telemetry;

import static dev.sluice.fixture.WaitingDelivery.failure;
import static dev.sluice.fixture.WaitingDelivery.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver.Attempt;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionOffsets;
import dev.sluice.fixture.InMemoryJournal;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.Offsets;
import dev.sluice.fixture.WaitingDelivery;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.MappingId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class JournalTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:10:00Z");

    private final AtomicInteger ids = new AtomicInteger();
    private final EventSourceMapping mapping = Mappings.aMapping().function("orders").build();
    private InMemoryJournal store = new InMemoryJournal();
    private Journal journal = started(store);

    @AfterEach
    void close() {
        journal.close();
    }

    private Journal started(InMemoryJournal into) {
        Journal made = new Journal(into, Clock.fixed(NOW, ZoneOffset.UTC), () -> "id-" + ids.incrementAndGet());
        made.start();
        return made;
    }

    private Delivery delivery(long first, long last) {
        return WaitingDelivery.of(mapping, Offsets.range("t", 0, first, last));
    }

    @Test
    void whatFiltersDropIsCountedAndKeptWhileItCantBeWritten() {
        FilteredOut one = new FilteredOut(1, 0, new FilteredOut.Last("t", 0, 1, "it matches none"));
        FilteredOut two = new FilteredOut(2, 2, new FilteredOut.Last("t", 0, 3, "its value is text"));
        AtomicInteger refused = new AtomicInteger();
        close();
        store = new InMemoryJournal() {
            @Override
            public synchronized void addFilteredOut(Map<MappingId, FilteredOut> more) {
                if (refused.incrementAndGet() < 3) {
                    throw new UncheckedIOException(new IOException("disk full"));
                }
                super.addFilteredOut(more);
            }
        };
        journal = started(store);
        journal.filterObserver().filteredOut(mapping, one);
        await().atMost(Duration.ofSeconds(10)).until(() -> refused.get() >= 1);
        journal.filterObserver().filteredOut(mapping, two);

        assertThat(journal.filteredOut()).containsOnly(Map.entry(mapping.id(), new FilteredOut(3, 2, two.last())));
        await().atMost(Duration.ofSeconds(10)).until(() -> !store.filteredOut().isEmpty());
        assertThat(store.filteredOut()).isEqualTo(journal.filteredOut());
    }

    @Test
    void aSuccessIsNotedOnceWhenItEnds() {
        Delivery delivery = delivery(5, 9);
        journal.attempted(delivery, success(delivery, 1));
        journal.settled(delivery, Fate.DELIVERED, delivery.batch().records());
        journal.ended(delivery);

        JournaledDelivery noted = saved(1).get(0);
        assertThat(noted.summary()).isEqualTo(new DeliverySummary("id-1",
                new DeliverySummary.Origin(mapping.id(), mapping.settings().functionArn(), null), DeliveryState.DELIVERED,
                new DeliverySummary.Period(WaitingDelivery.STARTED.plusSeconds(1), NOW), List.of(PartitionOffsets.parse("t", 0, "5-9")),
                new DeliverySummary.Progress(1, "OK", "", null)));
        assertThat(noted.settled()).containsExactly(new SettledRecords(Fate.DELIVERED, "t", 0, 5, 9, 5));
        assertThat(noted.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.call()).isEqualTo(
                    new JournaledAttempt.Call("request-1", WaitingDelivery.STARTED.plusSeconds(1), Duration.ofMillis(12)));
            assertThat(attempt.records()).isEqualTo(5);
        });
    }

    @Test
    void ofManySuccessesOnlySomeKeepTheirBodies() {
        for (int i = 0; i < 5; i++) {
            Delivery delivery = delivery(i, i);
            journal.attempted(delivery, success(delivery, 1));
            journal.settled(delivery, Fate.DELIVERED, delivery.batch().records());
            journal.ended(delivery);
        }

        List<JournaledDelivery> noted = saved(5);
        // The clock stands still, so one copy is due.
        assertThat(noted.stream().filter(delivery -> delivery.attempts().get(0).event() != null)).hasSize(1);
        assertThat(noted.get(0).attempts().get(0).event()).isEqualTo(
                new JournaledAttempt.Event("t-0:0", new Body("{\"n\":1}".getBytes(StandardCharsets.UTF_8), 7)));
        assertThat(noted.get(0).attempts().get(0).answer()).isEqualTo(new Body("null".getBytes(StandardCharsets.UTF_8), 4));
    }

    @Test
    void aFailureIsNotedAtOnceAndItsEventOnce() {
        Delivery delivery = delivery(5, 9);
        journal.attempted(delivery, failure(delivery, 1));
        journal.attempted(delivery, failure(delivery, 2));
        journal.attempted(delivery, success(delivery, 3));
        journal.settled(delivery, Fate.DELIVERED, delivery.batch().records());
        journal.ended(delivery);

        List<JournaledDelivery> noted = saved(4);
        assertThat(noted).extracting(entry -> entry.summary().id()).containsOnly("id-1");
        assertThat(noted).extracting(entry -> entry.summary().state()).containsExactly(DeliveryState.RUNNING, DeliveryState.RUNNING,
                DeliveryState.RUNNING, DeliveryState.DELIVERED);
        assertThat(noted.get(0).attempts().get(0).event().body()).isNotNull();
        assertThat(noted.get(1).attempts().get(0).event()).as("the same event").isEqualTo(new JournaledAttempt.Event("t-0:5-9", null));
        assertThat(noted.get(1).attempts().get(0).answer()).isNotNull();
        assertThat(noted.get(1).summary().progress().lastDetail()).contains("boom");
        assertThat(noted.get(3).attempts()).as("handed over before").isEmpty();
        assertThat(noted.get(3).summary().progress().attempts()).isEqualTo(3);
    }

    @Test
    void theEndSaysWhatBecameOfTheRecords() {
        assertThat(endOf(List.of(Fate.DROPPED, Fate.DROPPED))).isEqualTo(DeliveryState.FAILED);
        assertThat(endOf(List.of(Fate.SENT_TO_DESTINATION, Fate.SKIPPED))).isEqualTo(DeliveryState.FAILED);
        assertThat(endOf(List.of(Fate.DELIVERED, Fate.DROPPED))).isEqualTo(DeliveryState.PARTLY);
        assertThat(endOf(List.of(Fate.DELIVERED))).isEqualTo(DeliveryState.NOT_FINISHED);
        assertThat(endOf(List.of())).isEqualTo(DeliveryState.NOT_FINISHED);
    }

    private DeliveryState endOf(List<Fate> fates) {
        int before = store.saved().size();
        Delivery delivery = delivery(0, 1);
        journal.attempted(delivery, success(delivery, 1));
        for (int i = 0; i < fates.size(); i++) {
            journal.settled(delivery, fates.get(i), List.of(Offsets.of("t", 0, i)));
        }
        journal.ended(delivery);
        return saved(before + 1).get(before).summary().state();
    }

    @Test
    void whatWasNeverTriedIsNotNoted() {
        journal.ended(delivery(0, 1));
        Delivery tried = delivery(2, 3);
        journal.attempted(tried, failure(tried, 1));

        assertThat(saved(1)).hasSize(1).extracting(entry -> entry.summary().records().get(0).first()).containsExactly(2L);
    }

    @Test
    void aRecordTooLargeIsNotedWithoutAnAttempt() {
        Delivery delivery = delivery(7, 7);
        journal.settled(delivery, Fate.DROPPED, delivery.batch().records());
        journal.ended(delivery);

        JournaledDelivery noted = saved(1).get(0);
        assertThat(noted.summary().state()).isEqualTo(DeliveryState.FAILED);
        assertThat(noted.attempts()).isEmpty();
        assertThat(noted.summary().period().firstSeen()).isEqualTo(NOW);
    }

    @Test
    void aDestinationThatFailsIsNoted() {
        Delivery delivery = delivery(7, 7);
        journal.destinationFailed(delivery, 1, "queue q does not exist");

        assertThat(saved(1).get(0).summary().progress().destinationError()).isEqualTo("queue q does not exist");
        assertThat(saved(1).get(0).summary().state()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void neighboursOfOneFateAreOneGroupAndThereAreNeverMoreThanAHundred() {
        Delivery delivery = delivery(0, 999);
        for (long offset = 0; offset < 1_000; offset++) {
            journal.settled(delivery, offset < 500 ? Fate.DELIVERED : offset % 2 == 0 ? Fate.DROPPED : Fate.SKIPPED,
                    List.of(Offsets.of("t", 0, offset)));
        }
        journal.ended(delivery);

        List<SettledRecords> groups = saved(1).get(0).settled();
        assertThat(groups.get(0)).isEqualTo(new SettledRecords(Fate.DELIVERED, "t", 0, 0, 499, 500));
        assertThat(groups).hasSize(100);
        assertThat(groups.stream().mapToInt(SettledRecords::count).sum()).isEqualTo(1_000);
        assertThat(saved(1).get(0).summary().state()).isEqualTo(DeliveryState.PARTLY);
    }

    @Test
    void ofRecordsThatWereNotDeliveredEachRunOfOffsetsIsNoted() {
        Delivery delivery = delivery(0, 7);
        journal.settled(delivery, Fate.DELIVERED, List.of(Offsets.of("t", 0, 0, 1, 3, 5)));
        journal.settled(delivery, Fate.DROPPED, List.of(Offsets.of("t", 0, 2, 4, 6, 7)));
        journal.ended(delivery);

        assertThat(saved(1).get(0).settled()).containsExactly(new SettledRecords(Fate.DELIVERED, "t", 0, 0, 5, 4),
                new SettledRecords(Fate.DROPPED, "t", 0, 2, 2, 1), new SettledRecords(Fate.DROPPED, "t", 0, 4, 4, 1),
                new SettledRecords(Fate.DROPPED, "t", 0, 6, 7, 2));
    }

    @Test
    void ofABodyOnlyTheBeginningIsKept() {
        Delivery delivery = delivery(7, 7);
        byte[] large = new byte[Body.MOST_BYTES + 100];
        journal.attempted(delivery, new Attempt(1, "r", NOW, Duration.ZERO, new AttemptReport(AttemptReport.Kind.FAILED, "P", "d"),
                delivery.batch().records(), 1, large, large.length - 50, new byte[3]));

        Body event = saved(1).get(0).attempts().get(0).event().body();
        assertThat(event.truncated()).isTrue();
        assertThat(event.bytes()).hasSize(Body.MOST_BYTES);
        assertThat(event.length()).isEqualTo(Body.MOST_BYTES + 50);
        assertThat(saved(1).get(0).attempts().get(0).answer().truncated()).isFalse();
    }

    @Test
    void aStoreThatBlocksHoldsNoDeliveryUpAndTheLossIsCounted() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        InMemoryJournal blocking = new InMemoryJournal() {
            @Override
            public void save(List<JournaledDelivery> news) {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.save(news);
            }
        };
        Journal held = started(blocking);
        try {
            Delivery failing = delivery(0, 0);
            held.attempted(failing, failure(failing, 1));
            blocked.await();
            // Returns, though nothing is written: 12,000 successes and a failure that has room reserved.
            for (int i = 0; i < 12_000; i++) {
                Delivery delivery = delivery(i, i);
                held.attempted(delivery, success(delivery, 1));
                held.settled(delivery, Fate.DELIVERED, delivery.batch().records());
                held.ended(delivery);
            }
            long lost = held.losses().entries();
            assertThat(lost).as("few successes wait, so that those that are written are new").isEqualTo(12_000 - 50);

            held.attempted(failing, failure(failing, 2));
            assertThat(held.losses().entries()).as("failures have room of their own").isEqualTo(lost);
        } finally {
            release.countDown();
        }
        held.close(Duration.ofSeconds(20));
        assertThat(blocking.saved()).hasSize(50 + 2);
    }

    @Test
    void bodiesThatFindNoRoomAreLeftOutAndCounted() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        InMemoryJournal blocking = new InMemoryJournal() {
            @Override
            public void save(List<JournaledDelivery> news) {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.save(news);
            }
        };
        Journal held = started(blocking);
        byte[] large = new byte[Body.MOST_BYTES];
        try {
            for (int i = 0; i < 70; i++) {
                Delivery delivery = delivery(i, i);
                held.attempted(delivery, new Attempt(1, "r", NOW, Duration.ZERO, new AttemptReport(AttemptReport.Kind.FAILED, "P", "d"),
                        delivery.batch().records(), 1, large, large.length, null));
            }
            assertThat(held.losses()).isEqualTo(new Journal.Losses(0, 70 - 64));
        } finally {
            release.countDown();
        }
        held.close(Duration.ofSeconds(20));
        assertThat(blocking.saved()).hasSize(70).filteredOn(entry -> entry.attempts().get(0).event() == null).hasSize(6);
    }

    @Test
    void aStoreThatFailsLosesWhatItWasGivenAndIsTriedAgain() {
        CountDownLatch failed = new CountDownLatch(1);
        InMemoryJournal failing = new InMemoryJournal() {
            @Override
            public void save(List<JournaledDelivery> news) {
                if (failed.getCount() > 0) {
                    failed.countDown();
                    throw new UncheckedIOException("disk full", new IOException("disk full"));
                }
                super.save(news);
            }
        };
        Journal unlucky = started(failing);
        Delivery delivery = delivery(0, 0);
        unlucky.attempted(delivery, failure(delivery, 1));
        await().pollInterval(Duration.ofMillis(2)).atMost(Duration.ofSeconds(10)).until(() -> unlucky.losses().entries() == 1);
        unlucky.attempted(delivery, failure(delivery, 2));
        unlucky.close(Duration.ofSeconds(10));

        assertThat(failing.saved()).hasSize(1);
        assertThat(unlucky.losses().entries()).isEqualTo(1);
    }

    @Test
    void closingWritesWhatIsQueuedAndTakesNothingMore() {
        Delivery delivery = delivery(0, 0);
        for (int i = 1; i <= 100; i++) {
            journal.attempted(delivery, failure(delivery, i));
        }
        journal.close(Duration.ofSeconds(20));
        assertThat(store.saved()).hasSize(100);

        journal.attempted(delivery, failure(delivery, 101));
        assertThat(store.saved()).hasSize(100);
        assertThat(journal.losses().entries()).isEqualTo(1);
    }

    @Test
    void closingWaitsNoLongerThanItIsAllowedTo() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Journal held = started(new InMemoryJournal() {
            @Override
            public void save(List<JournaledDelivery> news) {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        Delivery delivery = delivery(0, 0);
        held.attempted(delivery, failure(delivery, 1));
        blocked.await();
        held.attempted(delivery, failure(delivery, 2));

        held.close(Duration.ofMillis(20));

        assertThat(held.losses().entries()).isEqualTo(1);
        release.countDown();
    }

    private List<JournaledDelivery> saved(int count) {
        await().pollInterval(Duration.ofMillis(2)).atMost(Duration.ofSeconds(10)).until(() -> store.saved().size() >= count);
        return store.saved();
    }
}
