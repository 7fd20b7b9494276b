package dev.sluice.runtime.code;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What is at a path of a zip, read without unpacking it? With links, names and doubled entries as {@link ArchiveTree} has them. Of
 * entries with the same name {@link ZipFile} finds the last. Thread-safe.
 */
public final class ArchiveFile implements Closeable {

    private static final int LONGEST_TARGET = 4_096;

    private final ZipFile zip;
    /** Null when the names of the entries say all. */
    private final ArchiveTree tree;

    private ArchiveFile(ZipFile zip, ZipListing listing) throws IOException {
        this.zip = zip;
        this.tree = listing.fault().isPresent() || listing.isPlain() ? null : tree(listing);
    }

    /** Opens also what must not be unpacked, as a JAR of the working tree may be, and finds in it what there is to find. */
    public static ArchiveFile open(Path archive) throws IOException {
        ZipListing listing = ZipListing.read(archive);
        ZipFile zip = new ZipFile(archive.toFile());
        try {
            return new ArchiveFile(zip, listing);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /** All that it unpacks to. @param listing its own */
    ArchiveTree tree(ZipListing listing) throws IOException {
        if (listing.fault().isEmpty()) {
            return ArchiveTree.of(listing.entries(), this::target);
        }
        // A JAR that is opened without having been checked: what the JDK can read of it counts.
        List<ZipListing.Entry> named = zip.stream().map(entry -> new ZipListing.Entry(entry.getName(), false, false)).toList();
        return ArchiveTree.of(named, this::target);
    }

    /** The file at a path; null for none. */
    public ZipEntry entry(String path) {
        return tree == null ? zip.getEntry(path) : tree.file(path).map(file -> zip.getEntry(file.entry())).orElse(null);
    }

    public InputStream read(ZipEntry entry) throws IOException {
        return zip.getInputStream(entry);
    }

    public InputStream read(ArchiveTree.Node.Content file) throws IOException {
        return zip.getInputStream(zip.getEntry(file.entry()));
    }

    private String target(String entry) throws IOException {
        try (InputStream in = zip.getInputStream(zip.getEntry(entry))) {
            return new String(in.readNBytes(LONGEST_TARGET), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
