package dev.sluice.runtime.code;

import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import dev.sluice.function.Time;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Which layers does a version of a function have, and where are they on disk? Thread-safe. */
public final class Layers {

    private final Map<String, Path> configured;
    private final CodeStore store;
    private final Time time;
    private final Map<List<LocalLayers.Layer>, LocalLayers> known = new ConcurrentHashMap<>();

    /** @param configured directories and zips by the ARN of a layer's version, or of a layer for all its versions */
    public Layers(Map<String, Path> configured, CodeStore store, Time time) {
        this.configured = Map.copyOf(configured);
        this.store = store;
        this.time = time;
    }

    /** As they are now, with the caller as one of the stack's users. */
    public LayerStack of(FunctionVersion version) throws NotRunnableException {
        if (version.settings().layers().isEmpty() || version.code().runBy() == FunctionCode.RunBy.ATTACHED_PROCESS) {
            return LayerStack.NONE;
        }
        return known(found(version)).current();
    }

    private LocalLayers known(List<LocalLayers.Layer> layers) {
        return known.computeIfAbsent(layers, list -> new LocalLayers(list, store, time));
    }

    private List<LocalLayers.Layer> found(FunctionVersion version) throws NotRunnableException {
        List<LocalLayers.Layer> layers = new ArrayList<>();
        for (String arn : version.settings().layers()) {
            layers.add(find(arn, version.function()));
        }
        return layers;
    }

    /** Begins to look for other layers of these versions. */
    public Stream<CodeWatch.Seen> seen(List<FunctionVersion> versions) {
        return versions.stream().map(version -> {
            try {
                return found(version);
            } catch (NotRunnableException notConfigured) {
                return List.<LocalLayers.Layer>of(); // for as long as this server runs
            }
        }).filter(layers -> !layers.isEmpty()).distinct().map(layers -> known(layers).seen());
    }

    private LocalLayers.Layer find(String arn, String function) throws NotRunnableException {
        String layer = arn.substring(0, arn.lastIndexOf(':'));
        for (String key : List.of(arn, layer)) {
            Path path = configured.get(key);
            if (path != null) {
                return new LocalLayers.Layer(key, path);
            }
        }
        throw new NotRunnableException("function " + function + " has the layer " + arn + ", and nothing says where its content is;"
                + " set layers.\"" + arn + "\": PATH in sluice.yaml, a zip or a directory (an empty directory leaves the layer out)");
    }
}
