package dev.sluice.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class InvocationLogTest {

    private static final InvocationResult DONE = new InvocationResult.Success(new byte[0]);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T10:00:00.1234567Z"), ZoneOffset.UTC);

    private long nanos = 1_000_000_000;
    private final InvocationLog log = new InvocationLog("id-1", new FunctionVersion("f", "7",
            new FunctionCode.HttpEndpoint(URI.create("http://localhost:1"), false),
            FunctionsFixture.settings("h", 3), Instant.EPOCH, "r"), new InvocationLog.Time(CLOCK, () -> nanos));

    private String end(InvocationResult result) {
        return new String(log.end(result), StandardCharsets.UTF_8);
    }

    @Test
    void hasTheFormOfLambdasLog() {
        log.line("printed");
        nanos += 12_345_678;

        assertThat(end(DONE)).matches("START RequestId: id-1 Version: 7\nprinted\nEND RequestId: id-1\nREPORT RequestId: id-1\t"
                + "Duration: 12.35 ms\tBilled Duration: 13 ms\tMemory Size: 256 MB\tMax Memory Used: \\d+ MB\t\n");
    }

    @Test
    void countsTheInitialisationByItself() {
        nanos += 300_000_000;
        log.initialised();
        nanos += 1_000_000;

        assertThat(end(DONE)).contains("\tDuration: 1.00 ms\tBilled Duration: 301 ms\t").endsWith("\tInit Duration: 300.00 ms\t\n");
    }

    @Test
    void namesATimeoutBeforeItsEnd() {
        assertThat(end(new InvocationResult.TimedOut("id-1", Duration.ofMillis(1500)))).startsWith("START RequestId: id-1 Version: 7\n"
                + "2026-11-24T10:00:00.123Z id-1 Task timed out after 1.50 seconds\n\nEND RequestId: id-1\nREPORT ");
    }

    @Test
    void keepsTheLast4KbAndNothingThatComesAfterItsEnd() {
        for (int i = 0; i < 1000; i++) {
            log.line("line " + i);
        }
        byte[] tail = log.end(DONE);
        log.line("late");

        assertThat(tail).hasSize(4096);
        assertThat(new String(tail, StandardCharsets.UTF_8)).contains("\nline 998\nline 999\nEND RequestId: id-1\nREPORT ")
                .endsWith(" MB\t\n").doesNotContain("START", "late", "line 9\n");
    }

    @Test
    void keepsTheEndOfALineThatIsLongerThanAll() {
        log.line("x".repeat(10_000));

        assertThat(end(DONE)).hasSize(4096).startsWith("xxx");
    }
}
