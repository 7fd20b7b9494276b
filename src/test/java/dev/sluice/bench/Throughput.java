package dev.sluice.bench;

import dev.sluice.fixture.ChildBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;

/**
 * How many records per second reach a JAR handler from a topic that is full, beside a bare consumer loop? The two take turns against one
 * broker, each in a JVM of its own with the same heap. On either side the clock runs from the first records in hand (the first
 * poll that brought some; the begin of the first invocation) to the last (the end of the last invocation).
 */
final class Throughput implements Row {

    private static final int PARTITIONS = 8;
    private static final String HEAP = "-Xmx2g";
    /** Until the compilers of both JVMs are done with what matters. */
    private static final int WARM_UP_PASSES = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String name;
    private final Class<?> handler;
    private final Load load;

    /** What a pass is made of. */
    record Load(int valueLength, int batchSize, long records, long recordsWhenQuick) {
    }

    /** @param handler one that tells the bytes of its events, or else how many records they had */
    Throughput(String name, Class<?> handler, Load load) {
        this.name = name;
        this.handler = handler;
        this.load = load;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String head() {
        return "| thousand records per second | bare loop | Sluice | Sluice / bare | bare loop, CPU us per record | Sluice, CPU us per record"
                + " | records per invocation |\n|---|---|---|---|---|---|---|";
    }

    @Override
    public void run(Setting setting, PrintStream out) throws Exception {
        Path work = Files.createDirectories(setting.work().resolve(name));
        Tallies counted = new Tallies(work, CountAll.class);
        Tallies read = new Tallies(work, handler);
        Path handlers = HandlerJar.write(work);
        try (ChildBroker broker = ChildBroker.onFreePort(work.resolve("broker"), "-Xmx1g").start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                Reference reference = new Reference(broker.bootstrapServers());
                SluiceServer server = SluiceServer.start(setting, SluiceServer.byJar(setting, HEAP), work.resolve("data"),
                        broker.bootstrapServers())) {
            Topic topic = Topic.filled(admin, broker.bootstrapServers(), name, PARTITIONS,
                    setting.quick() ? load.recordsWhenQuick() : load.records(), load.valueLength());
            Client client = new Client(server.apiReady().address());
            client.registerFunction(CountAll.class, handlers);
            client.registerFunction(handler, handlers);
            measure(setting, out, new Sides(client, admin, topic, reference, server.process()), counted, read);
        }
    }

    private record Sides(Client client, Admin admin, Topic topic, Reference reference, ProcessHandle server) {
    }

    private void measure(Setting setting, PrintStream out, Sides sides, Tallies counted, Tallies read) throws Exception {
        Tallies.Sum first = pass(sides, CountAll.class, counted);
        if (first.records() != sides.topic().records()) {
            throw new IllegalStateException(first.records() + " records arrived of " + sides.topic().records());
        }
        for (int i = 0; i < WARM_UP_PASSES; i++) {
            sides.reference().nanos(sides.topic(), load.batchSize());
            pass(sides, handler, read);
        }

        List<Double> ratios = new ArrayList<>();
        List<Double> fill = new ArrayList<>();
        Side bare = new Side(sides.reference().process);
        Side sluice = new Side(sides.server());
        for (int i = 0; i < setting.repetitions(); i++) {
            if (i % 2 == 0) {
                bare.measured(sides.topic(), () -> sides.reference().nanos(sides.topic(), load.batchSize()));
            }
            sluice.measured(sides.topic(), () -> {
                Tallies.Sum sum = pass(sides, handler, read);
                check(sides.topic(), first, sum);
                fill.add((double) sides.topic().records() / sum.invocations());
                return sum.nanos();
            });
            if (i % 2 == 1) {
                bare.measured(sides.topic(), () -> sides.reference().nanos(sides.topic(), load.batchSize()));
            }
            ratios.add(sluice.perSecond.get(i) / bare.perSecond.get(i));
        }
        out.printf(Locale.ROOT, "| %s: %,d records of %d B, BatchSize %d | %s | %s | %.2f [%.2f..%.2f] | %s | %s | %s |%n",
                name, sides.topic().records(), load.valueLength(), load.batchSize(),
                new Samples(bare.perSecond).in(1_000, 0), new Samples(sluice.perSecond).in(1_000, 0),
                new Samples(sluice.perSecond).median() / new Samples(bare.perSecond).median(),
                Collections.min(ratios), Collections.max(ratios),
                new Samples(bare.processorNanos).in(1_000, 2), new Samples(sluice.processorNanos).in(1_000, 2),
                new Samples(fill).in(1, 0));
    }

    /** Nothing was lost and nothing came twice. */
    private static void check(Topic topic, Tallies.Sum first, Tallies.Sum sum) {
        if (sum.records() > 0) {
            if (sum.records() != topic.records()) {
                throw new IllegalStateException(sum.records() + " records arrived of " + topic.records());
            }
        } else if (Math.abs(sum.bytes() - first.bytes()) > 1_000 * (sum.invocations() + first.invocations())) {
            // The same bytes but for the envelopes, whose number differs.
            throw new IllegalStateException(sum.bytes() + " bytes arrived instead of " + first.bytes());
        }
    }

    /** The results of one of the two. */
    private static final class Side {
        private final ProcessHandle process;
        private final List<Double> perSecond = new ArrayList<>();
        /** Of the whole process, per record: with compiling and collecting, without broker and kernel threads. */
        private final List<Double> processorNanos = new ArrayList<>();

        Side(ProcessHandle process) {
            this.process = process;
        }

        /** @param pass gives the nanoseconds that it took */
        void measured(Topic topic, Callable<Long> pass) throws Exception {
            long before = processorNanos();
            perSecond.add(topic.records() * 1e9 / pass.call());
            processorNanos.add((processorNanos() - before) / (double) topic.records());
        }

        private long processorNanos() {
            return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
        }
    }

    /** The whole topic through a mapping made for it, until its group has committed everything. */
    private Tallies.Sum pass(Sides sides, Class<?> through, Tallies tallies) throws Exception {
        tallies.reset();
        String mapping = sides.client().createMapping(through, sides.topic().name(), load.batchSize());
        Waiting.until("mapping " + mapping + " has no lag", 100, PATIENCE,
                () -> sides.topic().committedToTheEnd(sides.admin(), mapping));
        sides.client().deleteMapping(mapping);
        return tallies.sum();
    }

    /** {@link BareLoop} in its process. */
    private static final class Reference implements AutoCloseable {
        private final ProcessHandle process;
        private final Writer orders;
        private final BufferedReader answers;

        Reference(String bootstrapServers) throws IOException {
            Process started = new ProcessBuilder(Setting.java(), HEAP, "-cp", System.getProperty("java.class.path"),
                    BareLoop.class.getName(), bootstrapServers).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            process = started.toHandle();
            orders = new OutputStreamWriter(started.getOutputStream(), StandardCharsets.UTF_8);
            answers = started.inputReader(StandardCharsets.UTF_8);
            answers.readLine();
        }

        long nanos(Topic topic, int batchSize) throws IOException {
            orders.write(topic.name() + " " + batchSize + " " + topic.records() + "\n");
            orders.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException("The bare loop ended");
            }
            return Long.parseLong(answer);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
