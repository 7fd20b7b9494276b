package dev.sluice.runtime.code;

import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a class path looked like at one moment: its directories and JARs in class path order, each with the size, time and file key of
 * everything in it. Immutable. Two that are equal are of a tree in which nothing was written in between, as far as that can be told
 * without reading it.
 *
 * @param searched when something was added to or taken from the directories whose JARs are looked for; of two that are equal it may
 *     differ, as other things than JARs may be in there
 */
record TreeSnapshot(List<Root> roots, Instant searched) {

    TreeSnapshot {
        roots = List.copyOf(roots);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TreeSnapshot look && roots.equals(look.roots);
    }

    @Override
    public int hashCode() {
        return roots.hashCode();
    }

    /**
     * One directory or JAR.
     *
     * @param content a directory's, by the path inside of it with {@code /}, sorted; its own is the empty one. A JAR's own only
     */
    record Root(Path path, Map<String, FileStamp> content) {
        Root {
            content = Collections.unmodifiableSortedMap(new TreeMap<>(content));
        }

        boolean isDirectory() {
            return stamp().directory();
        }

        /** Of the directory or JAR itself. */
        FileStamp stamp() {
            return content.get("");
        }

        private boolean hasAllCodeOf(Root before) {
            return before.content.keySet().stream().allMatch(file -> !file.endsWith(".class") || content.containsKey(file));
        }

        private boolean hasCode() {
            return !isDirectory() || content.keySet().stream().anyMatch(file -> file.endsWith(".class"));
        }
    }

    /** Looks at everything; throws {@link NoSuchFileException} when an entry is missing, or a file went meanwhile. */
    static TreeSnapshot at(FunctionCode.LocalTree tree) throws IOException {
        List<Root> roots = new ArrayList<>();
        Instant searched = Instant.EPOCH;
        for (ClassPathEntry entry : tree.classPath()) {
            if (entry.pattern() == null) {
                roots.add(root(entry.path()));
            } else if (!tree.zipLayout() || Files.exists(entry.path())) {
                Instant modified = Files.getLastModifiedTime(entry.path()).toInstant();
                searched = modified.isAfter(searched) ? modified : searched;
                for (Path jar : matching(entry)) {
                    roots.add(root(jar));
                }
            }
        }
        return new TreeSnapshot(roots, searched);
    }

    private static List<Path> matching(ClassPathEntry entry) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(entry.path(), file -> entry.takes(file.getFileName().toString()))) {
            files.forEach(jars::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        jars.sort(null);
        return jars;
    }

    private static Root root(Path path) throws IOException {
        Map<String, FileStamp> content = new HashMap<>();
        // Links are followed, as a class loader does.
        Files.walkFileTree(path, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                content.put(inside(directory), FileStamp.of(attributes));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    content.put(inside(file), FileStamp.of(attributes));
                }
                return FileVisitResult.CONTINUE;
            }

            private String inside(Path file) {
                return path.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
            }
        });
        if (!content.containsKey("")) {
            throw new IOException(path + " is neither a file nor a directory");
        }
        return new Root(path, content);
    }

    /** When something in it was written last, as far as its times tell. */
    Instant newest() {
        return Stream.concat(Stream.of(searched), roots.stream().map(Root::content).map(Map::values).flatMap(Collection::stream)
                .map(stamp -> stamp.modified().toInstant())).max(Instant::compareTo).orElseThrow();
    }

    /** Whether no class file and no JAR of the tree before is missing: while they are, a build may be about to write them anew. */
    boolean hasAllCodeOf(TreeSnapshot before) {
        Map<Path, Root> now = byPath();
        return before.roots.stream().allMatch(root -> now.containsKey(root.path()) && now.get(root.path()).hasAllCodeOf(root));
    }

    /** Whether a directory of the tree before has lost its last class file. */
    boolean lostADirectoryOf(TreeSnapshot before) {
        Map<Path, Root> now = byPath();
        return before.roots.stream().filter(root -> root.isDirectory() && root.hasCode())
                .anyMatch(root -> !now.containsKey(root.path()) || !now.get(root.path()).hasCode());
    }

    private Map<Path, Root> byPath() {
        Map<Path, Root> byPath = new HashMap<>();
        roots.forEach(root -> byPath.put(root.path(), root));
        return byPath;
    }
}
