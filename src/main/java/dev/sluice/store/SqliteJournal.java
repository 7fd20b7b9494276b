package dev.sluice.store;

import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.MappingId;
import dev.sluice.telemetry.DeliveryState;
import dev.sluice.telemetry.DeliverySummary;
import dev.sluice.telemetry.JournalStore;
import dev.sluice.telemetry.JournaledAttempt;
import dev.sluice.telemetry.JournaledDelivery;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The journal of deliveries in SQLite, in a file of its own: it may be deleted, and writing it must not hold mappings and functions up.
 * Thread-safe; calls take turns on one connection.
 */
public final class SqliteJournal implements JournalStore, AutoCloseable {

    /** What a row takes besides its texts and bodies; roughly. */
    private static final int ROW_BYTES = 250;
    /** Of so many mappings it stays what their filters dropped; of those that did last. */
    private static final int FILTERING_MAPPINGS = 1_000;

    private final Database database;
    private final Retention retention;

    private SqliteJournal(Database database, Retention retention) {
        this.database = database;
        this.retention = retention;
    }

    /**
     * Opens the file, and makes it first where there is none. What ran when the last server was killed runs no longer.
     *
     * @throws DataDirectoryException when the file can't be used: from a newer Sluice, of another program, damaged, not
     *     writable; it is not changed then
     */
    public static SqliteJournal open(Path file, Retention retention) {
        // A power failure may cost the last moments; the deliveries themselves don't depend on it.
        Database database = Database.open(file, Schema.journal(), Database.BUSY_TIMEOUT, Database.Synchronous.NORMAL);
        SqliteJournal journal = new SqliteJournal(database, retention);
        boolean opened = false;
        try {
            database.write("end what ran in the journal", transaction -> transaction.update(
                    "UPDATE deliveries SET state = ? WHERE state = ?", DeliveryState.NOT_FINISHED.name(), DeliveryState.RUNNING.name()));
            opened = true;
            return journal;
        } finally {
            if (!opened) {
                database.close();
            }
        }
    }

    @Override
    public void save(List<JournaledDelivery> news) {
        database.write("write the journal", transaction -> {
            for (JournaledDelivery delivery : news) {
                save(transaction, delivery);
            }
            return null;
        });
    }

    @Override
    public void addFilteredOut(Map<MappingId, FilteredOut> more) {
        database.write("count what filters dropped", transaction -> {
            for (Map.Entry<MappingId, FilteredOut> entry : more.entrySet()) {
                FilteredOut all =
                        filteredOut(transaction, entry.getKey()).map(before -> before.and(entry.getValue())).orElse(entry.getValue());
                transaction.update("INSERT OR REPLACE INTO filtered_out (mapping_id, records, of_other_format, topic, partition,"
                        + " record_offset, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
                        entry.getKey().toString(), all.records(), all.ofOtherFormat(), all.last().topic(), all.last().partition(),
                        all.last().offset(), all.last().reason());
            }
            return null;
        });
    }

    private static Optional<FilteredOut> filteredOut(Transaction transaction, MappingId mapping) throws SQLException {
        return transaction.query(JournalRows::filteredOut, "SELECT * FROM filtered_out WHERE mapping_id = ?", mapping.toString())
                .stream().findFirst();
    }

    @Override
    public Map<MappingId, FilteredOut> filteredOut() {
        return database.read("count what filters dropped", transaction -> {
            Map<MappingId, FilteredOut> all = new HashMap<>();
            transaction.query(row -> all.put(new MappingId(UUID.fromString(row.getString("mapping_id"))), JournalRows.filteredOut(row)),
                    "SELECT * FROM filtered_out");
            return all;
        });
    }

    @Override
    public void prune() {
        database.write("shorten the journal", transaction -> {
            transaction.update("DELETE FROM filtered_out WHERE rowid NOT IN"
                    + " (SELECT rowid FROM filtered_out ORDER BY rowid DESC LIMIT ?)", FILTERING_MAPPINGS);
            transaction.update("DELETE FROM deliveries WHERE state <> ? AND seq <= (SELECT max(seq) FROM"
                    + " (SELECT seq, row_number() OVER newest AS n, sum(bytes) OVER newest AS total FROM deliveries"
                    + " WINDOW newest AS (ORDER BY seq DESC)) WHERE n > ? OR total > ?)",
                    DeliveryState.RUNNING.name(), retention.deliveries(), retention.bytes());
            List<Long> samples = transaction.query(row -> row.getLong("seq"),
                    "SELECT seq FROM deliveries WHERE sample = 1 ORDER BY seq DESC LIMIT -1 OFFSET ?", retention.bodiesOfSuccesses());
            for (Long seq : samples) {
                transaction.update("DELETE FROM events WHERE delivery = ?", seq);
                transaction.update("UPDATE attempts SET event = NULL, answer = NULL, answer_length = NULL WHERE delivery = ?", seq);
                transaction.update("UPDATE deliveries SET sample = 0 WHERE seq = ?", seq);
                measure(transaction, seq);
            }
            return null;
        });
    }

    @Override
    public List<DeliverySummary> list(Query query) {
        List<Object> parameters = new ArrayList<>();
        StringBuilder where = new StringBuilder(" WHERE 1 = 1");
        if (query.mapping() != null) {
            where.append(" AND mapping_id = ?");
            parameters.add(query.mapping().toString());
        }
        if (query.function() != null) {
            where.append(" AND function_name = ?");
            parameters.add(query.function());
        }
        if (!query.states().isEmpty()) {
            where.append(" AND state IN (").append(query.states().stream().map(state -> "?").collect(Collectors.joining(", "))).append(')');
            query.states().forEach(state -> parameters.add(state.name()));
        }
        if (query.before() != null) {
            where.append(" AND seq < (SELECT seq FROM deliveries WHERE id = ?)");
            parameters.add(query.before());
        }
        parameters.add(query.limit());
        return database.read("list deliveries", transaction -> transaction.query(JournalRows::summary,
                "SELECT * FROM deliveries" + where + " ORDER BY seq DESC LIMIT ?", parameters.toArray()));
    }

