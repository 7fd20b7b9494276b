package dev.sluice.runtime.instance;

import dev.sluice.function.RuntimeKind;
import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By which environment variables does a process find what is in its layers? By those of "Layer paths for each Lambda runtime" in
 * Lambda's developer guide, and in Lambda's order. Stateless.
 */
final class LayerVariables {

    private static final Pattern NODE = Pattern.compile("nodejs(\\d+)\\.x");

    private LayerVariables() {
    }

    /**
     * Of programs the layers' come first: this machine has more of them than Lambda.
     *
     * @param layers what is {@code /opt} on Lambda
     * @param runtime AWS's name of it; null for a command, of which nobody knows what it runs
     * @param path of programs of this machine
     */
    static Map<String, String> of(Path layers, String runtime, String path) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PATH", joined(layers.resolve("bin").toString(), path));
        variables.put("LD_LIBRARY_PATH", layers.resolve("lib").toString());
        Optional<RuntimeKind> kind = runtime == null ? Optional.empty() : RuntimeKind.of(runtime);
        if (runtime == null || kind.filter(RuntimeKind.PYTHON::equals).isPresent()) {
            // Lambda's own bootstrap looks there without it, unless the function has the variable.
            String ofVersion = runtime == null ? "" : layers.resolve("python/lib/" + runtime + "/site-packages").toString();
            variables.put("PYTHONPATH", joined(ofVersion, layers.resolve("python").toString()));
        }
        if (runtime == null || kind.filter(RuntimeKind.NODE::equals).isPresent()) {
            Matcher version = NODE.matcher(String.valueOf(runtime));
            String ofVersion = version.matches() ? layers.resolve("nodejs/node" + version.group(1) + "/node_modules").toString() : "";
            variables.put("NODE_PATH", joined(ofVersion, layers.resolve("nodejs/node_modules").toString()));
        }
        return variables;
    }

    private static String joined(String first, String second) {
        return first.isEmpty() ? second : second.isEmpty() ? first : first + File.pathSeparator + second;
    }
}
