package dev.sluice.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;

/** Is a directory ready to be a broker's, with a cluster id that stays? */
final class BrokerStorage {
    /** org.apache.kafka.storage.internals.checkpoint.CleanShutdownFileHandler's; there while no broker runs that must be recovered. */
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    private BrokerStorage() {
    }

    /**
     * Does once what {@code kafka-storage.sh format} does; a directory that has been formatted is left as it is.
     *
     * @return whether a broker ran here that did not stop in good order
     */
    static boolean format(Path directory) throws Exception {
        Files.createDirectories(directory);
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

    /** Fails now rather than in the background when the directory can't be made or written. */
    static void prepare(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded broker's directory " + directory + " can't be created", e);
        }
        if (!Files.isWritable(directory)) {
            throw new UncheckedIOException(new IOException("The embedded broker's directory " + directory + " can't be written"));
        }
    }
}
