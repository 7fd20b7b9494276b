package dev.sluice.runtime.code;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What does a zip's central directory list? It reads what {@code java.util.zip} doesn't show: the Unix mode, in which a link says that
 * it is one. Immutable.
 */
final class ZipListing {

    /** Ours, and one of memory: it is read as a whole, the zip isn't, as one in a bucket may be larger than a small heap. */
    private static final int LIMIT = 32 * 1024 * 1024;
    private static final int USUAL = 1024 * 1024;
    private static final int END = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int END64_LOCATOR = 0x07064b50;
    private static final int END64_LOCATOR_LENGTH = 20;
    private static final int END64 = 0x06064b50;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_LENGTH = 46;
    private static final int FILE_TYPE = 0170000;
    private static final int LINK = 0120000;

    /** One entry. @param executable whether its owner may run it */
    record Entry(String name, boolean link, boolean executable) {

        /** Whether it is a file or directory at the path that is its name. */
        private boolean isPlain() {
            return !link && !name.startsWith("./") && !name.startsWith("/") && !name.contains("//") && !name.contains("/./")
                    && !name.endsWith("/.");
        }
    }

    private static final int EXECUTABLE = 0100;

    private final List<Entry> entries = new ArrayList<>();
    private String fault;

    private ZipListing() {
    }

    /** Reads no more of the file than it has to. */
    static ZipListing read(Path zip) throws IOException {
        ZipListing listing = read(zip, USUAL);
        return listing.fault().isPresent() && Files.size(zip) > USUAL ? read(zip, LIMIT) : listing;
    }

    private static ZipListing read(Path zip, int limit) throws IOException {
        try (FileChannel channel = FileChannel.open(zip)) {
            ByteBuffer end = ByteBuffer.allocate((int) Math.min(channel.size(), limit));
            long before = channel.size() - end.capacity();
            channel.position(before);
            while (end.hasRemaining()) {
                if (channel.read(end) < 0) {
                    throw new EOFException(zip + " got shorter while it was read");
                }
            }
            return of(end.array(), before);
        }
    }

    /**
     * Reads the central directory; anything wrong is in {@link #fault}.
     *
     * @param end the last bytes of the zip, or all
     * @param before how many bytes the zip has in front of them
     */
    static ZipListing of(byte[] end, long before) {
        ZipListing listing = new ZipListing();
        try {
            listing.fault = listing.read(ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN), before);
        } catch (IndexOutOfBoundsException e) {
            listing.fault = "its central directory is cut off";
        }
        return listing;
    }

    /** Why the zip must not be used, for the log. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** As far as they could be read. */
    List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /** Whether every entry is a file or directory at the path that is its name. */
    boolean isPlain() {
        return entries.stream().allMatch(Entry::isPlain);
    }

    private String read(ByteBuffer zip, long before) {
        int end = endPosition(zip);
        if (end < 0) {
            return "it has no end record";
        }
        long length = Integer.toUnsignedLong(zip.getInt(end + 12));
        long directoryEnd = end;
        int locator = end - END64_LOCATOR_LENGTH;
        if (locator >= 0 && zip.getInt(locator) == END64_LOCATOR) {
            long end64 = zip.getLong(locator + 8) - before;
            if (end64 < 0 || end64 > locator || zip.getInt((int) end64) != END64) {
                return "its zip64 end record is not where it should be";
            }
            length = zip.getLong((int) end64 + 40);
            directoryEnd = end64;
        }
        // From the end, not from the stated offset: a JAR may have a shell script in front.
        long position = directoryEnd - length;
        if (length < 0 || position < 0) {
            return before == 0 ? "its central directory is longer than the file"
                    : "its central directory is longer than " + zip.limit() + " bytes";
        }
        while (position < directoryEnd) {
            int at = (int) position;
            if (zip.getInt(at) != ENTRY) {
                return "its central directory is damaged";
            }
            int nameLength = Short.toUnsignedInt(zip.getShort(at + 28));
            byte[] name = new byte[nameLength];
            zip.get(at + ENTRY_LENGTH, name);
            String text = new String(name, StandardCharsets.UTF_8);
            int mode = zip.getInt(at + 38) >>> 16;
            entries.add(new Entry(text, (mode & FILE_TYPE) == LINK, (mode & EXECUTABLE) != 0));
            position += ENTRY_LENGTH + nameLength + Short.toUnsignedInt(zip.getShort(at + 30))
                    + Short.toUnsignedInt(zip.getShort(at + 32));
        }
        return position == directoryEnd ? null : "its central directory is damaged";
    }

    private static int endPosition(ByteBuffer zip) {
        int lowest = Math.max(0, zip.limit() - END_LENGTH - 0xFFFF);
        for (int at = zip.limit() - END_LENGTH; at >= lowest; at--) {
            if (zip.getInt(at) == END && at + END_LENGTH + Short.toUnsignedInt(zip.getShort(at + 20)) == zip.limit()) {
                return at;
            }
        }
        return -1;
    }
}
