package dev.sluice.runtime.code;

import dev.sluice.fault.FileFailure;
import dev.sluice.function.CodeSource;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.NotRunnableException;
import dev.sluice.function.Sha256;
import dev.sluice.function.Uploads;
import dev.sluice.resource.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where is a function's code on disk? Uploads are kept under their hash; what is in the working tree is copied before it is
 * loaded, so that a build can overwrite it. Each version is a directory of its own, made aside and moved in one step: what a
 * crash leaves behind has another name and is deleted at the next start. Thread-safe.
 */
public final class CodeStore implements Uploads {

    private static final Logger LOG = LoggerFactory.getLogger(CodeStore.class);
    private static final String ARCHIVE = "code.zip";
    private static final String LIBRARIES = "lib";
    private static final String UPLOAD = "sha256-";
    private static final String UNFINISHED = "upload-";
    private static final String COPY = "local-";
    private static final String LAYERS = "layers-";

    private final Path directory;
    private final ArchiveWriter archives;
    private final Supplier<Set<String>> referenced;
    /** Uploads in use by their hash. Guarded by this, as is every change of the directories of uploads. */
    private final Map<String, CodeVersion> inUse = new HashMap<>();

    /** @param referenced the hashes that some definition refers to; asked while this store's lock is held */
    public CodeStore(CodeLocations locations, Supplier<Set<String>> referenced) {
        this.directory = locations.directory();
        this.archives = new ArchiveWriter(locations.buckets());
        this.referenced = referenced;
    }

    /** Makes the directory and deletes what no definition refers to. Called once, before anything else. */
    public synchronized void open() {
        try {
            PrivateFiles.createDirectories(directory);
            Set<String> keep = directoryNames(referenced.get());
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    boolean ours = name.startsWith(UPLOAD) || name.startsWith(UNFINISHED) || name.startsWith(COPY)
                            || name.startsWith(LAYERS);
                    if (ours && !keep.contains(name)) {
                        PrivateFiles.deleteTree(entry);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The code directory " + directory + " can't be used: " + FileFailure.inWords(e), e);
        }
    }

    /** Where what runs code of other languages is kept. */
    public Path bootstraps() {
        return directory.resolve("bootstraps");
    }

    /** An empty directory for layers; whoever asks for it discards it. */
    Path newLayers() throws IOException {
        return Files.createTempDirectory(directory, LAYERS);
    }

    private record Stored(FunctionCode.Archive code, CodeVersion version) implements Upload {
        @Override
        public void close() {
            version.release();
        }
    }

    @Override
    public Upload store(Scope caller, CodeSource.Zipped source) {
        try {
            Path made = Files.createTempDirectory(directory, UNFINISHED);
            try {
                PrivateFiles.createDirectories(made.resolve(LIBRARIES));
                Path archive = made.resolve(ARCHIVE);
                archives.write(caller, source, archive);
                UploadedZip.checkListing(archive);
                UploadedZip.checkContents(archive);
                UploadedZip.checkTree(archive);
                FunctionCode.Archive code = new FunctionCode.Archive(sha256(archive), Files.size(archive));
                List<Path> libraries = UploadedZip.unpackLibraries(archive, made.resolve(LIBRARIES));
                force(archive);
                for (Path library : libraries) {
                    force(library);
                }
                synchronized (this) {
                    Path target = directory.resolve(directoryName(code.sha256()));
                    if (!Files.exists(target)) {
                        Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
                    }
                    return new Stored(code, use(code.sha256()));
                }
            } finally {
                PrivateFiles.deleteTree(made);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The uploaded code can't be stored in " + directory + ": " + FileFailure.inWords(e), e);
        }
    }

    /** The stored upload, with the caller as one of its users. */
    public CodeVersion open(FunctionCode.Archive code) throws NotRunnableException {
        synchronized (this) {
            Path archive = directory.resolve(directoryName(code.sha256())).resolve(ARCHIVE);
            if (!Files.isRegularFile(archive)) {
                throw new NotRunnableException("the uploaded code is gone: " + archive + " doesn't exist");
            }
            try {
                return use(code.sha256());
            } catch (IOException e) {
                throw new UncheckedIOException("The code can't be read: " + FileFailure.inWords(e), e);
            }
        }
    }

    /** What a version of local code is copied from. */
    @FunctionalInterface
    public interface Content {
        /** Writes the archive, which isn't there yet, and the libraries into a directory that is there; those in class path order. */
        List<Path> write(Path archive, Path libraries) throws IOException;
    }

    /** A private copy of a JAR, with the caller as its only user. */
    CodeVersion copy(Path jar) throws IOException {
        return copy((archive, libraries) -> {
            Files.copy(jar, archive);
            PrivateFiles.restrict(archive);
            return UploadedZip.unpackLibraries(archive, libraries);
        });
    }

    /** A private copy, with the caller as its only user. */
    CodeVersion copy(Content content) throws IOException {
        Path made = Files.createTempDirectory(directory, COPY);
        try {
            Path libraries = made.resolve(LIBRARIES);
            PrivateFiles.createDirectories(libraries);
            Path archive = made.resolve(ARCHIVE);
            return new CodeVersion(archive, content.write(archive, libraries), () -> discard(made));
        } catch (IOException | RuntimeException e) {
            discard(made);
            throw e;
        }
    }

    @Override
    public synchronized void sweep() {
        Set<String> keep = directoryNames(referenced.get());
        keep.addAll(directoryNames(inUse.keySet()));
        List<Path> unused = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(entry -> entry.getFileName().toString().startsWith(UPLOAD))
                    .filter(entry -> !keep.contains(entry.getFileName().toString())).forEach(unused::add);
        } catch (IOException e) {
            LOG.warn("Unused code could not be looked for in {}", directory, e);
        }
        unused.forEach(CodeStore::discard);
    }

    private CodeVersion use(String sha256) throws IOException {
        CodeVersion present = inUse.get(sha256);
        if (present != null && present.retain()) {
            return present;
        }
        Path home = directory.resolve(directoryName(sha256));
        List<Path> libraries = new ArrayList<>();
        try (Stream<Path> jars = Files.list(home.resolve(LIBRARIES))) {
            jars.sorted().forEach(libraries::add);
        }
        CodeVersion[] self = new CodeVersion[1];
        self[0] = new CodeVersion(home.resolve(ARCHIVE), libraries, () -> unused(sha256, self[0]));
        inUse.put(sha256, self[0]);
        return self[0];
    }

    private synchronized void unused(String sha256, CodeVersion version) {
        inUse.remove(sha256, version);
        if (!inUse.containsKey(sha256) && !referenced.get().contains(sha256)) {
            discard(directory.resolve(directoryName(sha256)));
        }
    }

    static void discard(Path made) {
        try {
            PrivateFiles.deleteTree(made);
        } catch (IOException e) {
            LOG.warn("Unused code could not be deleted: {}", made, e);
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static Set<String> directoryNames(Set<String> hashes) {
        return hashes.stream().map(CodeStore::directoryName).collect(Collectors.toCollection(HashSet::new));
    }

    private static String directoryName(String sha256) {
        return UPLOAD + HexFormat.of().formatHex(Base64.getDecoder().decode(sha256));
    }

    private static String sha256(Path archive) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = Files.newInputStream(archive)) {
            byte[] buffer = new byte[64 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return Base64.getEncoder().encodeToString(digest.digest());
    }
}
