package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.invocation.InvocationResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttemptReportTest {

    private static final String AWS = "PROBLEM: Function call failed";

    static Stream<InvocationResult> failures() {
        return failures("why");
    }

    private static Stream<InvocationResult> failures(String reason) {
        return Stream.of(functionError("E", reason),
                new InvocationResult.TimedOut("id", Duration.ofMillis(3_000)),
                new InvocationResult.Throttled(reason),
                new InvocationResult.CouldNotInvoke(reason),
                new InvocationResult.NotValid(reason));
    }

    private static InvocationResult functionError(String type, String message) {
        return new InvocationResult.FunctionError(type, ("{\"errorMessage\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theDetailOfAFunctionsErrorIsWhatPeopleSayOnOneLine() {
        assertThat(AttemptReport.of(functionError("ValueError", "broken\\n  order")).detail()).isEqualTo("ValueError: broken order");
        assertThat(AttemptReport
                .of(new InvocationResult.FunctionError("E", bytes("{\"errorType\":\"ValueError\",\"errorMessage\":\"no\"}"))).detail())
                .isEqualTo("ValueError: no");
        assertThat(
                AttemptReport.of(new InvocationResult.FunctionError("E", bytes("{\"errorType\":\"E\",\"errorMessage\":\"E\"}"))).detail())
                .isEqualTo("E");
        assertThat(AttemptReport.of(new InvocationResult.FunctionError("E", bytes("no JSON\nat all"))).detail())
                .isEqualTo("E: no JSON at all");
    }

    @Test
    void aReasonOfOursIsShownBehindAwsTextAndSoIsNothingOfTheFunctionsOwn() {
        AttemptReport report =
                AttemptReport.of(new InvocationResult.FunctionError("E", bytes("{\"errorMessage\":\"secret\"}"), "no such class"));

        assertThat(report.lastProcessingResult()).isEqualTo("PROBLEM: Function call failed. no such class");
        assertThat(report.detail()).isEqualTo("no such class");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void saysOkAndNoMoreOfASuccess() {
        assertThat(AttemptReport.of(new InvocationResult.Success(new byte[0])))
                .isEqualTo(new AttemptReport(AttemptReport.Kind.SUCCEEDED, "OK", ""));
    }

    @Test
    void hasATextForEachKindOfFailureThatBeginsWithAwss() {
        Set<String> texts = failures().map(failure -> AttemptReport.of(failure).lastProcessingResult()).collect(Collectors.toSet());

        assertThat(texts).containsExactlyInAnyOrder(AWS, AWS + ". Task timed out after 3.00 seconds", AWS + ". Throttled: why",
                AWS + ". Could not be invoked: why", AWS + ". why");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void namesTheCauseOfEachInTheDetail(InvocationResult failure) {
        assertThat(AttemptReport.of(failure).detail()).containsAnyOf("why", "timed out");
    }

    @Test
    void showsNothingOfWhatTheFunctionSaid() {
        InvocationResult error = functionError("hunter2", "hunter2");

        assertThat(AttemptReport.of(error).lastProcessingResult()).isEqualTo(AWS);
        assertThat(AttemptReport.of(error).detail()).contains("hunter2");
    }

    @Test
    void boundsEveryText() {
        failures("x".repeat(100_000)).map(AttemptReport::of).forEach(report -> {
            assertThat(report.lastProcessingResult()).hasSizeLessThanOrEqualTo(500);
            assertThat(report.detail()).hasSizeLessThanOrEqualTo(2_000);
        });
    }
}
