package dev.sluice.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Which programs does this machine have on its path? Stateless. */
public final class Programs {

    private Programs() {
    }

    public static boolean areHere(List<String> names) {
        return names.stream().allMatch(Programs::isHere);
    }

    /** Skips the test where one is missing. */
    public static void assume(List<String> names) {
        names.forEach(name -> assumeTrue(isHere(name), "there is no " + name));
    }

    private static boolean isHere(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(directory -> Path.of(directory, name))
                .anyMatch(Files::isExecutable);
    }
}
