package dev.sluice.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * What a run is made with.
 *
 * @param root of the repository, where {@code target/sluice.jar} and {@code scripts/} are
 * @param work an empty directory that is removed afterwards
 * @param quick whether a rough figure from few records and repetitions will do
 * @param serverOptions JVM options for the server, beside those of the row
 */
record Setting(Path root, Path work, boolean quick, List<String> serverOptions) {

    int repetitions() {
        return quick ? 3 : 5;
    }

    Path jar() {
        return root.resolve("target/sluice.jar");
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
