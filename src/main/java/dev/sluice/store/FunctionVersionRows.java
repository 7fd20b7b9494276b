package dev.sluice.store;

import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.Isolation;
import dev.sluice.function.LocalOptions;
import java.net.URI;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How the versions of a function are rows: the tables {@code function_versions} and {@code function_version_*}. */
final class FunctionVersionRows {

    private static final String INSERT = "INSERT INTO function_versions (function_id, version, archive_sha256, archive_size, jar_path,"
            + " url, runtime_emulator, image_uri, runtime, handler, role, description, timeout_nanos, memory_mb, last_modified,"
            + " revision_id, debug, zip_layout, isolation, debug_port, directory, attached)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";

    private FunctionVersionRows() {
    }

    static void insert(Transaction transaction, long functionId, FunctionVersion version) throws SQLException {
        FunctionCode code = version.code();
        FunctionCode.Archive archive = code instanceof FunctionCode.Archive a ? a : null;
        FunctionCode.HttpEndpoint endpoint = code instanceof FunctionCode.HttpEndpoint e ? e : null;
        FunctionCode.LocalTree tree = code instanceof FunctionCode.LocalTree t ? t : null;
        FunctionCode.LocalDirectory place = code instanceof FunctionCode.LocalDirectory d ? d : null;
        FunctionSettings settings = version.settings();
        LocalOptions local = settings.local();
        long id = transaction.query(row -> row.getLong(1), INSERT, functionId, version.version(),
                archive == null ? null : archive.sha256(), archive == null ? null : archive.size(),
                code instanceof FunctionCode.LocalJar jar ? jar.path().toString() : null,
                endpoint == null ? null : endpoint.url().toString(), endpoint == null ? null : endpoint.runtimeEmulator(),
                code instanceof FunctionCode.Image image ? image.uri() : null,
                settings.runtime(), settings.handler(), settings.role(), settings.description(), settings.timeout().toNanos(),
                settings.memoryMb(), Micros.of(version.lastModified()), version.revisionId(), local.debug(),
                tree == null ? null : tree.zipLayout(), local.isolation() == null ? null : local.isolation().name(),
                local.debugPort(), place == null ? null : place.directory().toString(), code instanceof FunctionCode.Attached).get(0);
        for (int i = 0; tree != null && i < tree.classPath().size(); i++) {
            ClassPathEntry entry = tree.classPath().get(i);
            transaction.update("INSERT INTO function_version_class_path VALUES (?, ?, ?, ?)", id, i, entry.path().toString(),
                    entry.pattern());
        }
        for (int i = 0; place != null && i < place.command().size(); i++) {
            transaction.update("INSERT INTO function_version_command VALUES (?, ?, ?)", id, i, place.command().get(i));
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
        return new FunctionVersion(function, row.getString("version"), code(transaction, row, function),
                new FunctionSettings(row.getString("runtime"), row.getString("handler"), row.getString("role"),
                        row.getString("description"), Duration.ofNanos(row.getLong("timeout_nanos")), row.getInt("memory_mb"),
                        Columns.texts(transaction, "SELECT name, value FROM function_version_environment WHERE version_id = ?", id),
                        Columns.texts(transaction, "SELECT name, json FROM function_version_members WHERE version_id = ?", id),
                        local(row)),
                Micros.toInstant(row.getLong("last_modified")), row.getString("revision_id"));
    }

    private static LocalOptions local(ResultSet row) throws SQLException {
        String isolation = row.getString("isolation");
        int debugPort = row.getInt("debug_port");
        boolean noDebugPort = row.wasNull();
        return new LocalOptions(isolation == null ? null : Isolation.valueOf(isolation), row.getBoolean("debug"),
                noDebugPort ? null : Integer.valueOf(debugPort));
    }

    private static FunctionCode code(Transaction transaction, ResultSet row, String function) throws SQLException {
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
        String image = row.getString("image_uri");
        if (image != null) {
            return new FunctionCode.Image(image);
        }
        if (row.getBoolean("attached")) {
            return new FunctionCode.Attached();
        }
        String directory = row.getString("directory");
        if (directory != null) {
            return new FunctionCode.LocalDirectory(Path.of(directory), transaction.query(word -> word.getString("word"),
                    "SELECT word FROM function_version_command WHERE version_id = ? ORDER BY position", row.getLong("id")));
        }
        List<ClassPathEntry> classPath = transaction.query(
                entry -> new ClassPathEntry(Path.of(entry.getString("path")), entry.getString("pattern")),
                "SELECT path, pattern FROM function_version_class_path WHERE version_id = ? ORDER BY position", row.getLong("id"));
        if (!classPath.isEmpty()) {
            return new FunctionCode.LocalTree(classPath, row.getBoolean("zip_layout"));
        }
        throw new IllegalArgumentException("function " + function + " has no code");
    }
}
