package dev.sluice.runtime.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;

/** How does a zip become files? With the permissions to run them that it names, for its owner; nothing lands beside the directory. */
public final class UnpackedArchive {

    /** The zip has something in it that must not become a file. */
    static final class NotUnpackedException extends IOException {

        private static final long serialVersionUID = 1L;

        private NotUnpackedException(String message) {
            super(message);
        }
    }

    private UnpackedArchive() {
    }

    /**
     * Files replace those that are there already. Links come last, so that no file is written through one of the zip's own.
     *
     * @param directory exists
     */
    public static void write(Path archive, Path directory) throws IOException {
        ZipListing listing = ZipListing.read(archive);
        if (listing.fault().isPresent()) {
            throw new NotUnpackedException(listing.fault().get());
        }
        try (ArchiveFile zip = ArchiveFile.open(archive)) {
            ArchiveTree tree = zip.tree(listing);
            if (tree.fault().isPresent()) {
                throw new NotUnpackedException(tree.fault().get());
            }
            Path root = directory.toRealPath();
            for (Map.Entry<String, ArchiveTree.Node> node : tree.nodes().entrySet()) {
                Path target = root.resolve(node.getKey());
                if (node.getValue() instanceof ArchiveTree.Node.Directory) {
                    PrivateFiles.createDirectories(target);
                    // Links of what was unpacked here before may lead anywhere together with this zip's.
                    requireWithin(root, target);
                } else if (node.getValue() instanceof ArchiveTree.Node.Content file) {
                    write(zip, file, target);
                }
            }
            for (Map.Entry<String, ArchiveTree.Node> node : tree.nodes().entrySet()) {
                if (node.getValue() instanceof ArchiveTree.Node.Link link) {
                    Path target = root.resolve(node.getKey());
                    Files.deleteIfExists(target);
                    Files.createSymbolicLink(target, Path.of(link.target()));
                }
            }
        } catch (InvalidPathException e) {
            throw new IOException("this system's files can't have the name '" + e.getInput() + "'"
                    + PlatformEncoding.obstacle(e.getInput()).map(obstacle -> ": " + obstacle).orElse(""), e);
        } catch (UnsupportedOperationException e) {
            throw new IOException("this system has no symbolic links, and the zip has", e);
        }
    }

    private static void requireWithin(Path root, Path directory) throws IOException {
        if (!directory.toRealPath().startsWith(root)) {
            throw new NotUnpackedException("'" + root.relativize(directory) + "' would be unpacked beside the code's directory");
        }
    }

    private static void write(ArchiveFile zip, ArchiveTree.Node.Content file, Path target) throws IOException {
        try (InputStream in = zip.read(file)) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
        PrivateFiles.restrict(target);
        PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        if (view != null && file.executable()) {
            view.setPermissions(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));
        }
    }
}
