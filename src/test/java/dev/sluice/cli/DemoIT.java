package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.CommonPoolReport;
import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceProcess;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as somebody runs it who has just built the jar. */
class DemoIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    @Test
    void showsThatEveryRecordArrived() throws IOException {
        SluiceJar.Output demo = SluiceJar.in(directory).run("demo", "--records", "1000", "--exit");

        assertThat(demo.status()).as(demo.err()).isZero();
        assertThat(demo.out()).contains("my-kafka-function (JAR, example.OrdersHandler) got 1000 of 1000 records",
                "my-http-function (HTTP) got 1000 of 1000 records");
        assertThat(demo.err()).contains("key=key-1 value=order 1\n", "key=key-1000 value=order 1000\n");
        assertThat(directory).as("its data is elsewhere").isEmptyDirectory();
    }

    @Test
    void showsTenInvocationsAtOnceOnOnePartition() throws IOException {
        SluiceJar.Output demo = SluiceJar.in(directory).run("demo", "--queue", "--exit");

        assertThat(demo.status()).as(demo.err()).isZero();
        assertThat(demo.out()).contains("my-slow-function got 10 of 10 records of one partition in ", "they would take 20 s");
    }

    /** Not by a library either: that pool is the functions', which may block it. */
    @Test
    void runsNothingInForkJoinsCommonPool() throws IOException {
        SluiceJar.Output demo = SluiceJar.in(directory).runOther(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=" + CommonPoolReport.class.getName(),
                // On a machine with few processors CompletableFuture takes no pool of theirs in a JDK older than 25.
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4", "-cp",
                System.getProperty("sluice.jar") + File.pathSeparator + CommonPoolReport.location(), Main.class.getName(), "demo",
                "--records", "20",
                "--exit");

        assertThat(demo.status()).as(demo.err()).isZero();
        assertThat(demo.err()).doesNotContain(CommonPoolReport.FIRST_LINE);
    }

    /** Also when somebody else holds them: then this test takes none. */
    @Test
    void takesFreePortsWhereTheDefaultsAreTaken() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            hold(4574, held);
            hold(9092, held);

            SluiceJar.Output demo = SluiceJar.in(directory).run("demo", "--records", "10", "--exit");

            assertThat(demo.status()).as(demo.err()).isZero();
            assertThat(demo.out()).contains("got 10 of 10 records").doesNotContainPattern("localhost:(4574|9092)\\b");
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    @Test
    void runsBesideAnotherDemo() throws IOException {
        try (SluiceProcess one = SluiceJar.in(directory).start("demo", "--records", "10", "--exit");
                SluiceProcess other = SluiceJar.in(directory).start("demo", "--records", "10", "--exit")) {
            assertThat(one.awaitExit(PATIENCE)).as(one.err()).isZero();
            assertThat(other.awaitExit(PATIENCE)).as(other.err()).isZero();
        }
    }

    @Test
    void goesOnUntilItIsEndedAndSaysWhatToTryNext() throws IOException {
        try (SluiceProcess demo = SluiceJar.in(directory).start("demo", "--records", "1")) {
            demo.awaitOut("the last line", line -> line.startsWith("Ctrl-C ends the demo"));
            String next = "produce AWSKafkaTopic 'hello'" + (demo.endpoint().getPort() == 4574 ? "" : " --endpoint " + demo.endpoint());
            assertThat(demo.out()).contains(next);

            SluiceJar.Output produced =
                    SluiceJar.in(directory).run("produce", "AWSKafkaTopic", "hello", "--endpoint", demo.endpoint().toString());

            assertThat(produced.out()).isEqualTo("AWSKafkaTopic-0 offset 2\n");
            demo.awaitErr("the record in the handler's output", line -> line.endsWith("AWSKafkaTopic-0@2 key=null value=hello"));
            demo.terminate();
            assertThat(demo.awaitExit(Duration.ofSeconds(8))).isZero();
        }
    }

    private static void hold(int port, List<ServerSocket> held) {
        try {
            held.add(new ServerSocket(port));
        } catch (IOException takenBySomebodyElse) {
            return;
        }
    }
}
