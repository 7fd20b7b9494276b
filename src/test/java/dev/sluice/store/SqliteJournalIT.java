package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionOffsets;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.MappingId;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import dev.sluice.telemetry.Body;
import dev.sluice.telemetry.DeliveryState;
import dev.sluice.telemetry.DeliverySummary;
import dev.sluice.telemetry.JournalStore.Query;
import dev.sluice.telemetry.JournalStore.Retention;
import dev.sluice.telemetry.JournaledAttempt;
import dev.sluice.telemetry.JournaledDelivery;
import dev.sluice.telemetry.SettledRecords;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteJournalIT {

    private static final MappingId MAPPING = new MappingId(new UUID(1, 1));
    private static final MappingId OTHER = new MappingId(new UUID(2, 2));
    private static final Instant START = Instant.parse("2026-03-04T05:06:07.089123Z");

    @TempDir
    private Path directory;
    private SqliteJournal journal;

    @BeforeEach
    void open() {
        journal = SqliteJournal.open(file(), Retention.DEFAULT);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void returnsWhatWasSavedAlsoAfterARestart() {
        JournaledDelivery whole = new JournaledDelivery(
                new DeliverySummary("a", new DeliverySummary.Origin(MAPPING, function("orders", "live"), "original"), DeliveryState.PARTLY,
                        new DeliverySummary.Period(START, START.plusSeconds(3)),
                        List.of(PartitionOffsets.parse("t.x_y-z", 3, "5-9,11"), PartitionOffsets.parse("u", 0, "7")),
                        new DeliverySummary.Progress(2, "PROBLEM: Function call failed", "{\"errorMessage\":\"böse\"}", "queue is gone")),
                List.of(new SettledRecords(Fate.DELIVERED, "t.x_y-z", 3, 5, 9, 5), new SettledRecords(Fate.DROPPED, "u", 0, 7, 7, 1)),
                List.of(attempt(1, AttemptReport.Kind.FAILED, "k1", body("{}")),
                        attempt(2, AttemptReport.Kind.FUNCTION_NOT_VALID, null, null)));
        journal.save(List.of(whole));
        assertThat(journal.find("a")).contains(whole);

        journal.close();
        open();

        assertThat(journal.find("a")).contains(whole);
        assertThat(journal.list(all(10))).containsExactly(whole.summary());
        assertThat(journal.contains("a")).isTrue();
        assertThat(journal.contains("b")).isFalse();
        assertThat(journal.find("b")).isEmpty();
    }

    @Test
    void whatFiltersDroppedAddsUpAlsoAfterARestartAndIsPrunedByMapping() {
        FilteredOut first = new FilteredOut(5, 2, new FilteredOut.Last("t", 3, 9, "it matches none"));
        FilteredOut second = new FilteredOut(1, 1, new FilteredOut.Last("t", 0, 4, "its value is text"));
        assertThat(journal.filteredOut()).isEmpty();
        journal.addFilteredOut(Map.of(MAPPING, first, OTHER, second));
        reopen(Retention.DEFAULT);
        journal.addFilteredOut(Map.of(MAPPING, second));
        journal.prune();

        assertThat(journal.filteredOut()).containsOnly(Map.entry(MAPPING, new FilteredOut(6, 3, second.last())), Map.entry(OTHER, second));
        for (int i = 0; i < 1_000; i++) {
            journal.addFilteredOut(Map.of(new MappingId(new UUID(3, i)), first, MAPPING, first));
        }
        journal.prune();
        assertThat(journal.filteredOut()).hasSize(1_000).containsKey(MAPPING).doesNotContainKey(OTHER);
    }

    @Test
    void aDeliverySavedAgainGoesOnWhereItWas() {
        journal.save(List.of(delivery("a", MAPPING, DeliveryState.RUNNING, 1, attempt(1, AttemptReport.Kind.FAILED, "k", body("{}")))));
        journal.save(List.of(delivery("b", MAPPING, DeliveryState.DELIVERED, 0)));
        journal.save(List.of(
                delivery("a", MAPPING, DeliveryState.RUNNING, 2, new JournaledAttempt(2, call(2), failed(), 1,
                        new JournaledAttempt.Event("k", null), null)),
                delivery("a", MAPPING, DeliveryState.DELIVERED, 2)));

        JournaledDelivery found = journal.find("a").orElseThrow();
        assertThat(found.summary().state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(found.attempts()).hasSize(2).allSatisfy(attempt -> assertThat(attempt.event().body()).isEqualTo(body("{}")));
        assertThat(journal.list(all(10))).extracting(DeliverySummary::id).as("by when they were first noted").containsExactly("b", "a");
    }

    @Test
    void listsWhatIsAskedForPageByPage() {
        journal.save(List.of(delivery("a", MAPPING, DeliveryState.DELIVERED, 0), delivery("b", OTHER, DeliveryState.FAILED, 0),
                delivery("c", MAPPING, DeliveryState.RUNNING, 0), delivery("d", MAPPING, DeliveryState.FAILED, 0)));

        assertThat(ids(new Query(MAPPING, null, Set.of(), null, 2))).containsExactly("d", "c");
        assertThat(ids(new Query(MAPPING, null, Set.of(), "c", 2))).containsExactly("a");
        assertThat(ids(new Query(null, null, Set.of(DeliveryState.FAILED, DeliveryState.RUNNING), null, 9))).containsExactly("d", "c", "b");
        assertThat(ids(new Query(null, "orders", Set.of(), null, 9))).hasSize(4);
        assertThat(ids(new Query(null, "order", Set.of(), null, 9))).isEmpty();
    }

    @Test
    void whatRanWhenTheServerWasKilledRunsNoLonger() {
        journal.save(List.of(delivery("a", MAPPING, DeliveryState.RUNNING, 1)));
        // What a second process, or a kill, finds: nothing was closed.
        try (SqliteJournal next = SqliteJournal.open(file(), Retention.DEFAULT)) {
            assertThat(next.find("a").orElseThrow().summary().state()).isEqualTo(DeliveryState.NOT_FINISHED);
            assertThat(next.find("a").orElseThrow().summary().period().ended()).isNull();
        }
    }

    @Test
    void aRetryLoopOfDaysKeepsItsFirstAndLastAttempts() {
        for (int i = 1; i <= 1_000; i++) {
            // Every other attempt has an event of its own, as halves of a batch have.
            journal.save(List.of(delivery("a", MAPPING, DeliveryState.RUNNING, i,
                    attempt(i, AttemptReport.Kind.FAILED, "k" + i / 2, body("{\"half\":" + i / 2 + "}")))));
        }

        JournaledDelivery found = journal.find("a").orElseThrow();
        assertThat(found.attempts()).extracting(JournaledAttempt::number).containsExactlyElementsOf(
                IntStream.concat(IntStream.rangeClosed(1, 10), IntStream.rangeClosed(991, 1_000)).boxed().toList());
        assertThat(found.attempts())
                .allSatisfy(attempt -> assertThat(attempt.event().body()).isEqualTo(body("{\"half\":" + attempt.number() / 2 + "}")));
        assertThat(found.summary().progress().attempts()).isEqualTo(1_000);
        assertThat(number("SELECT count(*) FROM events")).isLessThanOrEqualTo(12);
        assertThat(number("SELECT bytes FROM deliveries")).isLessThan(20_000);
    }

    @Test
    void onlyTheNewestAreKeptAndWhatRunsInAnyCase() {
        reopen(new Retention(10, 1_000_000, 20, 10));
        journal.save(
                List.of(delivery("running", MAPPING, DeliveryState.RUNNING, 1, attempt(1, AttemptReport.Kind.FAILED, "k", body("{}")))));
        for (int i = 0; i < 50; i++) {
            journal.save(
                    List.of(delivery("d" + i, MAPPING, DeliveryState.FAILED, 1, attempt(1, AttemptReport.Kind.FAILED, "k", body("{}")))));
        }
        journal.prune();

        assertThat(ids(all(100))).containsExactly("d49", "d48", "d47", "d46", "d45", "d44", "d43", "d42", "d41", "d40", "running");
        assertThat(number("SELECT count(*) FROM attempts")).as("their attempts go with them").isEqualTo(11);
        assertThat(number("SELECT count(*) FROM events")).isEqualTo(11);
    }

    @Test
    void olderOnesGoWhenTheJournalTakesTooMuchRoom() {
        reopen(new Retention(1_000, 1_000_000, 20, 10));
        for (int i = 0; i < 20; i++) {
            journal.save(List.of(delivery("d" + i, MAPPING, DeliveryState.FAILED, 1,
                    attempt(1, AttemptReport.Kind.FAILED, "k", new Body(new byte[100_000], 100_000)))));
        }
        journal.prune();

        assertThat(ids(all(100))).hasSize(9).startsWith("d19");
    }

    @Test
    void ofSuccessesOnlyTheNewestKeepTheirBodies() {
        reopen(new Retention(1_000, 1_000_000, 2, 10));
        for (int i = 0; i < 5; i++) {
            journal.save(List.of(delivery("s" + i, MAPPING, DeliveryState.DELIVERED, 1,
                    attempt(1, AttemptReport.Kind.SUCCEEDED, "k", body("{}")))));
            journal.save(
                    List.of(delivery("f" + i, MAPPING, DeliveryState.FAILED, 1, attempt(1, AttemptReport.Kind.FAILED, "k", body("{}")))));
        }
        journal.prune();

        for (int i = 0; i < 5; i++) {
            JournaledAttempt success = journal.find("s" + i).orElseThrow().attempts().get(0);
            assertThat(success.event() != null).as("success " + i).isEqualTo(i >= 3);
            assertThat(success.answer() != null).isEqualTo(i >= 3);
            assertThat(journal.find("f" + i).orElseThrow().attempts().get(0).event()).as("failure " + i).isNotNull();
        }
    }

    @Test
    void isADatabaseOfItsOwnThatSurvivesAKillButNotEachPowerFailure() {
        assertThat(journal.database().<String>read("test", t -> t.query(row -> row.getString(1), "PRAGMA journal_mode").get(0)))
                .isEqualTo("wal");
        assertThat(number("PRAGMA synchronous")).as("1 is NORMAL").isEqualTo(1);
        assertThatThrownBy(() -> SqliteStore.open(file())).isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("belongs to another program");
    }

    @Test
    void refusesAJournalOfANewerSluiceAndLeavesItAsItIs() throws Exception {
        journal.close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file()); Statement sql = connection.createStatement()) {
            sql.execute("PRAGMA user_version = 99");
        }
        byte[] before = Files.readAllBytes(file());

        assertThatThrownBy(() -> SqliteJournal.open(file(), Retention.DEFAULT)).isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(file().toString(), "99", "newer Sluice");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void saysWhatIsWrongOnceItIsClosed() {
        journal.close();

        assertThatThrownBy(() -> journal.save(List.of(delivery("a", MAPPING, DeliveryState.FAILED, 0))))
                .isInstanceOf(UncheckedIOException.class).hasMessageContaining("write the journal");
    }

    private void reopen(Retention retention) {
        journal.close();
        journal = SqliteJournal.open(file(), retention);
    }

    private Path file() {
        return directory.resolve("journal.db");
    }

    private List<String> ids(Query query) {
        return journal.list(query).stream().map(DeliverySummary::id).toList();
    }

    private static Query all(int limit) {
        return new Query(null, null, Set.of(), null, limit);
    }

    private int number(String sql) {
        return journal.database().read("test", transaction -> transaction.query(row -> row.getInt(1), sql).get(0));
    }

    private static FunctionArn function(String name, String qualifier) {
        return new FunctionArn(new Scope("000000000000", "us-east-1"), name, qualifier);
    }

    private static JournaledDelivery delivery(String id, MappingId mapping, DeliveryState state, int attempts, JournaledAttempt... news) {
        return new JournaledDelivery(new DeliverySummary(id, new DeliverySummary.Origin(mapping, function("orders", null), null), state,
                new DeliverySummary.Period(START, state == DeliveryState.RUNNING ? null : START),
                List.of(PartitionOffsets.parse("t", 0, "1")),
                new DeliverySummary.Progress(attempts, "OK", "", null)), List.of(), List.of(news));
    }

    private static JournaledAttempt attempt(int number, AttemptReport.Kind kind, String key, Body event) {
        return new JournaledAttempt(number, call(number), new AttemptReport(kind, "result", "detail"), 1,
                key == null ? null : new JournaledAttempt.Event(key, event), key == null ? null : body("answer"));
    }

    private static JournaledAttempt.Call call(int number) {
        return new JournaledAttempt.Call("request-" + number, START.plusMillis(number), Duration.ofNanos(12_345_678));
    }

    private static AttemptReport failed() {
        return new AttemptReport(AttemptReport.Kind.FAILED, "result", "detail");
    }

    private static Body body(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Body(bytes, bytes.length);
    }
}
