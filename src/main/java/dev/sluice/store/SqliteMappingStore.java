package dev.sluice.store;

import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.KafkaSource;
import dev.sluice.mapping.KafkaSource.ConsumptionMode;
import dev.sluice.mapping.MappingFailure;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.MappingState;
import dev.sluice.mapping.MappingStatus;
import dev.sluice.mapping.MappingStore;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.mapping.StateTransitionReason;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The mappings in SQLite: the tables {@code mappings} and {@code mapping_*}. Thread-safe. */
final class SqliteMappingStore implements MappingStore {

    /** What {@link #values} gives the values of. */
    private static final String COLUMNS = "account_id, region, created, event_source_arn, starting_position,"
            + " starting_position_timestamp, consumer_group_id, consumption_mode, state, reason, last_modified, generation, "
            + SettingsColumns.NAMES;
    /** Of a mapping in Queue mode; the column takes no NULL. */
    private static final String NO_POSITION = "NONE";
    private static final String PLACEHOLDERS = String.join(", ", Collections.nCopies(COLUMNS.split(",").length, "?"));

    private static final String INSERT = "INSERT INTO mappings (" + COLUMNS
            + ", last_processing_result, starting_position_applied, id) VALUES (" + PLACEHOLDERS + ", ?, ?, ?)";
    private static final String REPLACE = "UPDATE mappings SET (" + COLUMNS + ") = (" + PLACEHOLDERS + "),"
            + " last_processing_result = iif(?, ?, last_processing_result),"
            + " starting_position_applied = max(starting_position_applied, ?)"
            + " WHERE id = ?";
    private static final String ORDER = " ORDER BY created, id";

    private static final List<String> LISTS =
            Stream.concat(Stream.of("mapping_topics", "mapping_bootstrap_servers"), SettingsColumns.LISTS.stream()).toList();

    private final Database database;

    SqliteMappingStore(Database database) {
        this.database = database;
    }

    @Override
    public Optional<EventSourceMapping> insert(EventSourceMapping mapping, Tags tags) {
        return database.write("store the event source mapping " + mapping.id(),
                transaction -> insert(transaction, mapping, tags, null));
    }

    /**
     * As {@link #insert(EventSourceMapping, Tags)}, as a part of a larger transaction.
     *
     * @param inPlaceOf a mapping that is removed for it, if it is there; null for none
     */
    static Optional<EventSourceMapping> insert(Transaction transaction, EventSourceMapping mapping, Tags tags,
            MappingId inPlaceOf)
            throws SQLException {
        Optional<EventSourceMapping> duplicate = duplicate(transaction, mapping, inPlaceOf);
        if (duplicate.isEmpty()) {
            if (inPlaceOf != null) {
                transaction.update("DELETE FROM mappings WHERE id = ?", inPlaceOf.toString());
            }
            transaction.update(INSERT, plus(values(mapping), mapping.status().lastProcessingResult(),
                    mapping.status().startingPositionApplied(), mapping.id().toString()));
            insertLists(transaction, mapping);
            TagRows.write(transaction, mapping.id().toString(), tags);
        }
        return duplicate;
    }

    @Override
    public Optional<EventSourceMapping> find(MappingId id) {
        return database.read("read the event source mapping " + id,
                transaction -> select(transaction, " WHERE id = ?", id.toString()).stream().findFirst());
    }

    @Override
    public List<EventSourceMapping> all() {
        return database.read("read the event source mappings", transaction -> select(transaction, ORDER));
    }

    @Override
    public List<EventSourceMapping> list(Query query) {
        StringBuilder sql = new StringBuilder(" WHERE account_id = ? AND region = ?");
        List<Object> parameters = new ArrayList<>(List.of(query.scope().accountId(), query.scope().region()));
        if (query.eventSourceArn() != null) {
            sql.append(" AND event_source_arn = ?");
            parameters.add(query.eventSourceArn());
        }
        FunctionArn function = query.functionArn();
        if (function != null) {
            sql.append(" AND function_account_id = ? AND function_region = ? AND function_name = ?");
            parameters.addAll(List.of(function.scope().accountId(), function.scope().region(), function.name()));
            if (function.qualifier() != null) {
                sql.append(" AND function_qualifier = ?");
                parameters.add(function.qualifier());
            }
        }
        if (query.after() != null) {
            sql.append(" AND (created, id) > (?, ?)");
            parameters.add(Micros.of(query.after().created()));
            parameters.add(query.after().id().toString());
        }
        sql.append(ORDER).append(" LIMIT ?");
        parameters.add(query.limit());
        return database.read("list the event source mappings",
                transaction -> select(transaction, sql.toString(), parameters.toArray()));
    }

