package dev.sluice.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.Time;
import dev.sluice.invocation.InvocationResult;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvocationLogTest {

    private static final InvocationResult DONE = new InvocationResult.Success("null".getBytes(StandardCharsets.UTF_8));
    private static final InvocationResult FAILED = new InvocationResult.FunctionError("java.lang.Boom", new byte[7]);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T10:00:00.1234567Z"), ZoneOffset.UTC);
    private static final LogOrigin ORIGIN = new LogOrigin(null, "id-1", "7");

    private final FunctionLog function = new FunctionLog(1_000_000, (log, grownBy) -> {});
    private long nanos = 1_000_000_000;

    private InvocationLog log(LoggingConfig config, LogTail tail) {
        return new InvocationLog(ORIGIN, FunctionsFixture.arn("f"), 256,
                new InvocationLog.Target(function, LogForm.of(config), tail), new Time(CLOCK, () -> nanos));
    }

    private InvocationLog text() {
        return log(LoggingConfig.DEFAULT, new LogTail());
    }

    private InvocationLog json(LoggingConfig.Level application, LoggingConfig.System system) {
        return log(new LoggingConfig(LoggingConfig.Format.JSON, application, system, null), new LogTail());
    }

    private static String end(InvocationLog log, InvocationResult result) {
        return new String(log.end(result), StandardCharsets.UTF_8);
    }

    private static void print(InvocationLog log, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        log.line(bytes, bytes.length);
    }

    private List<String> logged() {
        return function.read(new LogQuery("f", null, 1000, null)).lines().stream().map(LogLine::text).toList();
    }

    @Test
    void hasTheFormOfLambdasLog() {
        InvocationLog log = text();
        log.runsInThisJvm();
        print(log, "printed");
        nanos += 12_345_678;

        assertThat(end(log, DONE)).matches("START RequestId: id-1 Version: 7\nprinted\nEND RequestId: id-1\nREPORT RequestId: id-1\t"
                + "Duration: 12.35 ms\tBilled Duration: 13 ms\tMemory Size: 256 MB\tMax Memory Used: \\d+ MB\t\n");
    }

    @Test
    void tellsNoMemoryOfWhatRunsWhereNobodyCanLook() {
        assertThat(end(text(), DONE)).endsWith("\tMemory Size: 256 MB\t\n");
    }

    @Test
    void countsTheInitialisationByItself() {
        InvocationLog log = text();
        nanos += 300_000_000;
        log.initialised();
        nanos += 1_000_000;

        assertThat(end(log, DONE)).contains("\tDuration: 1.00 ms\tBilled Duration: 301 ms\t").endsWith("\tInit Duration: 300.00 ms\t\n");
    }

    @Test
    void namesATimeoutBeforeItsEnd() {
        assertThat(end(text(), new InvocationResult.TimedOut("id-1", Duration.ofMillis(1500)))).startsWith(
                "START RequestId: id-1 Version: 7\n"
                        + "2026-11-24T10:00:00.123Z id-1 Task timed out after 1.50 seconds\n\nEND RequestId: id-1\nREPORT ");
    }

    @Test
    void saysWhyTheFunctionWasNotRun() {
        end(text(), new InvocationResult.CouldNotInvoke("http://localhost:1 could not be reached"));
        end(json(null, null), new InvocationResult.NotValid("Class not found: a.B"));

        assertThat(logged()).contains("http://localhost:1 could not be reached", "{\"timestamp\":\"2026-11-24T10:00:00.123Z\","
                + "\"message\":\"Class not found: a.B\",\"level\":\"ERROR\",\"AWSRequestId\":\"id-1\"}");
    }

    @Test
    void keepsTheLast4KbAndNothingThatComesAfterItsEnd() {
        InvocationLog log = text();
        for (int i = 0; i < 1000; i++) {
            print(log, "line " + i);
        }
        byte[] tail = log.end(DONE);
        print(log, "late");

        assertThat(tail).hasSize(4096);
        assertThat(new String(tail, StandardCharsets.UTF_8)).contains("\nline 998\nline 999\nEND RequestId: id-1\nREPORT ")
                .endsWith(" MB\t\n").doesNotContain("START", "late", "line 9\n");
    }

    @Test
    void keepsTheEndOfALineThatIsLongerThanAll() {
        InvocationLog log = text();
        print(log, "x".repeat(10_000));

        assertThat(end(log, DONE)).hasSize(4096).startsWith("xxx");
    }

    @Test
    void theFunctionsLogHasAllLinesWhoeverAsksForTheEnd() {
        InvocationLog log = log(LoggingConfig.DEFAULT, null);
        print(log, "printed");
        log.error("boom: a.Boom\na.Boom: boom\n\tat a.B\n");

        assertThat(log.end(FAILED)).isEmpty();
        print(log, "late");
        assertThat(logged()).satisfiesExactly(
                start -> assertThat(start).isEqualTo("START RequestId: id-1 Version: 7"),
                printed -> assertThat(printed).isEqualTo("printed"),
                error -> assertThat(error).isEqualTo("boom: a.Boom"),
                error -> assertThat(error).isEqualTo("a.Boom: boom"),
                error -> assertThat(error).isEqualTo("\tat a.B"),
                end -> assertThat(end).isEqualTo("END RequestId: id-1"),
                report -> assertThat(report).startsWith("REPORT RequestId: id-1\tDuration: 0.00 ms\t"),
                late -> assertThat(late).isEqualTo("late"));
    }

    @Test
    void textHasTheLevelInBracketsAndTakesAll() {
        InvocationLog log = text();

        assertThat(log.event("as is", LogLevel.UNDEFINED)).isEqualTo("as is");
        assertThat(log.event("fine", LogLevel.TRACE)).isEqualTo("[TRACE] fine");
        assertThat(log.logs(LogLevel.TRACE)).isTrue();
    }

    @Test
    void jsonHasPlatformEventsAsLambdaWritesThem() {
        InvocationLog log = json(null, null);
        log.runsInThisJvm();
        nanos += 397_676_000;
        log.initialised();
        nanos += 693_920_000;

        assertThat(end(log, DONE)).matches("\\Q{\"time\":\"2026-11-24T10:00:00.123Z\",\"type\":\"platform.start\",\"record\":{"
                + "\"requestId\":\"id-1\",\"functionArn\":\"arn:aws:lambda:us-east-1:000000000000:function:f\",\"version\":\"7\"}}\n"
                + "{\"time\":\"2026-11-24T10:00:00.123Z\",\"type\":\"platform.report\",\"record\":{\"requestId\":\"id-1\",\"metrics\":{"
                + "\"durationMs\":693.92,\"billedDurationMs\":1092,\"memorySizeMB\":256,\"maxMemoryUsedMB\":\\E\\d+\\Q,"
                + "\"initDurationMs\":397.68},\"status\":\"success\"}}\n\\E");
    }

    @Test
    void systemLogLevelsChooseAmongPlatformEvents() {
        assertThat(end(json(null, LoggingConfig.System.WARN), DONE)).isEmpty();
        assertThat(end(json(null, LoggingConfig.System.WARN), FAILED)).contains("platform.runtimeDone",
                "\"status\":\"error\",\"errorType\":\"java.lang.Boom\"", "platform.report").doesNotContain("platform.start");
        assertThat(end(json(null, LoggingConfig.System.DEBUG), DONE)).contains("platform.start", "platform.report",
                "\"status\":\"success\",\"metrics\":{\"durationMs\":0.00,\"producedBytes\":4}}");
        assertThat(end(json(null, null), new InvocationResult.TimedOut("id-1", Duration.ofSeconds(1)))).contains("\"status\":\"timeout\"")
                .doesNotContain("Task timed out");
    }

    @Test
    void applicationLogLevelsChooseAmongWhatTheFunctionLogs() {
        InvocationLog info = json(null, null);
        InvocationLog fatal = json(LoggingConfig.Level.FATAL, null);

        assertThat(info.event("too low", LogLevel.DEBUG)).isNull();
        assertThat(info.logs(LogLevel.DEBUG)).isFalse();
        assertThat(info.event("two\n\"lines\"", LogLevel.INFO)).isEqualTo("{\"timestamp\":\"2026-11-24T10:00:00.123Z\","
                + "\"message\":\"two\\n\\\"lines\\\"\",\"level\":\"INFO\",\"AWSRequestId\":\"id-1\"}");
        assertThat(fatal.event("too low", LogLevel.ERROR)).isNull();
        assertThat(fatal.event("of no level", LogLevel.UNDEFINED)).contains("\"level\":\"UNDEFINED\"");
        fatal.error("left out, as its level is ERROR");
        info.error("kept");
        assertThat(logged()).filteredOn(line -> line.contains("timestamp")).singleElement().asString().contains("kept", "\"ERROR\"");
    }
}
