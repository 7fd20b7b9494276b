package dev.sluice.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.function.NotRunnableException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Which program runs the code of a runtime. */
class InterpretersIT {

    @TempDir
    Path directory;

    private Path program(String directoryName, String name) throws IOException {
        return program(directoryName, name, "");
    }

    private Path program(String directoryName, String name, String script) throws IOException {
        Path parent = Files.createDirectories(directory.resolve(directoryName));
        Path program = Files.writeString(parent.resolve(name), "#!/bin/sh\n" + script);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    private Interpreters on(String... directories) {
        return new Interpreters(Map.of(), String.join(File.pathSeparator, java.util.Arrays.stream(directories)
                .map(each -> each.isEmpty() ? "" : directory.resolve(each).toString()).toList()));
    }

    @ParameterizedTest
    @CsvSource({
            "python3.12, python3.12 python3, python3.12",
            "python3.12, python3, python3",
            "nodejs22.x, node node22, node22",
            "nodejs22.x, node, node"})
    void isTheOneOfTheRuntimesVersionElseAnotherOfTheSameLanguage(String runtime, String present, String found) throws Exception {
        for (String name : present.split(" ")) {
            program("bin", name);
        }

        assertThat(on("missing", "", "bin").find(runtime).program()).isEqualTo(directory.resolve("bin/" + found));
    }

    @Test
    void anEntryOfThePathThatCanBeNoPathIsPassedOver() throws Exception {
        Path python = program("bin", "python3.12");

        assertThat(new Interpreters(Map.of(), "no\0path" + File.pathSeparator + python.getParent()).find("python3.12").program())
                .isEqualTo(python);
    }

    @Test
    void theRightVersionFurtherDownThePathWinsOverAnother() throws Exception {
        program("first", "python3");
        program("second", "python3.13");

        assertThat(on("first", "second").find("python3.13").program()).isEqualTo(directory.resolve("second/python3.13"));
    }

    /** As pyenv's, of a version that is installed but not the chosen one. */
    @Test
    void aVersionManagersProgramThatCannotRunIsPassedOverAndOneThatCanIsFollowed() throws Exception {
        program("shims", "python3.12", "exit 127\n");
        Path real = program("versions", "python3.11");
        program("shims", "python3", "echo " + real + "\necho 3.11\n");

        assertThat(on("shims").find("python3.12").program()).isEqualTo(real);
    }

    @Test
    void oneOfTheRuntimesVersionWithoutItInItsNameIsNoOther() throws Exception {
        Path node = program("bin", "node");
        Files.writeString(node, "#!/bin/sh\necho " + node + "\necho 22\n");
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(Interpreters.class);
        told.start();
        log.addAppender(told);
        try {
            Interpreters interpreters = on("bin");
            assertThat(interpreters.find("nodejs22.x").program()).isEqualTo(node);
            assertThat(interpreters.find("nodejs20.x").program()).isEqualTo(node);
        } finally {
            log.detachAppender(told);
        }

        assertThat(told.list).extracting(ILoggingEvent::getFormattedMessage).filteredOn(text -> text.contains(node.toString()))
                .containsExactly("No node20 that runs was found on the path; " + node + " (version 22) runs functions of the runtime"
                        + " nodejs20.x instead. runtimes.nodejs20.x in sluice.yaml names another one");
    }

    @Test
    void oneThatIsConfiguredWinsAndMustBeThere() throws Exception {
        program("bin", "python3.12");
        Path own = program("venv", "python");
        Path missing = directory.resolve("missing");
        Path data = Files.writeString(directory.resolve("data"), "");
        Interpreters interpreters = new Interpreters(Map.of("python3.12", own, "python3.13", missing, "nodejs22.x", data),
                directory.resolve("bin").toString());

        assertThat(interpreters.find("python3.12").program()).isEqualTo(own);
        assertThatThrownBy(() -> interpreters.find("python3.13")).hasMessage("runtimes.python3.13 is " + missing + ", which doesn't exist");
        assertThatThrownBy(() -> interpreters.find("nodejs22.x"))
                .hasMessage("runtimes.nodejs22.x is " + data + ", which can't be executed");
    }

    @Test
    void whatIsMissingIsNamedWithWhereItWasLookedForAndTheKeyToSet() throws Exception {
        Files.createDirectories(directory.resolve("bin/python3"));
        Files.writeString(directory.resolve("bin/python3.12"), "not executable");

        assertThatThrownBy(() -> on("bin", "other").find("python3.12")).isInstanceOf(NotRunnableException.class)
                .hasMessage("the runtime python3.12 needs python3.12 or python3, and there is none that runs in " + directory.resolve("bin")
                        + File.pathSeparator + directory.resolve("other")
                        + "; install it, or name it as runtimes.python3.12 in sluice.yaml");
    }
}
