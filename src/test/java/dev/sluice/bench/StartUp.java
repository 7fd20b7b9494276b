package dev.sluice.bench;

import dev.sluice.fixture.ChildBroker;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** How long from the start of the process to the ready lines, and after {@code kill -9} to the first record? */
final class StartUp implements Row {

    private static final double MILLIS = 1e6;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String head() {
        return "| milliseconds from the start of the process | API ready | Kafka ready | first record |\n|---|---|---|---|";
    }

    @Override
    public void run(Setting setting, PrintStream out) throws Exception {
        Path work = Files.createDirectories(setting.work().resolve("start"));
        // What was read once comes from memory ever after: the first start of all isn't counted.
        ready(setting, SluiceServer.byScript(setting), work.resolve("warm-up"), null);
        starts(setting, out, "java -jar sluice.jar serve", SluiceServer.byJar(setting), null);
        starts(setting, out, "scripts/sluice serve", SluiceServer.byScript(setting), null);
        try (ChildBroker broker = ChildBroker.onFreePort(work.resolve("broker"), "-Xmx1g").start()) {
            starts(setting, out, "java -jar sluice.jar serve --kafka", SluiceServer.byJar(setting), broker.bootstrapServers());
            starts(setting, out, "scripts/sluice serve --kafka", SluiceServer.byScript(setting), broker.bootstrapServers());
            afterKill(setting, out, "scripts/sluice serve --kafka", broker.bootstrapServers());
        }
        afterKill(setting, out, "scripts/sluice serve", null);
    }

    private void starts(Setting setting, PrintStream out, String title, List<String> launcher, String kafka) throws Exception {
        List<Double> freshApi = new ArrayList<>();
        List<Double> freshKafka = new ArrayList<>();
        List<Double> againApi = new ArrayList<>();
        List<Double> againKafka = new ArrayList<>();
        for (int i = 0; i < setting.repetitions(); i++) {
            Path data = Files.createTempDirectory(setting.work(), "data").resolve("data");
            Times fresh = ready(setting, launcher, data, kafka);
            Times again = ready(setting, launcher, data, kafka);
            freshApi.add(fresh.api());
            freshKafka.add(fresh.kafka());
            againApi.add(again.api());
            againKafka.add(again.kafka());
        }
        line(out, title + ", new data directory", new Samples(freshApi), new Samples(freshKafka), null);
        line(out, title + ", used data directory", new Samples(againApi), new Samples(againKafka), null);
    }

    private record Times(double api, double kafka) {
    }

    private static Times ready(Setting setting, List<String> launcher, Path data, String kafka) throws Exception {
        try (SluiceServer server = SluiceServer.start(setting, launcher, data, kafka)) {
            return new Times(server.apiReady().nanos(), server.kafkaReady().nanos());
        }
    }

    /** A record that was being handled at the kill comes again; how long that takes. */
    private void afterKill(Setting setting, PrintStream out, String title, String kafka) throws Exception {
        Path work = Files.createTempDirectory(setting.work(), "killed");
        List<String> launcher = SluiceServer.byScript(setting);
        Path handlers = HandlerJar.write(work);
        Tallies held = new Tallies(work, Hold.class);
        List<Double> api = new ArrayList<>();
        List<Double> kafkaReady = new ArrayList<>();
        List<Double> firstRecord = new ArrayList<>();
        SluiceServer server = SluiceServer.start(setting, launcher, work.resolve("data"), kafka);
        try {
            String brokers = server.kafkaReady().address();
            produce(brokers, "held-" + work.getFileName());
            Client client = new Client(server.apiReady().address());
            client.registerFunction(Hold.class, handlers);
            client.createMapping(Hold.class, "held-" + work.getFileName(), 1);
            Waiting.until("the first record is delivered", 1, PATIENCE, held::begun);
            for (int i = 0; i < setting.repetitions(); i++) {
                server.kill();
                held.reset();
                server = SluiceServer.start(setting, launcher, work.resolve("data"), kafka);
                Waiting.until("the record is delivered again", 1, PATIENCE, held::begun);
                firstRecord.add((double) server.nanosSinceStart());
                api.add((double) server.apiReady().nanos());
                kafkaReady.add((double) server.kafkaReady().nanos());
            }
        } finally {
            server.kill();
        }
        line(out, title + ", after kill -9 in the middle of a delivery", new Samples(api), new Samples(kafkaReady),
                new Samples(firstRecord));
    }

    private static void produce(String bootstrapServers, String topic) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrapServers),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, "held".getBytes(StandardCharsets.US_ASCII))).get();
        }
    }

    private static void line(PrintStream out, String title, Samples api, Samples kafka, Samples record) {
        out.println("| " + title + " | " + api.in(MILLIS, 0) + " | " + kafka.in(MILLIS, 0) + " | "
                + (record == null ? "" : record.in(MILLIS, 0)) + " |");
    }
}
