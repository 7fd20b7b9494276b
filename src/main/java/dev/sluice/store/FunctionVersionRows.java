package dev.sluice.store;

import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.Isolation;
import dev.sluice.function.LocalOptions;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.SnapStart;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How the versions of a function are rows: the tables {@code function_versions} and {@code function_version_*}. */
final class FunctionVersionRows {

    private static final String INSERT = "INSERT INTO function_versions (function_id, version, archive_sha256, archive_size, jar_path,"
            + " url, runtime_emulator, image_uri, runtime, handler, role, description, timeout_nanos, memory_mb, last_modified,"
            + " revision_id, debug, zip_layout, isolation, debug_port, directory, attached, log_format, application_log_level,"
            + " system_log_level, log_group, snap_start)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";

    private FunctionVersionRows() {
    }

    static void insert(Transaction transaction, long functionId, FunctionVersion version) throws SQLException {
        CodeColumns code = version.code().match(CodeColumns.OF);
        FunctionSettings settings = version.settings();
        LocalOptions local = settings.local();
        LoggingConfig logging = settings.logging();
        long id = transaction.query(row -> row.getLong(1), INSERT, functionId, version.version(),
                code.archiveSha256(), code.archiveSize(), code.jarPath(), code.url(), code.runtimeEmulator(), code.imageUri(),
                settings.runtime(), settings.handler(), settings.role(), settings.description(), settings.timeout().toNanos(),
                settings.memoryMb(), Micros.of(version.lastModified()), version.revisionId(), local.debug(),
                code.zipLayout(), name(local.isolation()), local.debugPort(), code.directory(), code.attached(), name(logging.format()),
                name(logging.applicationLevel()), name(logging.systemLevel()), logging.logGroup(), settings.snapStart().name()).get(0);
        for (int i = 0; i < code.classPath().size(); i++) {
            ClassPathEntry entry = code.classPath().get(i);
            transaction.update("INSERT INTO function_version_class_path VALUES (?, ?, ?, ?)", id, i, entry.path().toString(),
                    entry.pattern());
        }
        for (int i = 0; i < code.command().size(); i++) {
            transaction.update("INSERT INTO function_version_command VALUES (?, ?, ?)", id, i, code.command().get(i));
        }
        for (int i = 0; i < settings.layers().size(); i++) {
            transaction.update("INSERT INTO function_version_layers VALUES (?, ?, ?)", id, i, settings.layers().get(i));
        }
        for (Map.Entry<String, String> variable : settings.environment().entrySet()) {
            transaction.update("INSERT INTO function_version_environment VALUES (?, ?, ?)", id, variable.getKey(), variable.getValue());
        }
        for (Map.Entry<String, String> member : settings.otherMembers().entrySet()) {
            transaction.update("INSERT INTO function_version_members VALUES (?, ?, ?)", id, member.getKey(), member.getValue());
        }
    }

    /** All versions of a function in the order in which they were inserted: {@code $LATEST}, then the published ones. */
    static List<FunctionVersion> select(Transaction transaction, long functionId, String function) throws SQLException {
        return transaction.query(row -> version(transaction, row, function),
                "SELECT * FROM function_versions WHERE function_id = ? ORDER BY id", functionId);
    }

    private static FunctionVersion version(Transaction transaction, ResultSet row, String function) throws SQLException {
        long id = row.getLong("id");
        return new FunctionVersion(function, row.getString("version"), CodeColumns.read(transaction, row, function),
                new FunctionSettings(row.getString("runtime"), row.getString("handler"), row.getString("role"),
                        row.getString("description"), Duration.ofNanos(row.getLong("timeout_nanos")), row.getInt("memory_mb"),
                        Columns.texts(transaction, "SELECT name, value FROM function_version_environment WHERE version_id = ?", id),
                        transaction.query(layer -> layer.getString(1),
                                "SELECT arn FROM function_version_layers WHERE version_id = ? ORDER BY position", id),
                        logging(row), SnapStart.valueOf(row.getString("snap_start")),
                        Columns.texts(transaction, "SELECT name, json FROM function_version_members WHERE version_id = ?", id),
                        local(row)),
                Micros.toInstant(row.getLong("last_modified")), row.getString("revision_id"));
    }

    private static LoggingConfig logging(ResultSet row) throws SQLException {
        return new LoggingConfig(value(LoggingConfig.Format.class, row.getString("log_format")),
                value(LoggingConfig.Level.class, row.getString("application_log_level")),
                value(LoggingConfig.System.class, row.getString("system_log_level")), row.getString("log_group"));
    }

    private static LocalOptions local(ResultSet row) throws SQLException {
        int debugPort = row.getInt("debug_port");
        boolean noDebugPort = row.wasNull();
        return new LocalOptions(value(Isolation.class, row.getString("isolation")), row.getBoolean("debug"),
                noDebugPort ? null : Integer.valueOf(debugPort));
    }

    private static String name(Enum<?> value) {
        return value == null ? null : value.name();
    }

    private static <E extends Enum<E>> E value(Class<E> type, String name) {
        return name == null ? null : Enum.valueOf(type, name);
    }
}
