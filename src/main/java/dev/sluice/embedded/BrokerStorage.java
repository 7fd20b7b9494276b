package dev.sluice.embedded;

import dev.sluice.fault.FileFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Is a directory ready to be a broker's, and this broker's alone? Holds a lock on it until closed: Kafka's own lock comes only after the
 * metadata log has been opened, and two controllers writing to one metadata log destroy it.
 */
final class BrokerStorage implements AutoCloseable {
    private static final String LOCK = ".embedded-kafka.lock";
    private static final String TRIAL = ".embedded-kafka.trial";
    private static final int TRIAL_BYTES = 2 * 1024 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(BrokerStorage.class);

    /** org.apache.kafka.storage.internals.checkpoint.CleanShutdownFileHandler's; a broker removes it when it starts. */
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    private final Path directory;
    private final FileChannel lock;

    private BrokerStorage(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** @throws UncheckedIOException when the directory can't be made or written, or another broker uses it */
    static BrokerStorage open(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel lock = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!acquired(lock)) {
                lock.close();
                throw new IOException("another broker uses it");
            }
            return new BrokerStorage(directory, lock);
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded broker can't use the directory " + directory + ": " + FileFailure.inWords(e), e);
        }
    }

    private static boolean acquired(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldInThisJvm) {
            return false;
        }
    }

    /**
     * Does once what {@code kafka-storage.sh format} does; a directory that has been formatted is left as it is.
     *
     * @return whether a broker ran here that did not stop in good order
     */
    boolean format() throws Exception {
        if (Files.exists(directory.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            return !Files.exists(directory.resolve(CLEAN_SHUTDOWN));
        }
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setNodeId(BrokerSettings.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName(BrokerListeners.CONTROLLER)
                    .run();
        }
        return false;
    }

    /** Whether the directory is still what a broker can be started on without losing what it had. */
    boolean isIntact() {
        return Files.exists(directory.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME)) && Files.exists(directory.resolve(LOCK));
    }

    /** Whether there is room for what a broker writes before it serves anybody. */
    boolean takesWrites() {
        Path trial = directory.resolve(TRIAL);
        try {
            Files.write(trial, new byte[TRIAL_BYTES]);
            return true;
        } catch (IOException full) {
            return false;
        } finally {
            try {
                Files.deleteIfExists(trial);
            } catch (IOException left) {
                LOG.debug("The trial file {} can't be removed", trial, left);
            }
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
