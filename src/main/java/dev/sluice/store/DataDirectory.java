package dev.sluice.store;

import dev.sluice.fault.FileFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one server keeps its data, and that no other server does so at the same time. Thread-safe.
 *
 * <p>The directory is private to its owner (mode 0700 where the file system knows modes), ignored by git, and locked from
 * {@link #open} to {@link #close}; the operating system drops the lock when the process dies, however it dies.
 */
public final class DataDirectory implements AutoCloseable {

    /** The file with mappings and functions. */
    public static final String DATABASE = "sluice.db";

    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
    private static final String LOCK = "lock";
    private static final String ID = "id";
    private static final String NEW_ID = "id.new";
    private static final String GITIGNORE = ".gitignore";
    private static final int ID_BYTES = 6;
    private static final Pattern ID_FORM = Pattern.compile("[0-9a-f]{" + 2 * ID_BYTES + "}");
    /** What may lie in a directory that is still to become a data directory: what a start cut short left, what mkfs makes. */
    private static final Set<String> NOBODYS = Set.of(LOCK, NEW_ID, GITIGNORE, "lost+found");
    /** The locked byte lies behind the text of the file, because Windows lets nobody read a locked one. */
    private static final long LOCKED_BYTE = 1024;
    /**
     * The directories open in this JVM. POSIX drops a process's locks on a file when the process closes any descriptor of
     * it, so a second attempt in this JVM must be refused before it opens the lock file: its close would unlock the first.
     */
    private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path realPath;
    private final FileChannel lock;
    private final String id;

    private DataDirectory(Path path, Path realPath, FileChannel lock, String id) {
        this.path = path;
        this.realPath = realPath;
        this.lock = lock;
        this.id = id;
    }

    /**
     * Opens the directory, and makes it first where there is none.
     *
     * @throws DataDirectoryException when another server uses it, or it can't be made, locked or written
     */
    public static DataDirectory open(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        try {
            create(path);
            Path realPath = path.toRealPath();
            if (!OPEN_HERE.add(realPath)) {
                throw inUse(path, "another Sluice server in this very process (pid " + ProcessHandle.current().pid() + ")", null);
            }
            boolean opened = false;
            try {
                DataDirectory result = openLocked(path, realPath);
                NativeLibrary.load(path);
                opened = true;
                return result;
            } finally {
                if (!opened) {
                    OPEN_HERE.remove(realPath);
                }
            }
        } catch (IOException e) {
            throw new DataDirectoryException("The data directory " + path + " can't be used: " + reason(e)
                    + ". Make it writable and make room on its disk, or name another directory.", e);
        }
    }

    /** The directory's absolute path. */
    public Path path() {
        return path;
    }

    /** Twelve lower-case hex digits, drawn at random when the directory was made, and the same ever since. */
    public String id() {
        return id;
    }

    /** Where {@link SqliteStore} keeps its database. */
    public Path databaseFile() {
        return path.resolve(DATABASE);
    }

    /** Where {@link SqliteJournal} keeps its database. */
    public Path journalFile() {
        return path.resolve("journal.db");
    }

    /** Lets the next server have the directory. Idempotent. */
    @Override
    public synchronized void close() {
        if (!lock.isOpen()) {
            return;
        }
        try (lock) {
            // The pid goes while the lock is still held: later it would wipe out the next holder's.
            lock.truncate(0);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not release the data directory " + path + ": " + reason(e), e);
        } finally {
            OPEN_HERE.remove(realPath);
        }
    }

    private static void create(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        if (Files.exists(path)) {
            throw new NotDirectoryException(path.toString());
        }
        if (path.getParent() != null && !Files.isDirectory(path.getParent())) {
            Files.createDirectories(path.getParent());
        }
        // createDirectories rather than createDirectory: another server may have been faster, and the lock decides then.
        Files.createDirectories(path, mode(path, "rwx------"));
    }

    private static DataDirectory openLocked(Path path, Path realPath) throws IOException {
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        boolean opened = false;
        try {
            takeLock(path, channel);
            takePossession(path);
            String id = readOrDrawId(path);
            opened = true;
            LOG.info("Data directory is {}", path);
            return new DataDirectory(path, realPath, channel, id);
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    private static void takeLock(Path path, FileChannel channel) throws IOException {
        FileLock taken;
        try {
            taken = channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException e) {
            // Only when this class was loaded twice, else OPEN_HERE has said so before.
            throw inUse(path, "another Sluice server in this very process", e);
        }
        if (taken == null) {
            throw inUse(path, "another Sluice server" + holder(channel), null);
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
    }

    /** The holder's pid in brackets, or nothing while it has not written it yet. */
    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        channel.read(text, 0);
        String pid = StandardCharsets.US_ASCII.decode(text.flip()).toString().strip();
        return pid.matches("\\d+") ? " (pid " + pid + ")" : "";
    }

    /** Hides what is in the directory from other users and from git, unless it is somebody's directory of other things. */
    private static void takePossession(Path path) throws IOException {
        if (!Files.exists(path.resolve(ID)) && holdsOtherThings(path)) {
            LOG.warn("{} holds other files, so its mode stays and it gets no .gitignore; a directory of its own is better",
                    path);
            return;
        }
        if (knowsModes(path)) {
            try {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            } catch (FileSystemException e) {
                // A mounted volume may belong to somebody else and be writable all the same.
                LOG.warn("Could not make {} private to its owner: {}", path, reason(e));
            }
        }
        if (!Files.exists(path.resolve(GITIGNORE))) {
            Files.writeString(path.resolve(GITIGNORE), "*\n");
        }
    }

    private static boolean holdsOtherThings(Path path) throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.anyMatch(entry -> !NOBODYS.contains(entry.getFileName().toString()));
        }
    }

    private static String readOrDrawId(Path path) throws IOException {
        Path file = path.resolve(ID);
        if (Files.exists(file)) {
            if (!Files.isRegularFile(file)) {
                throw new IOException(file + " is no file");
            }
            String id = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (!ID_FORM.matcher(id).matches()) {
                throw new DataDirectoryException("The file " + file + " doesn't hold the " + 2 * ID_BYTES
                        + " hex digits Sluice wrote. Delete it to get a new id; brokers then see new consumers.");
            }
            return id;
        }
        byte[] random = new byte[ID_BYTES];
        new SecureRandom().nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        // By way of another file, so that a full disk or a crash leaves no half of an id.
        Path draft = path.resolve(NEW_ID);
        Files.writeString(draft, id + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        return id;
    }

    static FileAttribute<?>[] mode(Path path, String mode) {
        return knowsModes(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static boolean knowsModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static DataDirectoryException inUse(Path path, String holder, Throwable cause) {
        String message = "The data directory " + path + " is in use by " + holder
                + ". Stop that server, or name another directory with --data-dir.";
        return cause == null ? new DataDirectoryException(message) : new DataDirectoryException(message, cause);
    }

    /** The problem in words. */
    static String reason(IOException e) {
        return FileFailure.inWords(e);
    }
}
