package dev.sluice.store;

import static dev.sluice.fixture.FunctionDefinitions.aFunction;
import static dev.sluice.fixture.Mappings.aMapping;
import static dev.sluice.fixture.Mappings.like;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.OwnThread;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.mapping.EventSourceMapping;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How transactions end, and how the connection is set up. */
class DatabaseIT {

    @TempDir
    private Path directory;
    private SqliteStore store;

    @BeforeEach
    void open() {
        store = SqliteStore.open(file());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void pinsThePragmasThatDurabilityRestsOn() {
        assertThat(pragma("journal_mode")).isEqualTo("wal");
        assertThat(pragma("synchronous")).as("2 is FULL").isEqualTo("2");
        assertThat(pragma("foreign_keys")).isEqualTo("1");
        assertThat(pragma("busy_timeout")).isEqualTo("5000");
    }

    @Test
    void removesWhatHangsOnAMappingOrFunctionWithIt() {
        EventSourceMapping mapping = aMapping().selfManagedKafka("a:9092").build();
        store.mappings().insert(mapping);
        store.functions().save(aFunction("f").environment(Map.of("A", "1")).build());

        store.mappings().remove(mapping);
        store.functions().delete("f", null);

        assertThat(number("SELECT (SELECT count(*) FROM mapping_topics) + (SELECT count(*) FROM mapping_bootstrap_servers)"
                + " + (SELECT count(*) FROM function_version_environment)")).isZero();
    }

    @Test
    void undoesATransactionThatThrows() {
        RuntimeException failure = new IllegalArgumentException("no");

        assertThatThrownBy(() -> store.database().write("test", transaction -> {
            transaction.update("CREATE TABLE t (a)");
            throw failure;
        })).isSameAs(failure).hasNoSuppressedExceptions();

        assertThat(number("SELECT count(*) FROM sqlite_schema WHERE name = 't'")).isZero();
    }

    @Test
    void turnsAnSqlErrorIntoOneThatNamesActionFileAndCause() {
        assertThatThrownBy(() -> store.database().write("do this", transaction -> transaction.update("INSERT INTO nowhere")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll("do this", file().toString())
                .hasRootCauseInstanceOf(SQLException.class);
    }

    @Test
    void keepsTheErrorOfTheRollbackWithTheErrorThatLedToIt() {
        RuntimeException failure = new IllegalArgumentException("no");

        assertThatThrownBy(() -> store.database().write("test", transaction -> {
            transaction.script("ROLLBACK");
            throw failure;
        })).isSameAs(failure);

        assertThat(failure.getSuppressed()).hasSize(1).allSatisfy(e -> assertThat(e).hasMessageContaining("no transaction"));
        store.mappings().insert(aMapping().build());
    }

    @Test
    void refusesATransactionWithinATransaction() {
        assertThatThrownBy(() -> store.database().write("outer", transaction -> store.mappings().all()))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("indicates a bug");

        assertThat(store.mappings().all()).isEmpty();
    }

    @Test
    void undoesAChangeOfMoreRowsThanTheOneThatWasMeant() {
        store.mappings().insert(aMapping().topics("1").build());
        store.mappings().insert(aMapping().topics("2").build());

        assertThatThrownBy(() -> store.database().write("test",
                transaction -> transaction.updateOne("UPDATE mappings SET batch_size = 7")))
                .isInstanceOf(IllegalStateException.class).hasMessageContainingAll("2 rows", "indicates a bug");

        assertThat(number("SELECT count(*) FROM mappings WHERE batch_size = 7")).isZero();
    }

    @Test
    void saysWhatIsWrongWithARowThatSluiceDidNotWrite() throws SQLException {
        EventSourceMapping mapping = aMapping().build();
        store.mappings().insert(mapping);
        try (Connection other = connect(); Statement statement = other.createStatement()) {
            statement.execute("UPDATE mappings SET state = 'SLEEPING'");
        }

        assertThatThrownBy(() -> store.mappings().find(mapping.id())).isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll(mapping.id().toString(), file().toString(), "SLEEPING");
    }

    @Test
    void saysThatTheDiskIsFullAndKeepsWhatIsThere() {
        FunctionDefinition small = aFunction("small").build();
        store.functions().save(small);
        long pages = number("PRAGMA page_count");
        assertThat(number("PRAGMA max_page_count = " + pages)).isEqualTo(pages);

        assertThatThrownBy(() -> store.functions().save(aFunction("big").description("x".repeat(1 << 20)).build()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll("the function big", file().toString(), "disk is full");

        assertThat(store.functions().all()).containsExactly(small);
        number("PRAGMA max_page_count = 1000000");
        assertThat(store.functions().insert(aFunction("big").description("x".repeat(1 << 20)).build())).isTrue();
    }

    @Test
    void failsOnceAnotherProgramHasHeldTheDatabaseTooLongAndReadsMeanwhile() throws SQLException {
        EventSourceMapping mapping = aMapping().build();
        store.mappings().insert(mapping);
        try (SqliteStore hasty = SqliteStore.open(file(), Duration.ofMillis(50));
                Connection other = connect(); Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("UPDATE mappings SET batch_size = 7");

            assertThatThrownBy(() -> hasty.mappings().remove(mapping)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContainingAll(mapping.id().toString(), "another program");
            assertThat(hasty.mappings().all()).containsExactly(mapping);

            statement.execute("ROLLBACK");
            assertThat(hasty.mappings().remove(mapping)).isTrue();
        }
    }

    @Test
    void waitsForAnotherProgramThatHoldsTheDatabaseForAWhile() throws Exception {
        EventSourceMapping mapping = aMapping().build();
        try (Connection other = connect(); Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Boolean> inserted = CompletableFuture.supplyAsync(() -> {
                begun.countDown();
                return store.mappings().insert(mapping).isEmpty();
            }, OwnThread.EXECUTOR);
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(inserted).isNotDone();
            statement.execute("COMMIT");

            assertThat(inserted.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void lettingAnotherProgramReadDoesNotHoldUpTheServer() throws SQLException {
        store.mappings().insert(aMapping().topics("1").build());
        try (Connection other = connect(); Statement statement = other.createStatement()) {
            statement.execute("BEGIN");
            assertThat(Database.number(other, "SELECT count(*) FROM mappings")).isEqualTo(1);

            store.mappings().insert(aMapping().topics("2").build());

            assertThat(Database.number(other, "SELECT count(*) FROM mappings")).as("its own snapshot").isEqualTo(1);
            statement.execute("COMMIT");
            assertThat(Database.number(other, "SELECT count(*) FROM mappings")).isEqualTo(2);
        }
    }

    @Test
    void showsReadersOnlyWholeChangesWhileOthersWrite() throws Exception {
        EventSourceMapping a = aMapping().selfManagedKafka("a1:1", "a2:1").topics("a", "aa").build();
        store.mappings().insert(a);
        EventSourceMapping b = like(a).selfManagedKafka("b1:1").topics("b").batchSize(2).build();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                store.mappings().replace(a, b);
                store.mappings().replace(b, a);
            }
        }, OwnThread.EXECUTOR);
        try {
            for (int i = 0; i < 300; i++) {
                assertThat(store.mappings().find(a.id()).orElseThrow()).isIn(a, b);
            }
        } finally {
            stop.set(true);
            writer.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void anInterruptedThreadStillStoresWhatItWasAskedTo() {
        Thread.currentThread().interrupt();
        try {
            store.mappings().insert(aMapping().build());
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(store.mappings().all()).hasSize(1);
    }

    @Test
    void failsAfterCloseAndClosesTwice() {
        store.close();
        store.close();

        assertThatThrownBy(() -> store.mappings().all()).isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll(file().toString(), "closed");
    }

    private Path file() {
        return directory.resolve("sluice.db");
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file());
    }

    private String pragma(String name) {
        return store.database().read("read a pragma",
                transaction -> transaction.query(row -> row.getString(1), "PRAGMA " + name).get(0));
    }

    private long number(String sql) {
        return store.database().read("read a number",
                transaction -> transaction.query(row -> row.getLong(1), sql).get(0));
    }
}
