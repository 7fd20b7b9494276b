package dev.sluice.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.runtime.api.Children.Child;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process is started with. */
class CommandIT {

    @TempDir
    Path directory;
    private Children children;

    @BeforeEach
    void open() {
        children = new Children(directory);
    }

    @AfterEach
    void close() {
        children.close();
    }

    @Test
    void aProcessSeesItsOwnEnvironmentAndNothingElse() throws IOException {
        List<String> command = List.of("/usr/bin/env");
        Child child = children.start(command, Map.of("TABLE", "orders", "EMPTY", "", "TEXT", "two\nlines"));
        assertThat(child.process().awaitReady()).contains(new Result.Exited(null));
        assertThat(child.printed().text().replaceAll(":[0-9]+\n", ":PORT\n").split("\n")).containsExactlyInAnyOrder(
                "TABLE=orders", "EMPTY=", "TEXT=two", "lines", "AWS_LAMBDA_RUNTIME_API=127.0.0.1:PORT");
    }

    @Test
    void aProcessRunsInItsDirectoryWithNothingToRead() throws IOException {
        Child child = children.bash("pwd; cat; echo end");
        child.process().awaitReady();
        assertThat(child.printed().text()).isEqualTo(directory.toRealPath() + "\nend\n");
    }

    @Test
    void aCommandThatIsNotThereCantBeStarted() {
        for (String command : List.of("/no/such/command", "no-such-command", "./bootstrap")) {
            assertThatThrownBy(() -> children.start(List.of(command, "x"), Map.of())).isInstanceOf(IOException.class)
                    .hasMessageContaining(command);
        }
        assertThatThrownBy(() -> children.start(List.of(directory.toString()), Map.of())).isInstanceOf(IOException.class);
        assertThat(children.processes.openPorts()).isZero();
    }

    @Test
    void aCommandIsLookedForInItsDirectoryAndPath() throws IOException {
        Path script = Files.writeString(directory.resolve("bootstrap"), "#!/bin/sh\necho \"$0 $1\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        for (Child child : List.of(children.start(List.of("./bootstrap", "a b"), Map.of()),
                children.start(List.of("bootstrap", "a b"), Map.of("PATH", directory.toString())))) {
            child.process().awaitReady();
            assertThat(child.printed().text()).endsWith("bootstrap a b\n");
        }
        // The server's own path, where the process has none.
        Child child = children.start(List.of("sh", "-c", "echo found"), Map.of());
        child.process().awaitReady();
        assertThat(child.printed().text()).isEqualTo("found\n");
    }
}
