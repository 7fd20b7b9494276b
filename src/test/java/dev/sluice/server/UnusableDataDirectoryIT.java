package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A data directory in which something is not as Sluice made it: said in the user's words, and nothing is changed. */
class UnusableDataDirectoryIT {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "code"})
    void aFileWhereADirectoryBelongsIsRefused(String name) throws IOException {
        Files.writeString(directory.resolve(name), "not a directory");

        refused(directory.resolve(name) + " is not a directory");
        assertThat(directory.resolve(name)).hasContent("not a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sluice.db", "journal.db", "lock", "id", "kafka/.embedded-kafka.lock"})
    void aDirectoryWhereAFileBelongsIsRefused(String name) throws IOException {
        Files.createDirectories(directory.resolve(name));

        refused(directory.resolve(name).toString());
    }

    @Test
    void anEmptyDatabaseBesideUsedFilesIsRefusedAndLeftAsItIs() throws IOException {
        start().close();
        Files.write(directory.resolve("sluice.db"), new byte[0]);
        Files.deleteIfExists(directory.resolve("sluice.db-wal"));

        refused("sluice.db is empty, and beside it there is what a server has used (journal.db, code");
        assertThat(directory.resolve("sluice.db")).isEmptyFile();

        Files.delete(directory.resolve("sluice.db"));
        start().close();
    }

    @Test
    void aStartThatWasCutShortIsMadeAnew() throws IOException {
        Files.createFile(directory.resolve("sluice.db"));

        start().close();
    }

    private void refused(String problem) {
        // Its broker is refused before it starts: to be closed in the middle of its start costs the whole JVM its Kafka.
        assertThatThrownBy(() -> start("")).isInstanceOf(StartFailedException.class).hasMessageContaining(problem)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Exception", "java."));
    }

    private Sluice start() {
        return start("localhost:1");
    }

    private Sluice start(String kafka) {
        Map<String, String> settings = new HashMap<>(Map.of("port", "0", "dataDir", directory.toString()));
        settings.put(kafka.isEmpty() ? "embeddedKafkaPort" : "kafka", kafka.isEmpty() ? "0" : kafka);
        return Sluice.start(ServerConfig.of(settings),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    }
}
