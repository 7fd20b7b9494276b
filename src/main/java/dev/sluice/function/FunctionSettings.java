package dev.sluice.function;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a function is run: what AWS calls its configuration. Immutable. {@code handler}, {@code runtime} and {@code role} are null
 * where nobody gave them (an HTTP endpoint has none). {@link #toString} leaves the environment's values out: they may be secrets.
 * It has as many components as AWS's configuration has members that anything here looks at.
 *
 * @param layers the ARNs of layer versions, the lowest first
 * @param otherMembers what was said of the members that nothing here looks at, by AWS's name, as JSON: they are kept to be returned
 * @param local how it is run here and nowhere else
 */
public record FunctionSettings(@Nullable String runtime, @Nullable String handler, @Nullable String role, String description,
        Duration timeout,
        int memoryMb, Map<String, String> environment, List<String> layers, LoggingConfig logging, SnapStart snapStart,
        Map<String, String> otherMembers, LocalOptions local) {

    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);
    public static final int DEFAULT_MEMORY_MB = 128;

    public FunctionSettings {
        Objects.requireNonNull(description, "description");
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(Duration.ofSeconds(900)) > 0) {
            throw new IllegalArgumentException("timeout is " + timeout.toSeconds() + " s; allowed are 1 to 900 s");
        }
        if (memoryMb < 128 || memoryMb > 10_240) {
            throw new IllegalArgumentException("memoryMb is " + memoryMb + "; allowed are 128 to 10240");
        }
        environment = Map.copyOf(environment);
        layers = List.copyOf(layers);
        Objects.requireNonNull(logging, "logging");
        Objects.requireNonNull(snapStart, "snapStart");
        otherMembers = Map.copyOf(otherMembers);
        Objects.requireNonNull(local, "local");
    }

    /** Settings of which nothing else was said. */
    public FunctionSettings(@Nullable String runtime, @Nullable String handler, @Nullable String role, String description, Duration timeout,
            int memoryMb,
            Map<String, String> environment) {
        this(runtime, handler, role, description, timeout, memoryMb, environment, List.of(), LoggingConfig.DEFAULT, SnapStart.NONE,
                Map.of(),
                LocalOptions.DEFAULT);
    }

    public FunctionSettings withDescription(String other) {
        return new FunctionSettings(runtime, handler, role, other, timeout, memoryMb, environment, layers, logging, snapStart, otherMembers,
                local);
    }

    /** The same, run in another way. */
    public FunctionSettings with(LocalOptions options) {
        return new FunctionSettings(runtime, handler, role, description, timeout, memoryMb, environment, layers, logging, snapStart,
                otherMembers, options);
    }

    @Override
    public String toString() {
        return "FunctionSettings[runtime=" + runtime + ", handler=" + handler + ", timeout=" + timeout + ", memoryMb=" + memoryMb
                + ", environment=" + environment.keySet() + ", layers=" + layers + ", logging=" + logging + ", snapStart=" + snapStart
                + ", otherMembers=" + otherMembers.keySet() + ", local=" + local + "]";
    }
}
