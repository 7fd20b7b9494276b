package dev.sluice.function;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What does a zip's central directory list, and is there an entry that must not be unpacked? It reads what {@code java.util.zip}
 * doesn't show: the Unix mode, in which a link says that it is one. Immutable.
 */
final class ZipListing {

    private static final int END = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int END64_LOCATOR = 0x07064b50;
    private static final int END64_LOCATOR_LENGTH = 20;
    private static final int END64 = 0x06064b50;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_LENGTH = 46;
    private static final int FILE_TYPE = 0170000;
    private static final int LINK = 0120000;

    private final List<String> names = new ArrayList<>();
    private String fault;

    private ZipListing() {
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
        if (listing.fault == null) {
            listing.fault = clash(listing.names);
        }
        return listing;
    }

    /** Why the zip must not be used, for the log. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    int entries() {
        return names.size();
    }

    List<String> names() {
        return Collections.unmodifiableList(names);
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
            if ((mode & FILE_TYPE) == LINK) {
                return "'" + text + "' is a symbolic link";
            }
            names.add(text);
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

    private static String clash(List<String> names) {
        Set<String> files = new HashSet<>();
        Set<String> directories = new HashSet<>();
        for (String name : names) {
            if (leaves(name)) {
                return "'" + name + "' leaves the directory it is unpacked to";
            }
            boolean directory = name.endsWith("/");
            String path = directory ? name.substring(0, name.length() - 1) : name;
            if (!(directory ? directories : files).add(path) && !directory) {
                return "'" + name + "' is in it twice";
            }
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                directories.add(path.substring(0, slash));
            }
        }
        for (String file : files) {
            if (directories.contains(file)) {
                return "'" + file + "' is a file as well as a directory";
            }
        }
        return null;
    }

    private static boolean leaves(String name) {
        if (name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0
                || name.length() > 1 && name.charAt(1) == ':') {
            return true;
        }
        for (String part : name.split("/")) {
            if (part.equals("..") || part.equals(".") || part.isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
