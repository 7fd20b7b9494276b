package dev.sluice.runtime.code;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What in a directory with somebody's code counts? The size and time of each file; of installed packages only what their installation changes, as
 * there may be tens of thousands of files; of what tools keep there for themselves nothing. Stateless.
 */
final class DirectorySnapshot {

    /** Where packages are: their directory's own time tells what comes and goes, and the file that npm writes last what changes. */
    private static final String PACKAGES = "node_modules";
    private static final String INSTALLED = ".package-lock.json";
    /** In every virtual environment of Python. */
    private static final String ENVIRONMENT = "pyvenv.cfg";
    static final Set<String> NOBODYS = Set.of(".git", ".hg", ".svn", ".idea", ".vscode", "__pycache__", ".pytest_cache", ".mypy_cache",
            ".ruff_cache", ".tox", ".sluice");
    private static final String COMPILED = ".pyc";

    private DirectorySnapshot() {
    }

    private static FileStamp stamp(BasicFileAttributes attributes) {
        return attributes.isDirectory() ? FileStamp.DIRECTORY : FileStamp.of(attributes).withoutKey();
    }

    static Snapshot at(Path directory) throws IOException {
        Map<String, FileStamp> files = new HashMap<>();
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
                    files.put(inside(visited), FileStamp.of(attributes).withoutKey());
                    put(installed, null);
                    return FileVisitResult.SKIP_SUBTREE;
                }
                files.put(inside(visited), stamp(attributes));
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
                    files.put(inside(file), stamp(known == null ? Files.readAttributes(file, BasicFileAttributes.class) : known));
                } catch (NoSuchFileException | FileSystemLoopException gone) {
                    files.remove(inside(file));
                }
            }

            private String inside(Path file) {
                return directory.relativize(file).toString();
            }
        });
        return new Snapshot(files);
    }
}
