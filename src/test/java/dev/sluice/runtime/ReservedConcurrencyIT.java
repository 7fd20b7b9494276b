package dev.sluice.runtime;

import static dev.sluice.fixture.FunctionsFixture.CALLER;
import static dev.sluice.fixture.FunctionsFixture.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many invocations of a Java function run at once. */
class ReservedConcurrencyIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Longer than a call that gets a slot needs to begin. */
    private static final Duration A_WHILE = Duration.ofMillis(400);

    @TempDir
    private Path directory;
    private FunctionsFixture fixture;
    private Path inside;
    private Path counts;

    @BeforeEach
    void upload() throws IOException {
        fixture = new FunctionsFixture(directory, InvocationLimits.defaults(), new FunctionsFixture.Rows());
        inside = Files.createDirectory(directory.resolve("inside"));
        counts = Files.createFile(directory.resolve("counts"));
        // Each instance has classes of its own, so that they can only count each other outside.
        fixture.upload("f", "Counting", """
                import java.nio.file.*;
                public class Counting {
                    public void count(String directory) throws Exception {
                        Path here = Files.createTempFile(Path.of(directory, "inside"), "call", "");
                        int count = Path.of(directory, "inside").toFile().list().length;
                        Files.writeString(Path.of(directory, "counts"), count + "\\n", StandardOpenOption.APPEND);
                        while (!Files.exists(Path.of(directory, "open"))) { Thread.sleep(5); }
                        Files.delete(here);
                    }
                }""", "count");
        fixture.timeout("f", 60);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    // 10 is what holds where nothing is reserved; the account's 1,000 would be too many threads for a laptop.
    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {"2, 2", "12, 12", "none, 10"})
    void isWhatIsReservedWhetherThatIsMoreOrLessThanWithoutAReservation(Integer reserved, int atOnce) throws Exception {
        if (reserved != null) {
            fixture.functions.account().reserve(CALLER, named("f"), reserved);
        }

        List<Recorded> all = invoke(2 * atOnce + 1);
        awaitInside(atOnce);
        Files.createFile(directory.resolve("open"));

        awaitSuccess(all);
        assertThat(counted()).hasSize(all.size()).allMatch(count -> count <= atOnce).contains(atOnce);
    }

    @Test
    void isMoreOrLessAsSoonAsTheReservationIs() throws Exception {
        fixture.functions.account().reserve(CALLER, named("f"), 1);
        List<Recorded> all = invoke(20);
        awaitInside(1);

        fixture.functions.account().reserve(CALLER, named("f"), 12);
        awaitInside(12);
        fixture.functions.account().reserve(CALLER, named("f"), 2);
        awaitInside(12);
        Files.createFile(directory.resolve("open"));

        awaitSuccess(all);
        // The first 12 have seen 1 to 12 of them; who came later had at most one beside itself, once all but one were gone.
        assertThat(counted()).hasSize(20);
        assertThat(counted().subList(12, 20)).allMatch(count -> count <= 2);
    }

    private List<Recorded> invoke(int times) {
        return IntStream.range(0, times).mapToObj(i -> fixture.invoke("f", "\"" + directory + "\"")).toList();
    }

    private void awaitInside(int calls) {
        await().atMost(PATIENCE).until(() -> inside() == calls && counted().size() == calls);
        await().during(A_WHILE).atMost(PATIENCE).until(() -> inside() == calls);
    }

    private static void awaitSuccess(List<Recorded> calls) throws Exception {
        for (Recorded call : calls) {
            assertThat(call.answer()).isEqualTo("null");
        }
    }

    private long inside() throws IOException {
        try (Stream<Path> files = Files.list(inside)) {
            return files.count();
        }
    }

    private List<Integer> counted() throws IOException {
        return Files.readAllLines(counts).stream().map(Integer::valueOf).toList();
    }
}
