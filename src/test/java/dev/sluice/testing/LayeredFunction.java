package dev.sluice.testing;

import dev.sluice.function.FunctionSettings;
import dev.sluice.function.LocalOptions;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Settings of functions with layers. */
public final class LayeredFunction {

    private LayeredFunction() {
    }

    public static FunctionSettings settings(String runtime, String handler, Map<String, String> environment, String... arns) {
        String list = Stream.of(arns).map(arn -> '"' + arn + '"').collect(Collectors.joining(",", "[", "]"));
        return new FunctionSettings(runtime, handler, null, "", Duration.ofSeconds(20), 256, environment, Map.of("Layers", list),
                LocalOptions.DEFAULT);
    }
}
