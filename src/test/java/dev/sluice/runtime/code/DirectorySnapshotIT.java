package dev.sluice.runtime.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which changes of a directory count as changes of its code. */
class DirectorySnapshotIT {

    private static final FileTime LATER = FileTime.from(Instant.now().plusSeconds(60));

    @TempDir
    Path directory;
    private Snapshot before;

    @BeforeEach
    void look() throws IOException {
        write("app.py");
        write("lib/deep/er.py");
        write("node_modules/left-pad/index.js");
        write("node_modules/.package-lock.json");
        write(".git/HEAD");
        write("env/pyvenv.cfg");
        write("env/lib/site.py");
        write("__pycache__/app.cpython-311.pyc");
        before = DirectorySnapshot.at(directory);
    }

    private void write(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
    }

    private void touch(String name) throws IOException {
        Files.setLastModifiedTime(directory.resolve(name), LATER);
    }

    private boolean changed() throws IOException {
        return !DirectorySnapshot.at(directory).equals(before);
    }

    @Test
    void aFileThatIsWrittenAddedOrDeletedAnywhereCounts() throws Exception {
        assertThat(changed()).isFalse();
        touch("lib/deep/er.py");
        assertThat(changed()).isTrue();
        before = DirectorySnapshot.at(directory);
        write("lib/new.py");
        assertThat(changed()).isTrue();
        before = DirectorySnapshot.at(directory);
        Files.delete(directory.resolve("app.py"));
        assertThat(changed()).isTrue();
    }

    @Test
    void whatToolsKeepForThemselvesDoesNot() throws Exception {
        touch(".git/HEAD");
        write(".git/index");
        write("__pycache__/other.pyc");
        write("lib/__pycache__/other.pyc");
        write("lib/old.pyc");
        touch("__pycache__");

        assertThat(changed()).isFalse();
    }

    @Test
    void ofPackagesOnlyTheirInstallationCounts() throws Exception {
        touch("node_modules/left-pad/index.js");
        touch("env/lib/site.py");
        assertThat(changed()).isFalse();

        touch("node_modules/.package-lock.json");
        assertThat(changed()).isTrue();
        before = DirectorySnapshot.at(directory);
        touch("env");
        assertThat(changed()).isTrue();
    }

    @Test
    void aLinkIsWhatItLeadsTo() throws Exception {
        Path elsewhere = Files.createTempFile("linked", ".py");
        try {
            Files.createSymbolicLink(directory.resolve("linked.py"), elsewhere);
            before = DirectorySnapshot.at(directory);
            Files.setLastModifiedTime(elsewhere, LATER);
            assertThat(changed()).isTrue();
        } finally {
            Files.delete(elsewhere);
        }
    }
}
