package dev.sluice.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the rows that were asked for and prints one table for each kind; {@code scripts/bench} is its command line. */
final class Bench {

    private static final List<Row> ROWS = List.of(
            new Throughput("jar-1k", ReadAll.class, new Throughput.Load(1024, 10_000, 1_600_000, 400_000)),
            new Throughput("jar-200b", ReadAll.class, new Throughput.Load(200, 100, 6_000_000, 1_600_000)),
            new Throughput("jar-kafka-event", ReadKafkaEvent.class, new Throughput.Load(200, 100, 6_000_000, 1_600_000)),
            WarmInvocations.python(),
            WarmInvocations.node(),
            WarmInvocations.java(),
            new StartUp(),
            new TestRun(),
            new Memory());

    private Bench() {
    }

    /** @param args the root of the repository, then rows, {@code --quick} and {@code --server-option=…} in any order */
    public static void main(String[] args) throws Exception {
        List<Row> chosen = new ArrayList<>();
        List<String> serverOptions = new ArrayList<>();
        boolean quick = false;
        for (String arg : List.of(args).subList(1, args.length)) {
            if (arg.equals("--quick")) {
                quick = true;
            } else if (arg.startsWith("--server-option=")) {
                serverOptions.add(arg.substring(arg.indexOf('=') + 1));
            } else {
                chosen.add(row(arg));
            }
        }
        Path work = Files.createTempDirectory("sluice-bench");
        try {
            run(chosen.isEmpty() ? ROWS : chosen, new Setting(Path.of(args[0]), work, quick, serverOptions));
        } finally {
            delete(work);
        }
    }

    private static void run(List<Row> rows, Setting setting) throws Exception {
        System.out.printf(Locale.ROOT, "%d cores, %d GiB, %s, JDK %s; %d repetitions: median [lowest..highest]%n",
                Runtime.getRuntime().availableProcessors(), memoryGib(), System.getProperty("os.name"),
                System.getProperty("java.vm.version"), setting.repetitions());
        String head = "";
        for (Row row : rows) {
            System.err.printf(Locale.ROOT, "%s (load average %.2f)%n", row.name(),
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            if (!row.head().equals(head)) {
                head = row.head();
                System.out.println("\n" + head);
            }
            try {
                row.run(setting, System.out);
            } catch (Exception e) {
                System.err.println(SluiceServer.lastLogged(setting));
                throw e;
            }
        }
    }

    private static Row row(String name) {
        return ROWS.stream().filter(row -> row.name().equals(name)).findFirst().orElseGet(() -> {
            System.err.println("bench: '" + name + "' is no row; allowed are "
                    + ROWS.stream().map(Row::name).collect(Collectors.joining(", ")) + ", --quick and --server-option=JVM_OPTION");
            System.exit(2);
            return null;
        });
    }

    private static long memoryGib() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return Math.round(system.getTotalMemorySize() / (double) (1L << 30));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
