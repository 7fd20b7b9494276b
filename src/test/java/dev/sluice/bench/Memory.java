package dev.sluice.bench;

import dev.sluice.fixture.ChildBroker;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How much memory does a server hold that has nothing to do, ten seconds after Kafka is ready? */
final class Memory implements Row {

    private static final double MIB = 1024;
    private static final long IDLE_NANOS = Duration.ofSeconds(10).toNanos();

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String head() {
        return "| resident memory after 10 idle seconds | MiB |\n|---|---|";
    }

    @Override
    public void run(Setting setting, PrintStream out) throws Exception {
        Path work = Files.createDirectories(setting.work().resolve("memory"));
        idle(setting, out, "scripts/sluice serve (broker in the same process)", null);
        try (ChildBroker broker = ChildBroker.onFreePort(work.resolve("broker"), "-Xmx1g").start()) {
            idle(setting, out, "scripts/sluice serve --kafka", broker.bootstrapServers());
        }
    }

    private static void idle(Setting setting, PrintStream out, String title, String kafka) throws Exception {
        List<Double> kib = new ArrayList<>();
        for (int i = 0; i < setting.repetitions(); i++) {
            Path data = Files.createTempDirectory(setting.work(), "data").resolve("data");
            try (SluiceServer server = SluiceServer.start(setting, SluiceServer.byScript(setting), data, kafka)) {
                server.kafkaReady();
                long ready = System.nanoTime();
                Waiting.until("it was idle", 100, Duration.ofMinutes(1), () -> System.nanoTime() - ready > IDLE_NANOS);
                kib.add((double) server.residentKib());
            }
        }
        out.println("| " + title + " | " + new Samples(kib).in(MIB, 0) + " |");
    }
}
