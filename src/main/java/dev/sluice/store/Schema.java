package dev.sluice.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tables this version of Sluice works with, and how an older database becomes one of them. Script number n leads from
 * version n - 1 to version n, which is the database's {@code user_version}. Scripts that were released never change. Immutable.
 */
public record Schema(List<String> scripts, int applicationId) {

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final int VERSION = 13;
    /** The application id that V1.sql writes. */
    private static final int APPLICATION_ID = 0x536c7563;
    private static final int JOURNAL_VERSION = 2;
    /** The application id that journal-V1.sql writes. */
    private static final int JOURNAL_APPLICATION_ID = 0x536c756a;

    public Schema {
        scripts = List.copyOf(scripts);
    }

    public Schema(List<String> scripts) {
        this(scripts, APPLICATION_ID);
    }

    static Schema current() {
        return new Schema(scripts("V", VERSION));
    }

    /** The tables of the journal, which is a file of its own. */
    static Schema journal() {
        return new Schema(scripts("journal-V", JOURNAL_VERSION), JOURNAL_APPLICATION_ID);
    }

    private static List<String> scripts(String prefix, int versions) {
        return IntStream.rangeClosed(1, versions).mapToObj(version -> resource(prefix + version + ".sql")).toList();
    }

    int version() {
        return scripts.size();
    }

    /** Refuses a database that isn't Sluice's or comes from a newer Sluice; only reads. */
    void check(Connection connection, Path file) throws SQLException {
        int version = Database.number(connection, "PRAGMA user_version");
        boolean ours = Database.number(connection, "PRAGMA application_id") == applicationId;
        if (!ours && (version != 0 || Database.number(connection, "SELECT count(*) FROM sqlite_schema") > 0)) {
            throw new DataDirectoryException("The database " + file + " belongs to another program. It is left as it is; move it"
                    + " away, or name another data directory.");
        }
        if (version > version()) {
            throw new DataDirectoryException("The database " + file + " has version " + version + ", written by a newer Sluice;"
                    + " this one knows versions up to " + version() + ". It is left as it is; start the newer Sluice, or name"
                    + " another data directory.");
        }
    }

    /** Brings the database from {@code version} up to {@link #version()}, each step in a transaction of its own. */
    void migrate(Database database, int version) {
        for (int next = version + 1; next <= version(); next++) {
            String step = scripts.get(next - 1) + "\n;PRAGMA user_version = " + next;
            database.write("bring the tables to version " + next, transaction -> {
                transaction.script(step);
                return null;
            });
        }
        if (version > 0 && version < version()) {
            LOG.info("Brought the database from version {} to version {}", version, version());
        }
    }

    private static String resource(String name) {
        try (InputStream script = Schema.class.getResourceAsStream(name)) {
            if (script == null) {
                throw new IllegalStateException("Sluice was packaged without " + name);
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not read Sluice's own " + name, e);
        }
    }
}
