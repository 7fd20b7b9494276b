package dev.sluice.runtime.code;

import dev.sluice.function.FunctionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** May these bytes become a function's code? Refusals are in AWS's words; the log says what exactly is wrong. */
public final class UploadedZip {

    /** AWS's limit of a zip in a request; the text is recorded from AWS. */
    static final int ZIPPED_LIMIT = 52_428_800;
    /** AWS's limit of a function's unpacked code. */
    static final long UNZIPPED_LIMIT = 262_144_000;
    /** Ours: a zip of 50 MB can hold half a million empty entries, and each costs memory. */
    static final int ENTRY_LIMIT = 100_000;

    private static final String REFUSED = "Could not unzip uploaded file. Please check your file, then try to upload again.";

    private static final Logger LOG = LoggerFactory.getLogger(UploadedZip.class);

    private UploadedZip() {
    }

    /** Refuses a zip in a request that is too large; one in a bucket may be larger. */
    static void checkZippedSize(long size) {
        if (size >= ZIPPED_LIMIT) {
            throw new FunctionException.TooLarge("Zipped size must be smaller than " + ZIPPED_LIMIT + " bytes");
        }
    }

    /** Refuses what can be seen without unpacking anything. */
    static void checkListing(Path zip) throws IOException {
        ZipListing listing = ZipListing.read(zip);
        if (listing.fault().isPresent()) {
            throw unreadable(listing.fault().get());
        }
        if (listing.entries().isEmpty()) {
            throw new FunctionException.InvalidParameter("Uploaded file must be a non-empty zip");
        }
        if (listing.entries().size() > ENTRY_LIMIT) {
            throw unreadable("it has " + listing.entries().size() + " entries; at most " + ENTRY_LIMIT + " are taken");
        }
        // Now and not when it is unpacked, as whoever uploads can do something about it.
        Optional<ZipListing.Entry> unnameable = listing.entries().stream()
                .filter(entry -> PlatformEncoding.obstacle(entry.name()).isPresent()).findFirst();
        if (unnameable.isPresent()) {
            throw unreadable("'" + unnameable.get().name() + "' can't be unpacked: "
                    + PlatformEncoding.obstacle(unnameable.get().name()).orElseThrow());
        }
    }

    /** Inflates every entry once: the sizes a zip states about itself may be lies, and a wrong checksum means a broken upload. */
    static void checkContents(Path zip) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long unzipped = 0;
        try (ZipFile file = new ZipFile(zip.toFile())) {
            Enumeration<? extends ZipEntry> entries = file.entries();
            while (entries.hasMoreElements()) {
                // Of several with one name the last, which is what counts.
                ZipEntry entry = file.getEntry(entries.nextElement().getName());
                CRC32 crc = new CRC32();
                try (InputStream in = file.getInputStream(entry)) {
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        unzipped += n;
                        if (unzipped >= UNZIPPED_LIMIT) {
                            throw unzippedTooLarge();
                        }
                        crc.update(buffer, 0, n);
                    }
                }
                if (!entry.isDirectory() && entry.getCrc() != crc.getValue()) {
                    throw unreadable("'" + entry.getName() + "' has a wrong checksum");
                }
            }
        } catch (java.util.zip.ZipException | EOFException | IllegalArgumentException e) {
            throw unreadable(e.getMessage());
        }
    }

    /** Refuses what would be unpacked, or lead, beside the directory, and what no file system can hold. */
    static void checkTree(Path zip) throws IOException {
        try (ArchiveFile file = ArchiveFile.open(zip)) {
            Optional<String> fault = file.tree(ZipListing.read(zip)).fault();
            if (fault.isPresent()) {
                throw unreadable(fault.get());
            }
        }
    }

    /** Unpacks {@code lib/*.jar} of the zip into {@code directory}, which exists; sorted by name, as AWS's class path is. */
    public static List<Path> unpackLibraries(Path zip, Path directory) throws IOException {
        List<Path> libraries = new ArrayList<>();
        try (ArchiveFile file = ArchiveFile.open(zip)) {
            for (Map.Entry<String, ArchiveTree.Node.Content> library : file.tree(ZipListing.read(zip)).filesIn("lib").entrySet()) {
                if (!library.getKey().endsWith(".jar")) {
                    continue;
                }
                Path unpacked = directory.resolve(library.getKey());
                try (InputStream in = file.read(library.getValue())) {
                    Files.copy(in, unpacked);
                }
                PrivateFiles.restrict(unpacked);
                libraries.add(unpacked);
            }
        }
        libraries.sort(null);
        return libraries;
    }

    static FunctionException.InvalidParameter unzippedTooLarge() {
        return new FunctionException.InvalidParameter("Unzipped size must be smaller than " + UNZIPPED_LIMIT + " bytes");
    }

    private static FunctionException.InvalidParameter unreadable(String why) {
        LOG.warn("An uploaded zip was refused: {}", why);
        return new FunctionException.InvalidParameter(REFUSED, "The zip can't be used: " + why + ".");
    }
}