    @Override
    public Replacement replace(EventSourceMapping seen, EventSourceMapping updated) {
        if (!seen.id().equals(updated.id())) {
            throw new IllegalArgumentException("updated is mapping " + updated.id() + "; it must be that of seen, " + seen.id());
        }
        String id = seen.id().toString();
        String result = updated.status().lastProcessingResult();
        return database.write("change the event source mapping " + id, transaction -> {
            if (!isAsSeen(transaction, seen)) {
                return new Replacement.Outdated();
            }
            if (!updated.settings().functionArn().equals(seen.settings().functionArn())) {
                Optional<EventSourceMapping> existing = duplicate(transaction, updated, updated.id());
                if (existing.isPresent()) {
                    return new Replacement.Duplicate(existing.get());
                }
            }
            transaction.updateOne(REPLACE, plus(values(updated),
                    !result.equals(seen.status().lastProcessingResult()), result, updated.status().startingPositionApplied(),
                    id));
            for (String table : LISTS) {
                transaction.update("DELETE FROM " + table + " WHERE mapping_id = ?", id);
            }
            insertLists(transaction, updated);
            return new Replacement.Done();
        });
    }

    @Override
    public boolean remove(EventSourceMapping seen) {
        return database.write("remove the event source mapping " + seen.id(), transaction -> transaction.updateOne(
                "DELETE FROM mappings WHERE id = ? AND generation = ? AND state = ?",
                seen.id().toString(), seen.generation(), seen.state().name()));
    }

    @Override
    public boolean recordProcessingResult(MappingId id, long generation, String result) {
        return database.write("store the processing result of the event source mapping " + id,
                transaction -> transaction.updateOne("UPDATE mappings SET last_processing_result = ? WHERE id = ? AND generation = ?",
                        result, id.toString(), generation));
    }

    @Override
    public boolean recordStartingPositionApplied(MappingId id, long generation) {
        return database.write("store the starting position of the event source mapping " + id,
                transaction -> transaction.updateOne("UPDATE mappings SET starting_position_applied = 1 WHERE id = ? AND generation = ?",
                        id.toString(), generation));
    }

    @Override
    public boolean recordFailure(MappingId id, long generation, MappingFailure failure) {
        return database.write("store why the event source mapping " + id + " is disabled", transaction -> {
            transaction.update("DELETE FROM mapping_failures WHERE mapping_id = ? AND EXISTS"
                    + " (SELECT 1 FROM mappings WHERE id = mapping_id AND generation = ?)", id.toString(), generation);
            return transaction.updateOne("INSERT INTO mapping_failures SELECT id, generation, ?, ? FROM mappings"
                    + " WHERE id = ? AND generation = ?", Micros.of(failure.since()), failure.cause(), id.toString(), generation);
        });
    }

    @Override
    public Optional<MappingFailure> failure(MappingId id, long generation) {
        return database.read("read why the event source mapping " + id + " is disabled", transaction -> transaction.query(
                row -> new MappingFailure(Micros.toInstant(row.getLong("since")), row.getString("cause")),
                "SELECT since, cause FROM mapping_failures WHERE mapping_id = ? AND generation = ?", id.toString(), generation)
                .stream().findFirst());
    }

    @Override
    public Optional<Tags> tags(MappingId id) {
        return database.read("read the tags of the event source mapping " + id,
                transaction -> exists(transaction, id) ? Optional.of(TagRows.read(transaction, id.toString())) : Optional.empty());
    }

    @Override
    public boolean changeTags(MappingId id, UnaryOperator<Tags> change) {
        return database.write("tag the event source mapping " + id, transaction -> {
            boolean exists = exists(transaction, id);
            if (exists) {
                TagRows.write(transaction, id.toString(), change.apply(TagRows.read(transaction, id.toString())));
            }
            return exists;
        });
    }

    private static boolean exists(Transaction transaction, MappingId id) throws SQLException {
        return !transaction.query(row -> 1, "SELECT 1 FROM mappings WHERE id = ?", id.toString()).isEmpty();
    }

    private static boolean isAsSeen(Transaction transaction, EventSourceMapping seen) throws SQLException {
        return !transaction.query(row -> 1, "SELECT 1 FROM mappings WHERE id = ? AND generation = ? AND state = ?",
                seen.id().toString(), seen.generation(), seen.state().name()).isEmpty();
    }

