package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.Zip;
import dev.sluice.runtime.code.UnpackedArchive;
import dev.sluice.runtime.code.UploadedZip;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links, doubled entries and paths spelt in other ways, as zips of Python and Node code have them, and as Java reads them packed. */
class LinksInAnArchiveIT {

    @TempDir
    Path directory;

    private Path written(Zip zip) throws IOException {
        return Files.write(Files.createTempFile(directory, "code", ".zip"), zip.bytes());
    }

    private Path unpacked(Zip... zips) throws IOException {
        Path home = Files.createTempDirectory(directory, "task");
        for (Zip zip : zips) {
            UnpackedArchive.write(written(zip), home);
        }
        return home;
    }

    @Test
    void becomeLinksOnDisk() throws Exception {
        Path task = unpacked(
                new Zip().file("node_modules/.pnpm/p@1/node_modules/p/index.js", "p").link("node_modules/p", ".pnpm/p@1/node_modules/p")
                        .executable("node_modules/.pnpm/p@1/node_modules/p/cli.sh", "#!/bin/sh").link("node_modules/.bin/p", "../p/cli.sh")
                        .link("lib/libx.so", "libx.so.1").file("lib/libx.so.1", "so"));

        assertThat(task.resolve("node_modules/p")).isSymbolicLink();
        assertThat(task.resolve("node_modules/p/index.js").toRealPath())
                .isEqualTo(task.toRealPath().resolve("node_modules/.pnpm/p@1/node_modules/p/index.js"));
        assertThat(task.resolve("node_modules/.bin/p")).isExecutable();
        assertThat(task.resolve("lib/libx.so")).hasContent("so");
    }

    @Test
    void theLastOfDoubledEntriesIsUnpacked() throws Exception {
        Path task = unpacked(
                new Zip().file("a", "first").file("./b/c", "b").file("a", "last").link("b/d", "../a").file("b//d", "no link any more"));

        assertThat(task.resolve("a")).hasContent("last");
        assertThat(task.resolve("b/c")).hasContent("b");
        assertThat(task.resolve("b/d")).hasContent("no link any more").isRegularFile();
    }

    @Test
    void ofOneLayerDontLeadWhatAnotherHasOutOfTheStack() throws Exception {
        // Each stays within its own tree; only both together lead outside.
        Zip first = new Zip().file("x", "").link("q", ".");
        Zip second = new Zip().file("q/r/s", "").link("p", "q/r").link("up", "p/../..");
        Zip third = new Zip().file("up/evil", "evil");
        assertThatThrownBy(() -> unpacked(first, second, third)).isInstanceOf(IOException.class).hasMessageContaining("beside");

        assertThat(directory.resolve("evil")).doesNotExist();
    }

    @Test
    void aFileOfALaterLayerTakesThePlaceOfALink() throws Exception {
        Path stack = unpacked(new Zip().link("a", "b").file("b", "b"), new Zip().file("a", "a"), new Zip().link("b", "a"));

        assertThat(stack.resolve("a")).isRegularFile().hasContent("a");
        assertThat(stack.resolve("b")).isSymbolicLink().hasContent("a");
    }

    @Test
    void areFollowedInJavaCodeThatStaysPacked() throws Exception {
        byte[] jar = CompiledHandler.compile(directory, "Linked", "public class Linked { }").zip();
        byte[] bytes = null;
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().equals("example/Linked.class")) {
                    bytes = in.readAllBytes();
                }
            }
        }
        Path archive = written(new Zip().file("./classes/Linked.class", bytes).link("example", "classes").file("conf/a.txt", "first")
                .file("conf/a.txt", "last").link("b.txt", "conf/a.txt").file("deps/dep-1.jar", jar).link("lib", "deps")
                .link("deps/dep.jar", "dep-1.jar"));

        try (FunctionClassLoader loader = FunctionClassLoader.openAlone(archive, List.of())) {
            assertThat(loader.loadClass("example.Linked").getClassLoader()).isSameAs(loader);
            assertThat(new String(loader.getResourceAsStream("b.txt").readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("last");
            assertThat(loader.getResource("example/Missing.class")).isNull();
            assertThat(loader.getResource("example")).isNull();
        }
        assertThat(UploadedZip.unpackLibraries(archive, Files.createDirectory(directory.resolve("libraries"))))
                .extracting(path -> path.getFileName().toString()).containsExactly("dep-1.jar", "dep.jar");
    }
}
