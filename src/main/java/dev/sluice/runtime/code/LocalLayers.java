package dev.sluice.runtime.code;

import dev.sluice.function.NotRunnableException;
import dev.sluice.function.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One list of layers: what is the newest that can be laid out of it? It looks when it is asked, but not every time; what was
 * changed counts once nothing was written for a moment. While a build replaces a layer, what was laid out before stays in use, as
 * with a JAR. Thread-safe.
 */
final class LocalLayers {

    private static final Logger LOG = LoggerFactory.getLogger(LocalLayers.class);
    /** How long a look is good for; longer where it takes long, so that looking is a small part of the time. */
    private static final Duration LOOK = Duration.ofMillis(300);
    private static final int PART = 10;
    /** How long nothing must have been written. */
    private static final Duration QUIET = Duration.ofMillis(200);
    /** How long a build may leave a layer missing or unreadable. */
    private static final Duration BUILD = Duration.ofSeconds(30);

    private final List<Layer> layers;
    private final CodeStore store;
    private final Time time;
    /** Guarded by this, as what follows. Null while nobody uses it. */
    private LayerStack newest;
    private List<Snapshot> used;
    private List<Snapshot> seen;
    private long seenAt;
    private long nextLook;
    private boolean unusable;
    private long unusableSince;
    /** Whether the last look found one missing; read by whoever looks for other ones. */
    private volatile boolean missing;

    /**
     * Where a layer is.
     *
     * @param key which the configuration has it under
     */
    record Layer(String key, Path path) {
        private NotRunnableException missing() {
            return new NotRunnableException("layers.\"" + key + "\" is " + path + ", which doesn't exist");
        }

        private NotRunnableException unreadable(IOException e) {
            return new NotRunnableException("layers.\"" + key + "\" is " + path + ", which can't be used: " + e.getMessage(), e);
        }
    }

    /** @param layers in their order: what is in a later one replaces what is in those before */
    LocalLayers(List<Layer> layers, CodeStore store, Time time) {
        this.layers = List.copyOf(layers);
        this.store = store;
        this.time = time;
    }

    /** The newest, with the caller as one of its users. */
    synchronized LayerStack current() throws NotRunnableException {
        if (newest != null && now() - nextLook < 0 && newest.retain()) {
            return newest;
        }
        try {
            LayerStack current = look();
            unusable = false;
            return current;
        } catch (NotRunnableException e) {
            if (newest != null && stillBuilding() && newest.retain()) {
                return newest;
            }
            throw e;
        }
    }

    /** Begins to look for other layers than there are now; where one was missing, than none. */
    CodeWatch.Seen seen() {
        return CodeWatch.Seen.comparing(this::looks, missing ? null : looks());
    }

    private Object looks() {
        try {
            List<Snapshot> looks = new ArrayList<>();
            for (Layer layer : layers) {
                looks.add(LayerContent.snapshot(layer.path()));
            }
            return looks;
        } catch (IOException missing) {
            return null;
        }
    }

    private LayerStack look() throws NotRunnableException {
        long begun = now();
        List<Snapshot> looks = new ArrayList<>();
        for (Layer layer : layers) {
            missing = !Files.exists(layer.path());
            if (missing) {
                throw layer.missing();
            }
            try {
                looks.add(LayerContent.snapshot(layer.path()));
            } catch (IOException e) {
                throw layer.unreadable(e);
            }
        }
        long now = now();
        nextLook = now + Math.max(LOOK.toNanos(), PART * (now - begun));
        if (newest != null && (looks.equals(used) || !isQuiet(looks, now)) && newest.retain()) {
            return newest;
        }
        LayerStack made = layOut();
        if (newest != null && !looks.equals(used)) {
            LOG.info("A layer of {} has changed; the next invocation has a new instance",
                    layers.stream().map(Layer::path).toList());
        }
        newest = made;
        used = looks;
        return made;
    }

    private boolean isQuiet(List<Snapshot> looks, long now) {
        if (!looks.equals(seen)) {
            seen = looks;
            seenAt = now;
        }
        Instant written = looks.stream().map(Snapshot::newest).max(Instant::compareTo).orElseThrow();
        return now - seenAt >= QUIET.toNanos() || Duration.between(written, time.clock().instant()).compareTo(QUIET) >= 0;
    }

    private LayerStack layOut() throws NotRunnableException {
        Path home;
        try {
            home = store.newLayers();
        } catch (IOException e) {
            throw new NotRunnableException("layers can't be laid out in the code directory: " + e.getMessage(), e);
        }
        try {
            for (Layer layer : layers) {
                try {
                    LayerContent.layOver(layer.path(), home);
                } catch (IOException e) {
                    throw layer.unreadable(e);
                }
            }
            LayerStack[] self = new LayerStack[1];
            self[0] = LayerStack.at(home, libraries(home.resolve("java/lib")), () -> unused(self[0], home));
            return self[0];
        } catch (IOException e) {
            CodeStore.discard(home);
            throw new NotRunnableException("the libraries of layers can't be listed: " + e.getMessage(), e);
        } catch (NotRunnableException | RuntimeException e) {
            CodeStore.discard(home);
            throw e;
        }
    }

    /** Sorted by name, as Lambda's class path is. */
    private static List<Path> libraries(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".jar")).sorted().toList();
        }
    }

    private void unused(LayerStack stack, Path directory) {
        synchronized (this) {
            if (newest == stack) {
                newest = null;
                used = null;
                seen = null;
            }
        }
        CodeStore.discard(directory);
    }

    private boolean stillBuilding() {
        long now = now();
        if (!unusable) {
            unusable = true;
            unusableSince = now;
            LOG.warn("A layer of {} is missing or half written; what was laid out of it stays in use for {} s",
                    layers.stream().map(Layer::path).toList(), BUILD.toSeconds());
        }
        return now - unusableSince < BUILD.toNanos();
    }

    private long now() {
        return time.nanos().getAsLong();
    }
}
