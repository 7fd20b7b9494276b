package dev.sluice.store;

import dev.sluice.function.FunctionAlias;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionMove;
import dev.sluice.function.FunctionStore;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.Publications;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions in SQLite: the table {@code functions} and those that refer to it. Thread-safe. */
final class SqliteFunctionStore implements FunctionStore {

    private static final String INSERT = "INSERT INTO functions (name, account_id, region, origin, last_version, reserved_concurrency,"
            + " moved_because, moved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
    /** IS rather than =, so that NULL is found as well. */
    private static final String KEY = " WHERE name = ? AND account_id IS ? AND region IS ?";

    private final Database database;

    SqliteFunctionStore(Database database) {
        this.database = database;
    }

    @Override
    public boolean insert(FunctionDefinition definition) {
        return database.write("store the function " + definition.name(), transaction -> {
            boolean absent = select(transaction, KEY, key(definition.name(), definition.scope())).isEmpty();
            if (absent) {
                add(transaction, definition);
            }
            return absent;
        });
    }

    @Override
    public void save(FunctionDefinition definition) {
        database.write("store the function " + definition.name(), transaction -> {
            remove(transaction, definition.name(), definition.scope());
            add(transaction, definition);
            return null;
        });
    }

    @Override
    public void saveDeclared(FunctionDefinition definition, String declaration) {
        database.write("store the declared function " + definition.name(), transaction -> {
            remove(transaction, definition.name(), definition.scope());
            add(transaction, definition);
            transaction.update("INSERT INTO function_declarations (name, declaration) VALUES (?, ?)"
                    + " ON CONFLICT (name) DO UPDATE SET declaration = excluded.declaration", definition.name(), declaration);
            return null;
        });
    }

    @Override
    public Optional<String> declaration(String name) {
        return database.read("read the declaration of the function " + name, transaction -> transaction.query(
                row -> row.getString(1), "SELECT declaration FROM function_declarations WHERE name = ?", name).stream().findFirst());
    }

    @Override
    public Optional<FunctionDefinition> find(String name, Scope scope) {
        return database.read("read the function " + name,
                transaction -> select(transaction, KEY, key(name, scope)).stream().findFirst());
    }

    @Override
    public List<FunctionDefinition> all() {
        return database.read("read the functions", transaction -> select(transaction, " ORDER BY name, account_id, region"));
    }

    @Override
    public boolean delete(String name, Scope scope) {
        return database.write("delete the function " + name, transaction -> remove(transaction, name, scope));
    }

    private static boolean remove(Transaction transaction, String name, Scope scope) throws SQLException {
        return transaction.updateOne("DELETE FROM functions" + KEY, key(name, scope));
    }

    private static Object[] key(String name, Scope scope) {
        return new Object[] {name, scope == null ? null : scope.accountId(), scope == null ? null : scope.region()};
    }

    private static void add(Transaction transaction, FunctionDefinition definition) throws SQLException {
        Scope scope = definition.scope();
        long id = transaction.query(row -> row.getLong(1), INSERT,
                definition.name(), scope == null ? null : scope.accountId(), scope == null ? null : scope.region(),
                definition.origin().name(), definition.publications().lastNumber(), definition.reservedConcurrency(),
                definition.move() == null ? null : definition.move().because(),
                definition.move() == null ? null : Micros.of(definition.move().at())).get(0);
        for (FunctionVersion version : definition.versions().toList()) {
            FunctionVersionRows.insert(transaction, id, version);
        }
        for (FunctionAlias alias : definition.publications().aliases()) {
            transaction.update("INSERT INTO function_aliases VALUES (?, ?, ?, ?, ?)", id, alias.name(), alias.version(),
                    alias.description(), alias.revisionId());
            for (Map.Entry<String, Double> weight : alias.additionalVersionWeights().entrySet()) {
                transaction.update("INSERT INTO function_alias_weights VALUES (?, ?, ?, ?)", id, alias.name(), weight.getKey(),
                        weight.getValue());
            }
        }
        for (Map.Entry<String, String> tag : definition.tags().values().entrySet()) {
            transaction.update("INSERT INTO function_tags VALUES (?, ?, ?)", id, tag.getKey(), tag.getValue());
        }
    }

    private static List<FunctionDefinition> select(Transaction transaction, String where, Object... parameters)
            throws SQLException {
        return transaction.query(row -> definition(transaction, row), "SELECT * FROM functions" + where, parameters);
    }

    private static FunctionDefinition definition(Transaction transaction, ResultSet row) throws SQLException {
        long id = row.getLong("id");
        String name = row.getString("name");
        String accountId = row.getString("account_id");
        List<FunctionVersion> versions = FunctionVersionRows.select(transaction, id, name);
        Long reserved = Columns.longOrNull(row, "reserved_concurrency");
        return new FunctionDefinition(name, accountId == null ? null : new Scope(accountId, row.getString("region")),
                FunctionDefinition.Origin.valueOf(row.getString("origin")), versions.get(0),
                new Publications(row.getInt("last_version"), versions.subList(1, versions.size()), aliases(transaction, id)),
                new Tags(Columns.texts(transaction, "SELECT name, value FROM function_tags WHERE function_id = ?", id)),
                reserved == null ? null : reserved.intValue(), move(row));
    }

    private static FunctionMove move(ResultSet row) throws SQLException {
        String because = row.getString("moved_because");
        return because == null ? null : new FunctionMove(because, Micros.toInstant(row.getLong("moved_at")));
    }

    private static List<FunctionAlias> aliases(Transaction transaction, long functionId) throws SQLException {
        return transaction.query(row -> new FunctionAlias(row.getString("name"), row.getString("version"),
                row.getString("description"), weights(transaction, functionId, row.getString("name")),
                row.getString("revision_id")),
                "SELECT * FROM function_aliases WHERE function_id = ? ORDER BY name", functionId);
    }

    private static Map<String, Double> weights(Transaction transaction, long functionId, String alias) throws SQLException {
        Map<String, Double> weights = new HashMap<>();
        transaction.query(row -> weights.put(row.getString(1), row.getDouble(2)),
                "SELECT version, weight FROM function_alias_weights WHERE function_id = ? AND alias = ?", functionId, alias);
        return weights;
    }
}
