package dev.sluice.store;

import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionStore;
import dev.sluice.mapping.Scope;
import java.net.URI;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions in SQLite: the tables {@code functions} and {@code function_environment}. Thread-safe. */
final class SqliteFunctionStore implements FunctionStore {

    private static final String INSERT = "INSERT INTO functions (name, account_id, region, origin, archive_sha256,"
            + " archive_size, jar_path, url, runtime_emulator, runtime, handler, role, description, timeout_nanos, memory_mb,"
            + " last_modified, revision_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
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
        FunctionCode code = definition.code();
        FunctionCode.Archive archive = code instanceof FunctionCode.Archive a ? a : null;
        FunctionCode.HttpEndpoint endpoint = code instanceof FunctionCode.HttpEndpoint e ? e : null;
        FunctionSettings settings = definition.settings();
        long id = transaction.query(row -> row.getLong(1), INSERT,
                definition.name(), scope == null ? null : scope.accountId(), scope == null ? null : scope.region(),
                definition.origin().name(),
                archive == null ? null : archive.sha256(), archive == null ? null : archive.size(),
                code instanceof FunctionCode.LocalJar jar ? jar.path().toString() : null,
                endpoint == null ? null : endpoint.url().toString(), endpoint == null ? null : endpoint.runtimeEmulator(),
                settings.runtime(), settings.handler(), settings.role(), settings.description(), settings.timeout().toNanos(),
                settings.memoryMb(), Micros.of(definition.lastModified()), definition.revisionId()).get(0);
        for (Map.Entry<String, String> variable : settings.environment().entrySet()) {
            transaction.update("INSERT INTO function_environment VALUES (?, ?, ?)", id, variable.getKey(), variable.getValue());
        }
    }

    private static List<FunctionDefinition> select(Transaction transaction, String where, Object... parameters)
            throws SQLException {
        return transaction.query(row -> definition(transaction, row), "SELECT * FROM functions" + where, parameters);
    }

    private static FunctionDefinition definition(Transaction transaction, ResultSet row) throws SQLException {
        String accountId = row.getString("account_id");
        return new FunctionDefinition(row.getString("name"),
                accountId == null ? null : new Scope(accountId, row.getString("region")),
                FunctionDefinition.Origin.valueOf(row.getString("origin")), code(row),
                new FunctionSettings(row.getString("runtime"), row.getString("handler"), row.getString("role"),
                        row.getString("description"), Duration.ofNanos(row.getLong("timeout_nanos")),
                        row.getInt("memory_mb"), environment(transaction, row.getLong("id"))),
                Micros.toInstant(row.getLong("last_modified")), row.getString("revision_id"));
    }

    private static FunctionCode code(ResultSet row) throws SQLException {
        String sha256 = row.getString("archive_sha256");
        if (sha256 != null) {
            return new FunctionCode.Archive(sha256, row.getLong("archive_size"));
        }
        String path = row.getString("jar_path");
        if (path != null) {
            return new FunctionCode.LocalJar(Path.of(path));
        }
        String url = row.getString("url");
        if (url != null) {
            return new FunctionCode.HttpEndpoint(URI.create(url), row.getBoolean("runtime_emulator"));
        }
        throw new IllegalArgumentException("function " + row.getString("name") + " has no code");
    }

    private static Map<String, String> environment(Transaction transaction, long functionId) throws SQLException {
        Map<String, String> environment = new HashMap<>();
        transaction.query(row -> environment.put(row.getString(1), row.getString(2)),
                "SELECT name, value FROM function_environment WHERE function_id = ?", functionId);
        return environment;
    }
}
