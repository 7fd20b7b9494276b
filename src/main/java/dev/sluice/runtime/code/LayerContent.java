package dev.sluice.runtime.code;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;

/** How is a layer, a zip or a directory, laid over others? Its root is what Lambda has in {@code /opt}. Stateless. */
final class LayerContent {

    private LayerContent() {
    }

    /** Size and time of each file, all packages included: in a layer they are what changes. Of a zip those of the zip. */
    static Snapshot snapshot(Path layer) throws IOException {
        Map<String, FileStamp> files = new HashMap<>();
        walk(layer, new Visit() {
            @Override
            public void directory(Path directory) {
                files.put(layer.relativize(directory) + "/", FileStamp.DIRECTORY);
            }

            @Override
            public void file(Path file, BasicFileAttributes attributes) {
                files.put(layer.relativize(file).toString(), FileStamp.of(attributes).withoutKey());
            }
        });
        return new Snapshot(files);
    }

    /** @param stack a directory that is there; what it has already of the same names is replaced */
    static void layOver(Path layer, Path stack) throws IOException {
        if (!Files.isDirectory(layer)) {
            try {
                UnpackedArchive.write(layer, stack);
            } catch (UnpackedArchive.NotUnpackedException e) {
                throw new IOException(e.getMessage() + "; unpack it, and name the directory instead", e);
            }
            return;
        }
        walk(layer, new Visit() {
            @Override
            public void directory(Path directory) throws IOException {
                PrivateFiles.createDirectories(stack.resolve(layer.relativize(directory)));
            }

            @Override
            public void file(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = stack.resolve(layer.relativize(file));
                if (attributes.isSymbolicLink()) {
                    // It leads nowhere, and does so there too.
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
                    return;
                }
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
                if (view != null) {
                    view.setPermissions(PosixFilePermissions.fromString(Files.isExecutable(file) ? "rwx------" : "rw-------"));
                }
            }
        });
    }

    private interface Visit {
        void directory(Path directory) throws IOException;

        /** A link only when it leads nowhere; of others what they lead to, as a zip has it. */
        void file(Path file, BasicFileAttributes attributes) throws IOException;
    }

    private static void walk(Path layer, Visit visit) throws IOException {
        Files.walkFileTree(layer, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                if (!directory.equals(layer) && DirectorySnapshot.NOBODYS.contains(directory.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                visit.directory(directory);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                visit.file(file, attributes);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
