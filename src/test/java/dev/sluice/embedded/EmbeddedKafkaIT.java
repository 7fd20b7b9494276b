package dev.sluice.embedded;

import static dev.sluice.embedded.Clients.admin;
import static dev.sluice.embedded.Clients.advertisedThrough;
import static dev.sluice.embedded.Clients.commit;
import static dev.sluice.embedded.Clients.producer;
import static dev.sluice.embedded.Clients.send;
import static dev.sluice.embedded.Clients.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fault.FatalFaults;
import dev.sluice.fixture.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.internals.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    private static final int START_SECONDS = 30;

    @TempDir
    Path directory;

    @Test
    void servesBothLoopbackAddresses() throws Exception {
        try (EmbeddedKafka kafka = started(onLocalhost("one", 0))) {
            String ipv4 = "127.0.0.1:" + kafka.port();
            send(ipv4, "t", "a");
            List<String> addresses = new ArrayList<>(List.of(ipv4, kafka.bootstrapServers(), kafka.localBootstrapServers()));
            if (ipv6IsHere()) {
                String ipv6 = "[::1]:" + kafka.port();
                send(ipv6, "t", "b");
                addresses.add(ipv6);
            } else {
                send(ipv4, "t", "b");
            }

            assertThat(kafka.bootstrapServers()).isEqualTo("localhost:" + kafka.port());
            assertThat(addresses).allSatisfy(address -> assertThat(values(address, "t", 2)).containsExactly("a", "b"));
        }
    }

    @Test
    void keepsTopicsRecordsAndGroupOffsetsWhenRestarted() throws Exception {
        try (EmbeddedKafka kafka = started(onLocalhost("kept", 0))) {
            send(kafka.bootstrapServers(), "orders", "first");
            send(kafka.bootstrapServers(), "orders", "second");
            commit(kafka.bootstrapServers(), "group", new TopicPartition("orders", 0), 1);
        }

        try (EmbeddedKafka kafka = started(onLocalhost("kept", 0))) {
            assertThat(values(kafka.bootstrapServers(), "orders", 2)).containsExactly("first", "second");
            try (Admin admin = admin(kafka.bootstrapServers())) {
                assertThat(admin.listConsumerGroupOffsets("group").partitionsToOffsetAndMetadata().get())
                        .containsEntry(new TopicPartition("orders", 0), new OffsetAndMetadata(1));
            }
        }
    }

    @Test
    void runsTwiceInOneProcess() throws Exception {
        try (EmbeddedKafka one = started(onLocalhost("one", 0)); EmbeddedKafka two = started(onLocalhost("two", 0))) {
            send(one.bootstrapServers(), "t", "of one");
            send(two.bootstrapServers(), "t", "of two");

            assertThat(values(one.bootstrapServers(), "t", 1)).containsExactly("of one");
            assertThat(values(two.bootstrapServers(), "t", 1)).containsExactly("of two");
        }
    }

    @Test
    void keepsRecordsForGood() throws Exception {
        try (EmbeddedKafka kafka = started(onLocalhost("old", 0)); Admin admin = admin(kafka.bootstrapServers())) {
            send(kafka.bootstrapServers(), "t", "v");
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "t");

            assertThat(admin.describeConfigs(List.of(topic)).all().get().get(topic).get("retention.ms").value()).isEqualTo("-1");
        }
    }

    @Test
    void takesRecordsLargerThanAnEventMayBe() throws Exception {
        try (EmbeddedKafka kafka = started(onLocalhost("large", 0));
                KafkaProducer<String, String> producer = producer(kafka.bootstrapServers())) {
            assertThat(producer.send(new ProducerRecord<>("t", "x".repeat(7 * 1024 * 1024))).get().offset()).isZero();
        }
    }

    @Test
    void commitsTransactions() throws Exception {
        try (EmbeddedKafka kafka = started(new EmbeddedKafkaConfiguration(directory.resolve("tx"), "localhost", 0,
                List.of(new HostAndPort("no-such-host.invalid", 9092))));
                KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.localBootstrapServers(),
                        "transactional.id", "tx"), new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "committed"));
            producer.commitTransaction();

            assertThat(values(kafka.localBootstrapServers(), "t", 1)).containsExactly("committed");
        }
    }

    @Test
    void listensOnAPortForEachAdvertisedAddress() throws Exception {
        int second = FreePort.one();
        EmbeddedKafkaConfiguration configuration = new EmbeddedKafkaConfiguration(directory.resolve("two-names"), "localhost", 0,
                List.of(new HostAndPort("somewhere-else", 19092), new HostAndPort("localhost", second)));

        try (EmbeddedKafka kafka = started(configuration)) {
            send("localhost:" + second, "t", "v");

            assertThat(kafka.bootstrapServers()).isEqualTo("somewhere-else:19092");
            assertThat(answers("127.0.0.1", kafka.port())).isTrue();
            assertThat(advertisedThrough("127.0.0.1:" + second)).isEqualTo("localhost:" + second);
            assertThat(advertisedThrough(kafka.localBootstrapServers())).isEqualTo(kafka.localBootstrapServers());
        }
    }

    @Test
    void listensOnAllAddressesWhenAsked() throws Exception {
        try (EmbeddedKafka kafka = started(new EmbeddedKafkaConfiguration(directory.resolve("all"), "0.0.0.0", 0, List.of()))) {
            send(kafka.bootstrapServers(), "t", "v");

            assertThat(values("127.0.0.1:" + kafka.port(), "t", 1)).containsExactly("v");
        }
    }

    @Test
    void refusesATakenPortBeforeItStarts() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedKafka.open(onLocalhost("taken", taken.getLocalPort())))
                    .isInstanceOfSatisfying(PortInUseException.class, e -> assertThat(e.port()).isEqualTo(taken.getLocalPort()));
        }
    }

    @Test
    void refusesAPortThatIsTakenOnIpv6Only() throws Exception {
        assumeTrue(ipv6IsHere());
        try (ServerSocket taken = new ServerSocket(0, 50, InetAddress.getByName("::1"))) {
            assertThatThrownBy(() -> EmbeddedKafka.open(onLocalhost("taken", taken.getLocalPort())))
                    .isInstanceOf(PortInUseException.class);
        }
    }

    @Test
    void freesItsPortWhenClosedWithoutHavingStarted() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.open(onLocalhost("never", 0));
        kafka.close();

        assertThat(answers("127.0.0.1", kafka.port())).isFalse();
        assertThat(kafka.start()).isCompletedExceptionally();
        assertThat(kafka.failure()).isNotDone();
    }

    @Test
    void closesWithinItsPatienceWhileItStarts() {
        EmbeddedKafka kafka = EmbeddedKafka.open(onLocalhost("early", 0));
        kafka.start();
        long before = System.nanoTime();

        kafka.close(Duration.ofSeconds(10));

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(11));
        assertThat(answers("127.0.0.1", kafka.port())).isFalse();
    }

    @Test
    void refusesADirectoryThatAnotherBrokerUses() throws Exception {
        try (EmbeddedKafka first = started(onLocalhost("shared", 0))) {
            assertThatThrownBy(() -> EmbeddedKafka.open(onLocalhost("shared", 0))).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(directory.resolve("shared").toString()).hasMessageContaining("another broker uses it");

            send(first.bootstrapServers(), "t", "still here");
        }
    }

    @Test
    void failsWithoutEndingTheProcessWhenItsDirectoryIsNoBrokers() throws Exception {
        Files.createDirectories(directory.resolve("foreign"));
        Files.writeString(directory.resolve("foreign/meta.properties"), "version=1\nnode.id=7\ncluster.id=other\n");

        try (EmbeddedKafka kafka = EmbeddedKafka.open(onLocalhost("foreign", 0))) {
            assertThatThrownBy(() -> kafka.start().get(START_SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(BrokerFailedException.class);

            assertThat(kafka.failure()).succeedsWithin(Duration.ofSeconds(5));
        }
    }

    @Test
    void failsWithoutEndingTheProcessWhenItsLogDirectoryIsGone() throws Exception {
        try (EmbeddedKafka kafka = started(onLocalhost("gone", 0))) {
            KafkaProducer<String, String> producer = producer(kafka.bootstrapServers());
            try {
                delete(directory.resolve("gone"));
                // A new topic needs a new directory, which the broker now can't make.
                producer.send(new ProducerRecord<>("new-topic", "v"));

                assertThat(kafka.failure()).succeedsWithin(Duration.ofSeconds(60))
                        .satisfies(e -> assertThat(e).hasMessageContaining("failed"));
            } finally {
                // An idempotent producer that has no id yet waits for one from the dead broker, for ever when nobody says how long.
                producer.close(Duration.ZERO);
            }
        }
    }

    @Test
    void comesBackAtItsAddressWithItsRecordsAfterAFailure() throws Exception {
        EmbeddedKafkaConfiguration configuration = new EmbeddedKafkaConfiguration(directory.resolve("back"), "localhost", 0,
                List.of(new HostAndPort("no-such-host.invalid", 9092)));
        try (EmbeddedKafka kafka = started(configuration)) {
            String address = kafka.localBootstrapServers();
            send(address, "t", "before");
            ThreadGroup broker = kafka.threads();
            Thread halting = new Thread(broker, () -> Exit.halt(1, "all log dirs have failed"), "log-dir-failure");
            halting.setUncaughtExceptionHandler((t, e) -> {});
            halting.start();

            await().atMost(Duration.ofSeconds(60)).until(() -> kafka.threads() != broker && answers("127.0.0.1", kafka.port()));
            send(address, "t", "after");
            assertThat(values(address, "t", 2)).containsExactly("before", "after");
            assertThat(kafka.failure()).isNotDone();
        }
    }

    @Test
    void reportsWhatAThreadOfTheBrokerDiesOfWhenItIsMoreThanTheBrokers() throws Exception {
        FatalFaults faults = FatalFaults.unheard();
        try (EmbeddedKafka kafka = EmbeddedKafka.open(onLocalhost("out-of-memory", 0), faults)) {
            kafka.start().get(START_SECONDS, TimeUnit.SECONDS);
            Thread[] threads = new Thread[200];
            int count = kafka.threads().enumerate(threads);
            Thread reaper =
                    Stream.of(threads).limit(count).filter(thread -> thread.getName().startsWith("client-metrics-reaper")).findFirst()
                            .orElseThrow();
            reaper.getUncaughtExceptionHandler().uncaughtException(reaper, new OutOfMemoryError("Java heap space"));

            assertThat(faults.first().cause()).hasMessage("Java heap space");
            assertThat(kafka.failure()).isNotDone();
        }
    }

    @Test
    void attributesKafkasWishToExitToTheBrokerOfTheThread() throws Exception {
        try (EmbeddedKafka other = EmbeddedKafka.open(onLocalhost("other", 0))) {
            ThreadGroup group = new ThreadGroup("a broker");
            List<String> reports = new ArrayList<>();
            ExitGuard.watch(group, reports::add);
            Thread thread = new Thread(group, () -> {
                Exit.halt(1, "all log directories have failed");
                reports.add("went on");
            }, "some-broker-thread");
            thread.setUncaughtExceptionHandler((t, e) -> {});
            thread.start();
            thread.join();
            ExitGuard.forget(group);

            assertThat(reports).singleElement().asString().contains("some-broker-thread", "all log directories have failed");
            assertThat(other.failure()).isNotDone();
        }
    }

    private EmbeddedKafkaConfiguration onLocalhost(String name, int port) {
        return EmbeddedKafkaConfiguration.onLocalhost(directory.resolve(name), port);
    }

    private static EmbeddedKafka started(EmbeddedKafkaConfiguration configuration) throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.open(configuration);
        kafka.start().get(START_SECONDS, TimeUnit.SECONDS);
        return kafka;
    }

    private static boolean answers(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 1000);
            return socket.getLocalPort() != port; // else it is connected to itself, as may happen within the ephemeral range
        } catch (IOException nobodyThere) {
            return false;
        }
    }

    private static boolean ipv6IsHere() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return socket.isBound();
        } catch (IOException noIpv6Here) {
            return false;
        }
    }

    private static void delete(Path path) throws Exception {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
