package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryIT {

    @TempDir
    private Path temporary;

    @Test
    void makesADirectoryThatIsPrivateAndIgnoredByGit() throws Exception {
        Path path = temporary.resolve("parent").resolve(".sluice");

        try (DataDirectory directory = DataDirectory.open(path)) {
            assertThat(directory.path()).isEqualTo(path).isAbsolute();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rwx------");
            assertThat(path.resolve(".gitignore")).hasContent("*");
            assertThat(directory.databaseFile()).hasParentRaw(path);
        }
    }

    @Test
    void takesAnEmptyDirectoryAndMakesItPrivate() throws Exception {
        Path path = Files.createDirectory(temporary.resolve("empty"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));

        DataDirectory.open(path).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rwx------");
        assertThat(path.resolve(".gitignore")).hasContent("*");
    }

    @Test
    void leavesModeAndGitToTheOwnerOfADirectoryOfOtherThings() throws Exception {
        Path project = Files.createDirectory(temporary.resolve("project"));
        Files.setPosixFilePermissions(project, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");

        try (DataDirectory directory = DataDirectory.open(project)) {
            assertThat(directory.id()).isNotEmpty();
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(project))).isEqualTo("rwxr-xr-x");
        assertThat(project.resolve(".gitignore")).doesNotExist();
    }

    @Test
    void keepsItsId() {
        String id;
        try (DataDirectory directory = DataDirectory.open(temporary.resolve("a"))) {
            id = directory.id();
        }

        assertThat(id).matches("[0-9a-f]{12}");
        try (DataDirectory same = DataDirectory.open(temporary.resolve("a"));
                DataDirectory other = DataDirectory.open(temporary.resolve("b"))) {
            assertThat(same.id()).isEqualTo(id);
            assertThat(other.id()).isNotEqualTo(id);
        }
    }

    @Test
    void refusesAnIdItDidNotWriteAndSaysWhatToDo() throws Exception {
        Path path = Files.createDirectory(temporary.resolve("a"));
        Files.writeString(path.resolve("id"), "");

        assertThatThrownBy(() -> DataDirectory.open(path)).isInstanceOf(DataDirectoryException.class)
                .hasMessageContainingAll(path.resolve("id").toString(), "Delete it");

        Files.delete(path.resolve("id"));
        DataDirectory.open(path).close();
    }

    @Test
    void refusesASecondServerOfThisProcessUnderAnyNameOfTheDirectory() throws Exception {
        Path path = temporary.resolve("a");
        Path link = temporary.resolve("link");
        try (DataDirectory directory = DataDirectory.open(path)) {
            Files.createSymbolicLink(link, directory.path());

            for (Path name : List.of(path, link, path.resolve("..").resolve("a"))) {
                assertThatThrownBy(() -> DataDirectory.open(name)).isInstanceOf(DataDirectoryException.class)
                        .hasMessageContainingAll(name.normalize().toString(), "in use",
                                "pid " + ProcessHandle.current().pid(), "--data-dir");
            }
        }
        DataDirectory.open(link).close();
    }

    @Test
    void namesTheAbsolutePathWhenTheGivenOneIsRelative() {
        Path relative = Path.of("").toAbsolutePath().relativize(temporary.toAbsolutePath()).resolve("a");

        try (DataDirectory directory = DataDirectory.open(relative)) {
            assertThat(directory.path()).isEqualTo(temporary.resolve("a"));
            assertThatThrownBy(() -> DataDirectory.open(relative)).hasMessageContaining(temporary.resolve("a").toString());
        }
    }

    @Test
    void letsExactlyOneOfManyThreadsHaveADirectory() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(8);
        List<DataDirectory> opened = new ArrayList<>();
        try {
            Callable<DataDirectory> open = () -> {
                try {
                    return DataDirectory.open(temporary.resolve("a"));
                } catch (DataDirectoryException refused) {
                    return null;
                }
            };
            for (Future<DataDirectory> result : executor.invokeAll(Collections.nCopies(8, open))) {
                if (result.get() != null) {
                    opened.add(result.get());
                }
            }
            assertThat(opened).hasSize(1);
        } finally {
            executor.shutdownNow();
            opened.forEach(DataDirectory::close);
        }
    }

    @Test
    void closesTwiceWithoutTakingTheDirectoryFromTheNextServer() {
        Path path = temporary.resolve("a");
        DataDirectory first = DataDirectory.open(path);
        first.close();
        try (DataDirectory second = DataDirectory.open(path)) {
            first.close();

            assertThatThrownBy(() -> DataDirectory.open(second.path())).isInstanceOf(DataDirectoryException.class);
        }
    }

    @Test
    void saysThatThePathIsAFile() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));

        for (Path path : List.of(file, file.resolve("below"))) {
            assertThatThrownBy(() -> DataDirectory.open(path)).isInstanceOf(DataDirectoryException.class)
                    .hasMessageContainingAll("data directory " + path, file + " is not a directory");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysThatTheDiskIsFullAndCanBeOpenedOnceThereIsRoom() throws Exception {
        Path path = Files.createDirectory(temporary.resolve("a"));
        Path full = Files.createSymbolicLink(path.resolve("id.new"), Path.of("/dev/full"));

        assertThatThrownBy(() -> DataDirectory.open(path)).isInstanceOf(DataDirectoryException.class)
                .hasMessageContainingAll(path.toString(), "No space left on device");

        Files.delete(full);
        DataDirectory.open(path).close();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysThatTheDirectoryCannotBeMade() {
        // Nobody, not even root, makes directories there.
        Path path = Path.of("/proc/sluice/data");

        assertThatThrownBy(() -> DataDirectory.open(path)).isInstanceOf(DataDirectoryException.class)
                .hasMessageContainingAll("/proc/sluice", "can't be used");
    }
}
