package dev.sluice.runtime.code;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** Files and directories that only their owner can read, where the file system knows owners. */
public final class PrivateFiles {

    private PrivateFiles() {
    }

    /** Makes the directory and its parents where missing, and restricts it to its owner. */
    public static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
        restrict(directory);
    }

    static void write(Path file, byte[] bytes) throws IOException {
        Files.createFile(file);
        restrict(file);
        Files.write(file, bytes);
    }

    /** Mode 0600, or 0700 for a directory. */
    static void restrict(Path path) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
    }

    /** Deletes the directory with all that is in it; links are deleted, not followed. */
    static void deleteTree(Path directory) throws IOException {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            // Somebody else was faster: what was asked for is so.
            return;
        }
    }
}
