package dev.sluice.function;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What does a request say about how a function is run? Immutable; absent members are null and leave a setting as it is. It has as
 * many components as {@link FunctionSettings} has that a request can name.
 *
 * @param otherMembers see {@link FunctionSettings#otherMembers()}; only those that the request has
 */
public record SettingsChange(@Nullable String runtime, @Nullable String handler, @Nullable String role, @Nullable String description,
        @Nullable Integer timeoutSeconds,
        @Nullable Integer memoryMb, @Nullable Map<String, String> environment, @Nullable List<String> layers,
        @Nullable LoggingConfig logging, @Nullable SnapStart snapStart,
        Map<String, String> otherMembers) {

    private static final FunctionSettings DEFAULTS =
            new FunctionSettings(null, null, null, "", FunctionSettings.DEFAULT_TIMEOUT, FunctionSettings.DEFAULT_MEMORY_MB, Map.of());

    public SettingsChange {
        environment = environment == null ? null : Map.copyOf(environment);
        layers = layers == null ? null : List.copyOf(layers);
        otherMembers = Map.copyOf(otherMembers);
    }

    /** A change that says nothing of layers, logging and SnapStart. */
    public SettingsChange(@Nullable String runtime, @Nullable String handler, @Nullable String role, @Nullable String description,
            @Nullable Integer timeoutSeconds, @Nullable Integer memoryMb,
            @Nullable Map<String, String> environment, Map<String, String> otherMembers) {
        this(runtime, handler, role, description, timeoutSeconds, memoryMb, environment, null, null, null, otherMembers);
    }

    /** The settings of a function that is new. */
    FunctionSettings fromDefaults() {
        return appliedTo(DEFAULTS);
    }

    FunctionSettings appliedTo(FunctionSettings before) {
        Map<String, String> others = new HashMap<>(before.otherMembers());
        others.putAll(otherMembers);
        // An empty text or list takes away what was said before, and then is as if nobody had said anything.
        others.values().removeIf(json -> json.equals("\"\"") || json.equals("[]"));
        try {
            return new FunctionSettings(either(runtime, before.runtime()), either(handler, before.handler()),
                    either(role, before.role()), orElse(description, before.description()),
                    timeoutSeconds == null ? before.timeout() : Duration.ofSeconds(timeoutSeconds),
                    orElse(memoryMb, before.memoryMb()), orElse(environment, before.environment()), orElse(layers, before.layers()),
                    logging == null ? before.logging() : before.logging().changedBy(logging),
                    orElse(snapStart, before.snapStart()), others, before.local());
        } catch (IllegalArgumentException e) {
            throw new FunctionException.InvalidParameter(String.valueOf(e.getMessage()));
        }
    }

    private static <T> T orElse(@Nullable T value, T absent) {
        return value == null ? absent : value;
    }

    /** The first that is there. */
    private static <T> @Nullable T either(@Nullable T value, @Nullable T absent) {
        return value == null ? absent : value;
    }

    /** Leaves the environment's values out: they may be secrets. */
    @Override
    public String toString() {
        return "SettingsChange[runtime=" + runtime + ", handler=" + handler + ", timeoutSeconds=" + timeoutSeconds + ", memoryMb="
                + memoryMb + ", environment=" + (environment == null ? null : environment.keySet()) + ", layers=" + layers
                + ", logging=" + logging + ", snapStart=" + snapStart + ", otherMembers=" + otherMembers.keySet() + "]";
    }
}