    /** The oldest mapping that {@code mapping} duplicates; what a duplicate is, the domain says. */
    private static Optional<EventSourceMapping> duplicate(Transaction transaction, EventSourceMapping mapping, MappingId except)
            throws SQLException {
        FunctionArn function = mapping.settings().functionArn();
        return select(transaction, " WHERE function_account_id = ? AND function_region = ? AND function_name = ?" + ORDER,
                function.scope().accountId(), function.scope().region(), function.name())
                .stream().filter(other -> mapping.duplicates(other) && !other.id().equals(except)).findFirst();
    }

    private static void insertLists(Transaction transaction, EventSourceMapping mapping) throws SQLException {
        String id = mapping.id().toString();
        List<String> topics = mapping.source().topics();
        for (int i = 0; i < topics.size(); i++) {
            transaction.update("INSERT INTO mapping_topics VALUES (?, ?, ?)", id, i, topics.get(i));
        }
        List<String> servers = mapping.source().eventSource().match(msk -> List.of(), EventSource.SelfManagedKafka::bootstrapServers);
        for (int i = 0; i < servers.size(); i++) {
            transaction.update("INSERT INTO mapping_bootstrap_servers VALUES (?, ?, ?)", id, i, servers.get(i));
        }
        SettingsColumns.insertLists(transaction, id, mapping.settings());
    }

    private static List<Object> values(EventSourceMapping mapping) {
        KafkaSource source = mapping.source();
        MappingStatus status = mapping.status();
        List<Object> values = new ArrayList<>();
        Collections.addAll(values, mapping.scope().accountId(), mapping.scope().region(), Micros.of(mapping.created()),
                source.eventSource().eventSourceArn().orElse(null),
                source.startingPosition() == null ? NO_POSITION : source.startingPosition().type().name(),
                source.startingPosition() == null ? null : Micros.of(source.startingPosition().timestamp()),
                source.consumerGroupId(), source.consumptionMode().name(), status.state().name(), status.reason().name(),
                Micros.of(status.lastModified()),
                status.generation());
        values.addAll(SettingsColumns.values(mapping.settings()));
        return values;
    }

    private static Object[] plus(List<Object> values, Object... more) {
        List<Object> all = new ArrayList<>(values);
        Collections.addAll(all, more);
        return all.toArray();
    }

    private static List<EventSourceMapping> select(Transaction transaction, String where, Object... parameters)
            throws SQLException {
        return transaction.query(row -> mapping(transaction, row), "SELECT * FROM mappings" + where, parameters);
    }

    private static EventSourceMapping mapping(Transaction transaction, ResultSet row) throws SQLException {
        String id = row.getString("id");
        return new EventSourceMapping(new MappingId(UUID.fromString(id)),
                new Scope(row.getString("account_id"), row.getString("region")),
                Micros.toInstant(row.getLong("created")),
                new KafkaSource(eventSource(transaction, row, id),
                        transaction.query(topic -> topic.getString(1),
                                "SELECT topic FROM mapping_topics WHERE mapping_id = ? ORDER BY position", id),
                        startingPosition(row), row.getString("consumer_group_id"),
                        ConsumptionMode.valueOf(row.getString("consumption_mode"))),
                SettingsColumns.settings(transaction, row, id),
                new MappingStatus(MappingState.valueOf(row.getString("state")),
                        StateTransitionReason.valueOf(row.getString("reason")), row.getString("last_processing_result"),
                        Micros.toInstant(row.getLong("last_modified")), row.getLong("generation"),
                        row.getBoolean("starting_position_applied")));
    }

    private static StartingPosition startingPosition(ResultSet row) throws SQLException {
        String type = row.getString("starting_position");
        return type.equals(NO_POSITION) ? null : new StartingPosition(StartingPosition.Type.valueOf(type),
                Micros.toInstant(Columns.longOrNull(row, "starting_position_timestamp")));
    }

    private static EventSource eventSource(Transaction transaction, ResultSet row, String id) throws SQLException {
        String arn = row.getString("event_source_arn");
        return arn != null ? new EventSource.MskCluster(arn) : new EventSource.SelfManagedKafka(transaction.query(
                server -> server.getString(1),
                "SELECT bootstrap_server FROM mapping_bootstrap_servers WHERE mapping_id = ? ORDER BY position", id));
    }
}
