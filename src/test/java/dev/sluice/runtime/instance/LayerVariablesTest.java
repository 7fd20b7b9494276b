package dev.sluice.runtime.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerVariablesTest {

    private static final Path LAYERS = Path.of("/code/layers-1");

    private static String paths(String... inside) {
        StringBuilder text = new StringBuilder();
        for (String path : inside) {
            text.append(text.isEmpty() ? "" : File.pathSeparator).append(LAYERS.resolve(path));
        }
        return text.toString();
    }

    @Test
    void programsOfLayersComeBeforeThoseOfTheMachine() {
        assertThat(LayerVariables.of(LAYERS, "provided.al2023", "/usr/bin")).isEqualTo(Map.of(
                "PATH", paths("bin") + File.pathSeparator + "/usr/bin", "LD_LIBRARY_PATH", paths("lib")));
        assertThat(LayerVariables.of(LAYERS, "java21", "")).isEqualTo(Map.of("PATH", paths("bin"), "LD_LIBRARY_PATH", paths("lib")));
    }

    // The order of Lambda's own bootstrap: that of the version, then that of all.
    @Test
    void pythonFindsTheSitePackagesOfItsVersionBeforeThoseOfAll() {
        assertThat(LayerVariables.of(LAYERS, "python3.12", "/usr/bin"))
                .containsEntry("PYTHONPATH", paths("python/lib/python3.12/site-packages", "python")).doesNotContainKey("NODE_PATH");
    }

    // As NODE_PATH has been printed by functions of Lambda's.
    @Test
    void nodeFindsTheModulesOfItsVersionBeforeThoseOfAll() {
        assertThat(LayerVariables.of(LAYERS, "nodejs22.x", "/usr/bin"))
                .containsEntry("NODE_PATH", paths("nodejs/node22/node_modules", "nodejs/node_modules")).doesNotContainKey("PYTHONPATH");
    }

    @Test
    void aCommandMayBeOfAnyLanguage() {
        assertThat(LayerVariables.of(LAYERS, null, "/usr/bin"))
                .containsEntry("PYTHONPATH", paths("python")).containsEntry("NODE_PATH", paths("nodejs/node_modules"));
    }
}
