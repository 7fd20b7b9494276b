package dev.sluice.chaos;

import java.nio.file.Path;
import java.util.List;

/**
 * What the command line says. Immutable.
 *
 * @param root of the repository
 * @param report where the report goes as Markdown too; null for nowhere
 */
record Options(Path root, int seconds, long seed, Path report) {

    private static final int DEFAULT_SECONDS = 300;

    Options {
        if (seconds < 10 || seconds > 86_400) {
            throw new IllegalArgumentException("--seconds is " + seconds + "; allowed are 10 to 86400");
        }
    }

    /** @throws IllegalArgumentException saying which argument is wrong */
    static Options parse(List<String> args) {
        int seconds = DEFAULT_SECONDS;
        long seed = System.nanoTime() & 0xFF_FFFF;
        Path report = null;
        for (int i = 1; i < args.size(); i += 2) {
            String name = args.get(i);
            if (i + 1 == args.size()) {
                throw new IllegalArgumentException("'" + name + "' has no value; allowed are --seconds N, --seed N, --report FILE");
            }
            String value = args.get(i + 1);
            switch (name) {
                case "--seconds" -> seconds = (int) number(name, value);
                case "--seed" -> seed = number(name, value);
                case "--report" -> report = Path.of(value).toAbsolutePath();
                default -> throw new IllegalArgumentException(
                        "'" + name + "' is unknown; allowed are --seconds N, --seed N, --report FILE");
            }
        }
        return new Options(Path.of(args.get(0)), seconds, seed, report);
    }

    Path jar() {
        return root.resolve("target").resolve("sluice.jar");
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is '" + value + "'; it must be a whole number", e);
        }
    }
}
