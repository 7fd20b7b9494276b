package dev.sluice.runtime.process;

import dev.sluice.function.Isolation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * How are functions run on this machine that aren't HTTP endpoints? Immutable.
 *
 * @param processes starts those that run in a process
 * @param isolation where Java code runs of which nothing else is said
 * @param ownJvm whether this JVM is the server's own, so that code may move out of it
 * @param interpreters which program runs the code of a runtime, by AWS's name of it such as {@code python3.12}; one that isn't there is
 *     looked for
 * @param layers where a layer's content is, by the ARN of its version or of the layer: a directory or a zip
 * @param attachPoints where processes that the user started himself ask for events
 */
public record LocalRuntimes(RuntimeProcesses processes, Isolation isolation, boolean ownJvm, Map<String, Path> interpreters,
        Map<String, Path> layers, AttachPoints attachPoints) {

    public LocalRuntimes {
        Objects.requireNonNull(processes, "processes");
        Objects.requireNonNull(isolation, "isolation");
        interpreters = Map.copyOf(interpreters);
        layers = Map.copyOf(layers);
        Objects.requireNonNull(attachPoints, "attachPoints");
    }

    /** In a JVM that is somebody else's, and to which no process can attach itself. */
    public LocalRuntimes(RuntimeProcesses processes, Isolation isolation, Map<String, Path> interpreters, Map<String, Path> layers) {
        this(processes, isolation, false, interpreters, layers, AttachPoints.NONE);
    }
}
