package dev.sluice.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Runs the harness once; {@code scripts/chaos} is its command line. */
final class Chaos {

    private static final int BROKEN = 1;
    private static final int USAGE = 2;

    private Chaos() {
    }

    /** @param args the root of the repository, then the options */
    public static void main(String[] args) throws Exception {
        Options options = null;
        try {
            options = Options.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("chaos: " + e.getMessage());
            System.exit(USAGE);
        }
        System.err.println("Seed " + options.seed() + ", " + options.seconds() + " s");
        Path work = Files.createTempDirectory("sluice-chaos");
        ChaosReport report = null;
        try (ChaosRun run = new ChaosRun(options, work)) {
            report = run.run();
        } catch (Exception e) {
            e.printStackTrace();
            System.err.println("chaos: the run came to no end; the logs are in " + work);
            System.exit(BROKEN);
        }
        System.out.print(report.text());
        if (options.report() != null) {
            Files.writeString(options.report(), report.page());
        }
        if (report.held()) {
            delete(work);
        } else {
            System.err.println("chaos: the logs are in " + work);
        }
        System.exit(report.held() ? 0 : BROKEN);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
