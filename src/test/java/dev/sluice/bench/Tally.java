package dev.sluice.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What one handler instance was given since the last reset, in a mapped file that the benchmark reads from its own JVM: counting costs
 * the measured JVM a few stores per invocation. Written by one thread at a time.
 */
final class Tally {

    /** The resource of the handlers' JAR that names the directory of the files; each handler has one of its own in it. */
    static final String DIRECTORY = "tally-directory";

    static final int INVOCATIONS = 0;
    static final int BYTES = 8;
    static final int RECORDS = 16;
    static final int FIRST_START = 24;
    static final int LAST_END = 32;
    static final int LENGTH = 40;

    private final ByteBuffer counts;

    private Tally(ByteBuffer counts) {
        this.counts = counts;
    }

    /** A new file for an instance of {@code handler}. */
    static Tally create(Class<?> handler) {
        try (InputStream resource = handler.getClassLoader().getResourceAsStream(DIRECTORY)) {
            Path directory = Path.of(new String(resource.readAllBytes(), StandardCharsets.UTF_8), handler.getSimpleName());
            return new Tally(map(Files.createTempFile(directory, "instance", ".tally")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
        }
    }

    /** @param start {@link System#nanoTime} at the beginning of the invocation */
    void begun(long start) {
        if (counts.getLong(FIRST_START) == 0) {
            counts.putLong(FIRST_START, start);
        }
        VarHandle.fullFence();
    }

    void ended(long bytes, long records) {
        counts.putLong(BYTES, counts.getLong(BYTES) + bytes);
        counts.putLong(RECORDS, counts.getLong(RECORDS) + records);
        counts.putLong(LAST_END, System.nanoTime());
        VarHandle.fullFence();
        counts.putLong(INVOCATIONS, counts.getLong(INVOCATIONS) + 1);
    }
}
