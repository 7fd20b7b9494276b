package dev.sluice.runtime.code;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a directory with somebody's code looked like at one moment: the size and time of each file. Of installed packages only what their
 * installation changes is looked at, as there may be tens of thousands of files; of what tools keep there for themselves nothing.
 * Immutable.
 */
record DirectoryLook(Map<String, Stamp> files) {

    /** Where packages are: their directory's own time tells what comes and goes, and the file that npm writes last what changes. */
    private static final String PACKAGES = "node_modules";
    private static final String INSTALLED = ".package-lock.json";
    /** In every virtual environment of Python. */
    private static final String ENVIRONMENT = "pyvenv.cfg";
    static final Set<String> NOBODYS = Set.of(".git", ".hg", ".svn", ".idea", ".vscode", "__pycache__", ".pytest_cache", ".mypy_cache",
            ".ruff_cache", ".tox", ".sluice");
    private static final String COMPILED = ".pyc";

    DirectoryLook {
        files = Map.copyOf(files);
    }

    /** Of one file or directory. */
    record Stamp(long size, FileTime modified) {
        private static Stamp of(BasicFileAttributes attributes) {
            // A directory's own says what its entries say better, and changes with what tools put there for themselves.
            return attributes.isDirectory() ? new Stamp(-1, FileTime.fromMillis(0))
                    : new Stamp(attributes.size(), attributes.lastModifiedTime());
        }
    }

    static DirectoryLook at(Path directory) throws IOException {
        Map<String, Stamp> files = new HashMap<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
                String name = visited.equals(directory) ? "" : visited.getFileName().toString();
                if (NOBODYS.contains(name)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Path installed = name.equals(PACKAGES) ? visited.resolve(INSTALLED) : visited.resolve(ENVIRONMENT);
                boolean packages = name.equals(PACKAGES) || !name.isEmpty() && Files.exists(installed);
                if (packages) {
                    files.put(inside(visited), new Stamp(-1, attributes.lastModifiedTime()));
                    put(installed, null);
                    return FileVisitResult.SKIP_SUBTREE;
                }
                files.put(inside(visited), Stamp.of(attributes));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.toString().endsWith(COMPILED)) {
                    // A link may lead to what is edited elsewhere.
                    put(file, attributes.isSymbolicLink() ? null : attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (file.equals(directory)) {
                    throw failure;
                }
                // It went while the others were looked at, or is nobody's business.
                return FileVisitResult.CONTINUE;
            }

            /** @param known null for what is still to be read, which may go meanwhile */
            private void put(Path file, BasicFileAttributes known) throws IOException {
                try {
                    files.put(inside(file), Stamp.of(known == null ? Files.readAttributes(file, BasicFileAttributes.class) : known));
                } catch (NoSuchFileException | FileSystemLoopException gone) {
                    files.remove(inside(file));
                }
            }

            private String inside(Path file) {
                return directory.relativize(file).toString();
            }
        });
        return new DirectoryLook(files);
    }

    /** One file or directory that isn't as it was. @param before not equal to this */
    String otherThan(DirectoryLook before) {
        return Stream.concat(files.keySet().stream(), before.files.keySet().stream()).sorted()
                .filter(file -> !Objects.equals(files.get(file), before.files.get(file))).findFirst().orElseThrow();
    }

    /** When something in it was written last, as far as its times tell. */
    Instant newest() {
        return files.values().stream().map(stamp -> stamp.modified().toInstant()).max(Instant::compareTo).orElse(Instant.EPOCH);
    }
}
