package dev.sluice.server;

import dev.sluice.resource.NearestName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Where a configuration is read from. Immutable.
 *
 * @param workingDirectory where relative paths of flags and variables start; absolute
 * @param configFile the file named by {@code --config}; null for {@code SLUICE_CONFIG}, else the optional {@code sluice.yaml}
 * @param environment all variables; only {@code SLUICE_…} and those the file expands are read
 * @param flags text by key, {@code dataDir} for {@code --data-dir}
 * @param strayArguments arguments that fit no flag; each is a problem
 */
public record ConfigSources(Path workingDirectory, String configFile, Map<String, String> environment, Map<String, String> flags,
        List<String> strayArguments) {

    static final String DEFAULT_FILE = "sluice.yaml";

    public ConfigSources {
        if (!workingDirectory.isAbsolute()) {
            throw new IllegalArgumentException("workingDirectory is '" + workingDirectory + "'; it must be absolute");
        }
        environment = Map.copyOf(environment);
        flags = Map.copyOf(flags);
        strayArguments = List.copyOf(strayArguments);
    }

    /** Settings alone. */
    static ConfigSources of(Map<String, String> settings) {
        return new ConfigSources(Path.of("").toAbsolutePath(), null, Map.of(), settings, List.of());
    }

    /** Variables that look like a misspelt setting, each with the name that was meant. Not an error: they may be somebody else's. */
    public List<String> doubtfulVariables() {
        Collection<String> known = new ArrayList<>(List.of("SLUICE_CONFIG", "SLUICE_ENDPOINT"));
        for (Setting setting : Setting.values()) {
            known.add(setting.variable());
        }
        List<String> doubtful = new ArrayList<>();
        environment.keySet().stream().sorted().forEach(name -> {
            if (name.startsWith("SLUICE_") && !known.contains(name)) {
                NearestName.of(name, known).ifPresent(near -> doubtful.add(name + " is no setting; did you mean " + near + "?"));
            }
        });
        return doubtful;
    }
}
