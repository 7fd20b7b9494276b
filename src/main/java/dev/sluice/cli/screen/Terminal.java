package dev.sluice.cli.screen;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/** What a command sees of the outside. Immutable; a test passes its own. */
public record Terminal(Map<String, String> environment, Path workingDirectory, InputStream in, PrintStream out, PrintStream err,
        Screen screen) {

    public Terminal {
        environment = Map.copyOf(environment);
    }

    /** The variable's value, or {@code otherwise} when it is unset or empty. */
    public String variable(String name, String otherwise) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
