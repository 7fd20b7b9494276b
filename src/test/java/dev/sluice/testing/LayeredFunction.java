package dev.sluice.testing;

import dev.sluice.function.FunctionSettings;
import dev.sluice.function.LocalOptions;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.SnapStart;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Settings of functions with layers. */
public final class LayeredFunction {

    private LayeredFunction() {
    }

    public static FunctionSettings settings(String runtime, String handler, Map<String, String> environment, String... arns) {
        return new FunctionSettings(runtime, handler, null, "", Duration.ofSeconds(20), 256, environment, List.of(arns),
                LoggingConfig.DEFAULT, SnapStart.NONE, Map.of(), LocalOptions.DEFAULT);
    }
}
