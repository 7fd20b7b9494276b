package dev.sluice.store;

import dev.sluice.mapping.DeclarationStore;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingId;
import dev.sluice.resource.Tags;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** The applied declarations in SQLite: the table {@code declarations}. Thread-safe. */
final class SqliteDeclarationStore implements DeclarationStore {

    private final Database database;

    SqliteDeclarationStore(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Declaration> find(String name) {
        return database.read("read the declaration " + name, transaction -> find(transaction, name));
    }

    @Override
    public Optional<EventSourceMapping> apply(Declaration declaration, EventSourceMapping made, Tags tags) {
        return database.write("apply the declaration " + declaration.name(), transaction -> {
            MappingId before = find(transaction, declaration.name()).map(Declaration::mapping).orElse(null);
            Optional<EventSourceMapping> duplicate = SqliteMappingStore.insert(transaction, made, tags, before);
            if (duplicate.isEmpty()) {
                transaction.update("INSERT INTO declarations (name, text, mapping_id) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE"
                        + " SET text = excluded.text, mapping_id = excluded.mapping_id",
                        declaration.name(), declaration.text(), declaration.mapping().toString());
            }
            return duplicate;
        });
    }

    private static Optional<Declaration> find(Transaction transaction, String name) throws SQLException {
        return transaction.query(
                row -> new Declaration(row.getString("name"), row.getString("text"),
                        new MappingId(UUID.fromString(row.getString("mapping_id")))),
                "SELECT name, text, mapping_id FROM declarations WHERE name = ?", name).stream().findFirst();
    }
}
