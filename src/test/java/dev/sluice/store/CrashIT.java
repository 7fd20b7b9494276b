package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds between two processes, and when one of them is killed. */
class CrashIT {

    @TempDir
    private Path directory;

    @Test
    void keepsEveryAcknowledgedChangeThroughKillMinusNine() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        try (StoreProcess child = StoreProcess.start(directory)) {
            child.awaitOpen();
            for (int i = 0; i < 200; i++) {
                acknowledged.add(child.line());
            }
            // In the middle of its work: it doesn't stop until it is killed.
            child.kill();
            for (String line = child.line(); line != null; line = child.line()) {
                if (line.matches("\\d+ [0-9a-f-]{36}")) {
                    acknowledged.add(line);
                }
            }
        }

        try (DataDirectory reopened = DataDirectory.open(directory);
                SqliteStore store = SqliteStore.open(reopened.databaseFile())) {
            for (String line : acknowledged) {
                String[] parts = line.split(" ");
                EventSourceMapping found = store.mappings().find(MappingId.parse(parts[1]).orElseThrow()).orElseThrow();
                assertThat(found).isEqualTo(StoreProcess.mapping(Integer.parseInt(parts[0]), found));
                assertThat(found.source().topics()).containsExactly("t" + parts[0]);
            }
            // One change at most was done and not yet acknowledged.
            assertThat(store.mappings().all()).hasSizeBetween(acknowledged.size(), acknowledged.size() + 1);
            assertThat(store.functions().find("f", null)).map(f -> f.latest().settings().description())
                    .hasValueSatisfying(last -> assertThat(store.mappings().find(MappingId.parse(last).orElseThrow())).isPresent());
        }
    }

    @Test
    void refusesADirectoryThatAnotherProcessHasAndTakesItOnceThatIsKilled() throws Exception {
        try (StoreProcess child = StoreProcess.start(directory)) {
            child.awaitOpen();

            assertThatThrownBy(() -> DataDirectory.open(directory)).isInstanceOf(DataDirectoryException.class)
                    .hasMessageContainingAll(directory.toString(), "in use", "pid " + child.pid());
            // The refusal has let nothing go.
            assertThatThrownBy(() -> DataDirectory.open(directory)).isInstanceOf(DataDirectoryException.class);

            child.kill();
            DataDirectory.open(directory).close();
        }
    }

    @Test
    void anotherProcessIsRefusedWhileThisOneHasTheDirectory() throws Exception {
        try (DataDirectory held = DataDirectory.open(directory)) {
            // On POSIX a careless refusal within this process would drop its lock.
            assertThatThrownBy(() -> DataDirectory.open(directory)).isInstanceOf(DataDirectoryException.class);

            try (StoreProcess child = StoreProcess.start(directory)) {
                assertThat(child.refusal()).contains(held.path().toString(), "in use",
                        "pid " + ProcessHandle.current().pid());
            }
        }
        try (StoreProcess child = StoreProcess.start(directory)) {
            child.awaitOpen();
        }
    }
}
