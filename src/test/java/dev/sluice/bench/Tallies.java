package dev.sluice.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What all instances of one function were given since the last reset. Confined to one thread. */
final class Tallies {

    private final Path directory;
    private final Map<Path, ByteBuffer> mapped = new HashMap<>();

    /** @param jarDirectory where {@link HandlerJar} wrote */
    Tallies(Path jarDirectory, Class<?> handler) throws IOException {
        this.directory = Files.createDirectories(jarDirectory.resolve(handler.getSimpleName()));
    }

    /** @param nanos from the begin of the first invocation to the end of the last */
    record Sum(long invocations, long bytes, long records, long nanos) {
    }

    Sum sum() throws IOException {
        long invocations = 0;
        long bytes = 0;
        long records = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (ByteBuffer counts : instances()) {
            if (counts.getLong(Tally.INVOCATIONS) > 0) {
                invocations += counts.getLong(Tally.INVOCATIONS);
                bytes += counts.getLong(Tally.BYTES);
                records += counts.getLong(Tally.RECORDS);
                first = Math.min(first, counts.getLong(Tally.FIRST_START));
                last = Math.max(last, counts.getLong(Tally.LAST_END));
            }
        }
        return new Sum(invocations, bytes, records, invocations == 0 ? 0 : last - first);
    }

    /** Whether an invocation has begun. */
    boolean begun() throws IOException {
        return instances().stream().anyMatch(counts -> counts.getLong(Tally.FIRST_START) != 0);
    }

    /** Begins anew; only while no invocation is under way. */
    void reset() throws IOException {
        for (ByteBuffer counts : instances()) {
            counts.put(0, new byte[Tally.LENGTH]);
        }
    }

    private List<ByteBuffer> instances() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                // A handler makes its file empty and maps it a moment later.
                if (!mapped.containsKey(file) && Files.size(file) == Tally.LENGTH) {
                    mapped.put(file, Tally.map(file));
                }
            }
        }
        return List.copyOf(mapped.values());
    }
}
