package dev.sluice.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** The zip of a function as {@code zip} makes it: with the files' permissions, here 755 for all. Stateless. */
public final class ZipOf {

    private static final String PERMISSIONS = "rwxr-xr-x";

    private ZipOf() {
    }

    /** @param workDirectory where it may be for a moment */
    public static byte[] file(Path workDirectory, String name, String content) throws IOException {
        Path directory = Files.createTempDirectory(workDirectory, "zip");
        URI zip = URI.create("jar:" + directory.resolve("f.zip").toUri());
        try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true", "enablePosixFileAttributes", "true"))) {
            Path file = Files.write(files.getPath("/", name), content.getBytes(StandardCharsets.UTF_8));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(PERMISSIONS));
        }
        return Files.readAllBytes(directory.resolve("f.zip"));
    }
}