    @Override
    public Optional<JournaledDelivery> find(String id) {
        return database.read("read a delivery", transaction -> {
            List<DeliverySummary> found = transaction.query(JournalRows::summary, "SELECT * FROM deliveries WHERE id = ?", id);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            List<JournaledAttempt> attempts = transaction.query(JournalRows::attempt,
                    "SELECT a.*, e.body AS event_body, e.length AS event_length FROM deliveries d JOIN attempts a ON a.delivery = d.seq"
                            + " LEFT JOIN events e ON e.delivery = d.seq AND e.key = a.event WHERE d.id = ? ORDER BY a.number",
                    id);
            String settled = transaction.query(row -> row.getString("settled"), "SELECT settled FROM deliveries WHERE id = ?", id).get(0);
            return Optional.of(new JournaledDelivery(found.get(0), JournalRows.settled(settled), attempts));
        });
    }

    @Override
    public boolean contains(String id) {
        return database.read("look for a delivery",
                transaction -> !transaction.query(row -> 1, "SELECT 1 FROM deliveries WHERE id = ?", id).isEmpty());
    }

    /** The connection behind it, for tests of what only SQLite shows. */
    Database database() {
        return database;
    }

    /** Waits for the running transaction and closes the file. Idempotent. */
    @Override
    public void close() {
        database.close();
    }

    private void save(Transaction transaction, JournaledDelivery delivery) throws SQLException {
        DeliverySummary summary = delivery.summary();
        DeliverySummary.Progress progress = summary.progress();
        String records = JournalRows.text(summary.records());
        String settled = JournalRows.settledText(delivery.settled());
        boolean sample = !delivery.attempts().isEmpty() && delivery.attempts().stream().allMatch(JournalRows::isSample);
        int bytes = ROW_BYTES * (1 + delivery.attempts().size()) + records.length() + settled.length();
        long seq = transaction.query(row -> row.getLong("seq"),
                "INSERT INTO deliveries (id, mapping_id, function_arn, function_name, replay_of, state, first_seen, ended, records, settled,"
                        + " attempts, last_result, last_detail, destination_error, sample, bytes)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state,"
                        + " ended = excluded.ended, settled = excluded.settled, attempts = excluded.attempts,"
                        + " last_result = excluded.last_result, last_detail = excluded.last_detail,"
                        + " destination_error = excluded.destination_error RETURNING seq",
                summary.id(), summary.origin().mapping().toString(), summary.origin().function().toString(),
                summary.origin().function().name(), summary.origin().replayOf(), summary.state().name(),
                Micros.of(summary.period().firstSeen()), Micros.of(summary.period().ended()), records, settled, progress.attempts(),
                progress.lastResult(), progress.lastDetail(), progress.destinationError(), sample ? 1 : 0, bytes).get(0);
        for (JournaledAttempt attempt : delivery.attempts()) {
            save(transaction, seq, attempt);
        }
        if (progress.attempts() > 2 * retention.attemptsAtEachEnd()) {
            forgetTheMiddle(transaction, seq, progress.attempts());
        }
        if (progress.attempts() > 1 || delivery.attempts().stream().anyMatch(JournalRows::hasBodies)) {
            measure(transaction, seq);
        }
    }

    private static void save(Transaction transaction, long seq, JournaledAttempt attempt) throws SQLException {
        JournaledAttempt.Event event = attempt.event();
        if (event != null && event.body() != null) {
            transaction.update("INSERT OR IGNORE INTO events (delivery, key, body, length) VALUES (?, ?, ?, ?)", seq, event.key(),
                    event.body().bytes(), event.body().length());
        }
        transaction.update("INSERT OR REPLACE INTO attempts (delivery, number, request_id, started, took_nanos, kind, result, detail,"
                + " records, event, answer, answer_length) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                seq, attempt.number(), attempt.call().requestId(), Micros.of(attempt.call().started()), attempt.call().took().toNanos(),
                attempt.report().kind().name(), attempt.report().lastProcessingResult(), attempt.report().detail(), attempt.records(),
                event == null ? null : event.key(), attempt.answer() == null ? null : attempt.answer().bytes(),
                attempt.answer() == null ? null : attempt.answer().length());
    }

    private void forgetTheMiddle(Transaction transaction, long seq, int attempts) throws SQLException {
        transaction.update("DELETE FROM attempts WHERE delivery = ? AND number > ? AND number <= ?", seq, retention.attemptsAtEachEnd(),
                attempts - retention.attemptsAtEachEnd());
        // The newest is kept in any case: an attempt that comes next may have the same event, and brings only its key.
        transaction.update("DELETE FROM events WHERE delivery = ?1 AND key NOT IN"
                + " (SELECT event FROM attempts WHERE delivery = ?1 AND event IS NOT NULL)", seq);
    }

    private static void measure(Transaction transaction, long seq) throws SQLException {
        transaction.update("UPDATE deliveries SET bytes = length(records) + length(settled) + ?2"
                + " + (SELECT coalesce(sum(?2 + length(detail) + coalesce(length(answer), 0)), 0) FROM attempts WHERE delivery = ?1)"
                + " + (SELECT coalesce(sum(?2 + length(body)), 0) FROM events WHERE delivery = ?1) WHERE seq = ?1", seq, ROW_BYTES);
    }
}
