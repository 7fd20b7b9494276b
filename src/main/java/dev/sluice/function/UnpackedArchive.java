package dev.sluice.function;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** How does a zip become files? With the permissions to run them that it names, for its owner; nothing lands beside the directory. */
final class UnpackedArchive {

    /** Of the JDK's file system of zips: makes it show what a zip says of permissions, which only its own view does. */
    private static final Map<String, String> WITH_PERMISSIONS = Map.of("enablePosixFileAttributes", "true");

    private UnpackedArchive() {
    }

    /** @param directory exists and is empty */
    static void write(Path archive, Path directory) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(archive, WITH_PERMISSIONS); Stream<Path> entries = Files.walk(zip.getPath("/"))) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                Path target = directory.resolve(entry.toString().substring(1)).normalize();
                if (!target.startsWith(directory)) {
                    throw new IOException("'" + entry + "' would be unpacked beside the code's directory");
                }
                if (Files.isDirectory(entry)) {
                    PrivateFiles.createDirectories(target);
                } else {
                    Files.copy(entry, target, StandardCopyOption.REPLACE_EXISTING);
                    restrict(entry, target);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (InvalidPathException e) {
            throw new IOException("this system's files can't have the name '" + e.getInput() + "'"
                    + PlatformEncoding.obstacle(e.getInput()).map(obstacle -> ": " + obstacle).orElse(""), e);
        }
    }

    private static void restrict(Path entry, Path target) throws IOException {
        PrivateFiles.restrict(target);
        Set<PosixFilePermission> said = Files.getFileAttributeView(entry, PosixFileAttributeView.class).readAttributes().permissions();
        PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        if (view != null && said.contains(PosixFilePermission.OWNER_EXECUTE)) {
            view.setPermissions(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));
        }
    }
}
