package dev.sluice.runtime.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * Has a file or directory been written to? Two stamps that are equal say no, as far as that can be told without reading it. Immutable.
 *
 * @param size 0 of a directory
 * @param fileKey tells a file from another one of the same size and time under the same name; null where the file system has none, or
 *     where it doesn't matter
 */
record FileStamp(boolean directory, long size, FileTime modified, Object fileKey) {

    /** Of a directory whose own time doesn't matter: its entries say it better, and tools put things there for themselves. */
    static final FileStamp DIRECTORY = new FileStamp(true, 0, FileTime.fromMillis(0), null);

    static FileStamp of(BasicFileAttributes attributes) {
        return new FileStamp(attributes.isDirectory(), attributes.isDirectory() ? 0 : attributes.size(), attributes.lastModifiedTime(),
                attributes.fileKey());
    }

    static FileStamp of(Path file) throws IOException {
        return of(Files.readAttributes(file, BasicFileAttributes.class));
    }

    /** The same, of whichever file has this size and time. */
    FileStamp withoutKey() {
        return new FileStamp(directory, size, modified, null);
    }
}
