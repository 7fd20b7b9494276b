package dev.sluice.bench;

import dev.sluice.testing.SluiceAccount;
import dev.sluice.testing.SluiceServer;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What does a server cost in a test run: its start, with an empty cache and thirty times with a class archive, and each test on it? */
final class TestRun implements Row {

    private static final double MILLIS = 1e6;
    private static final int STARTS = 30;
    private static final int TESTS = 100;
    private static final long ARCHIVE_SECONDS = 120;

    @Override
    public String name() {
        return "test";
    }

    @Override
    public String head() {
        return "| milliseconds, in the JVM of a test | |\n|---|---|";
    }

    @Override
    public void run(Setting setting, PrintStream out) throws Exception {
        Path cache = setting.work().resolve("test-cache");
        System.setProperty("sluice.cache", cache.toString());
        System.clearProperty("sluice.jar");
        line(out, "the very first start, until Kafka is ready", new Samples(List.of(start())));
        archive(cache);
        List<Double> starts = new ArrayList<>();
        for (int i = 0; i < (setting.quick() ? setting.repetitions() : STARTS); i++) {
            starts.add(start());
        }
        line(out, starts.size() + " more starts, with the archive", new Samples(starts));
        tests(out);
    }

    private static double start() {
        long begun = System.nanoTime();
        try (SluiceServer server = SluiceServer.start()) {
            server.bootstrapServers();
            return System.nanoTime() - begun;
        }
    }

    /** As the end of the first test run makes it. */
    private static void archive(Path cache) throws Exception {
        Path program;
        try (Stream<Path> files = Files.list(cache)) {
            program = files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
        }
        Process run =
                new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Dsluice.cache=" + cache, "-cp",
                        System.getProperty("java.class.path"), One.class.getName()).redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (!run.waitFor(ARCHIVE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a test run with one test doesn't end");
        }
        Waiting.until("the archive of " + program.getFileName() + " is made", 50, Duration.ofSeconds(ARCHIVE_SECONDS), () -> {
            try (Stream<Path> files = Files.list(cache)) {
                return files.anyMatch(file -> file.toString().endsWith(".jsa"));
            }
        });
    }

    /** A test run with nothing but a server. */
    static final class One {
        private One() {
        }

        public static void main(String[] arguments) {
            SluiceServer.shared();
        }
    }

    private static void tests(PrintStream out) {
        List<Double> delivered = new ArrayList<>();
        List<Double> ended = new ArrayList<>();
        try (SluiceServer server = SluiceServer.start()) {
            for (int i = 0; i <= TESTS; i++) {
                SluiceAccount sluice = server.account();
                String topic = sluice.topic();
                long begun = System.nanoTime();
                sluice.function("orders", event -> {
                });
                sluice.mapping("orders").onTopic(topic).create();
                sluice.produce(topic, "v");
                sluice.awaitDelivered("orders", 1);
                long done = System.nanoTime();
                sluice.close();
                if (i > 0) {
                    delivered.add((double) (done - begun));
                    ended.add((double) (System.nanoTime() - done));
                }
            }
        }
        line(out, "from the second test on: function, mapping and first delivery (" + TESTS + ")", new Samples(delivered));
        line(out, "end of a test", new Samples(ended));
    }

    private static void line(PrintStream out, String title, Samples samples) {
        out.println("| " + title + " | " + samples.in(MILLIS, 1) + " |");
    }
}
