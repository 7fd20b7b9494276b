package dev.sluice.runtime.code;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * How does a class path become a version of code? If its first entry is a directory, that becomes the archive; everything after it
 * becomes a library, in class path order. Each is a copy, so that a build can overwrite or delete what it made. Immutable.
 *
 * @param look what is to be copied
 * @param before a version that is in use, and what it was made from: JARs that are the same since are linked to it. Null for none
 */
record TreeCopy(TreeSnapshot look, Made before) implements CodeStore.Content {

    /** What counts in a JAR and for nothing in a directory on a class path. */
    private static final Pattern OF_JARS_ONLY = Pattern.compile("META-INF/(MANIFEST\\.MF|[^/]+\\.(SF|RSA|DSA|EC))");

    /** A version that was made of a class path. */
    record Made(TreeSnapshot look, CodeVersion version) {
    }

    @Override
    public List<Path> write(Path archive, Path libraries) throws IOException {
        boolean directoryFirst = !look.roots().isEmpty() && look.roots().get(0).isDirectory();
        try (ZipOutputStream zip = newZip(archive)) {
            if (directoryFirst) {
                pack(look.roots().get(0), zip, false);
            }
        }
        PrivateFiles.restrict(archive);
        Map<TreeSnapshot.Root, Path> present = copiesBefore();
        List<Path> written = new ArrayList<>();
        for (TreeSnapshot.Root root : directoryFirst ? look.roots().subList(1, look.roots().size()) : look.roots()) {
            // In a directory of its own: two JARs may have the same name, which a stack trace shows.
            Path place = libraries.resolve(String.format(Locale.ROOT, "%04d", written.size() + 1));
            PrivateFiles.createDirectories(place);
            String name = root.path().getFileName().toString();
            Path library = place.resolve(root.isDirectory() ? name + ".jar" : name);
            if (root.isDirectory()) {
                try (ZipOutputStream zip = newZip(library)) {
                    pack(root, zip, true);
                }
            } else {
                copy(root, present.get(root), library);
            }
            PrivateFiles.restrict(library);
            written.add(library);
        }
        return written;
    }

    private static void copy(TreeSnapshot.Root jar, Path present, Path to) throws IOException {
        if (present != null) {
            try {
                Files.createLink(to, present);
            } catch (IOException | UnsupportedOperationException noLinks) {
                // Not every file system has them, or as many as one wants.
                Files.copy(present, to);
            }
            return;
        }
        Files.copy(jar.path(), to);
        // Fails if it is half written: nothing of it must be loaded.
        new ZipFile(to.toFile()).close();
    }

    private Map<TreeSnapshot.Root, Path> copiesBefore() {
        Map<TreeSnapshot.Root, Path> copies = new HashMap<>();
        if (before != null) {
            List<TreeSnapshot.Root> roots = before.look().roots();
            int archived = roots.size() - before.version().libraries().size();
            for (int i = archived; i < roots.size(); i++) {
                if (!roots.get(i).isDirectory()) {
                    copies.put(roots.get(i), before.version().libraries().get(i - archived));
                }
            }
        }
        return copies;
    }

    private static ZipOutputStream newZip(Path file) throws IOException {
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16);
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setLevel(Deflater.NO_COMPRESSION);
        return zip;
    }

    private static void pack(TreeSnapshot.Root root, ZipOutputStream zip, boolean asLibrary) throws IOException {
        for (Map.Entry<String, FileStamp> file : root.content().entrySet()) {
            String name = file.getKey();
            if (name.isEmpty() || asLibrary && OF_JARS_ONLY.matcher(name).matches()) {
                continue;
            }
            zip.putNextEntry(new ZipEntry(file.getValue().directory() ? name + "/" : name));
            if (!file.getValue().directory()) {
                Files.copy(inside(root, name), zip);
            }
            zip.closeEntry();
        }
    }

    private static Path inside(TreeSnapshot.Root root, String name) throws IOException {
        try {
            return root.path().resolve(name);
        } catch (InvalidPathException unreadableName) {
            throw new IOException("'" + name + "' in " + root.path() + " can't be read"
                    + PlatformEncoding.obstacle(name).map(obstacle -> ": " + obstacle).orElse(""), unreadableName);
        }
    }
}
