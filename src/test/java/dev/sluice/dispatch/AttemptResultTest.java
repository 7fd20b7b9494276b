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

class AttemptResultTest {

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
        assertThat(AttemptResult.of(functionError("ValueError", "broken\\n  order")).detail()).isEqualTo("ValueError: broken order");
        assertThat(AttemptResult
                .of(new InvocationResult.FunctionError("E", bytes("{\"errorType\":\"ValueError\",\"errorMessage\":\"no\"}"))).detail())
                .isEqualTo("ValueError: no");
        assertThat(
                AttemptResult.of(new InvocationResult.FunctionError("E", bytes("{\"errorType\":\"E\",\"errorMessage\":\"E\"}"))).detail())
                .isEqualTo("E");
        assertThat(AttemptResult.of(new InvocationResult.FunctionError("E", bytes("no JSON\nat all"))).detail())
                .isEqualTo("E: no JSON at all");
    }

    @Test
    void aReasonOfOursIsShownBehindAwsTextAndSoIsNothingOfTheFunctionsOwn() {
        AttemptResult result =
                AttemptResult.of(new InvocationResult.FunctionError("E", bytes("{\"errorMessage\":\"secret\"}"), "no such class"));

        assertThat(result.lastProcessingResult()).isEqualTo("PROBLEM: Function call failed. no such class");
        assertThat(result.detail()).isEqualTo("no such class");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void saysOkAndNoMoreOfASuccess() {
        assertThat(AttemptResult.of(new InvocationResult.Success(new byte[0])))
                .isEqualTo(new AttemptResult(AttemptResult.Kind.SUCCEEDED, "OK", ""));
    }

    @Test
    void hasATextForEachKindOfFailureThatBeginsWithAwss() {
        Set<String> texts = failures().map(failure -> AttemptResult.of(failure).lastProcessingResult()).collect(Collectors.toSet());

        assertThat(texts).containsExactlyInAnyOrder(AWS, AWS + ". Task timed out after 3.00 seconds", AWS + ". Throttled: why",
                AWS + ". Could not be invoked: why", AWS + ". why");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void namesTheCauseOfEachInTheDetail(InvocationResult failure) {
        assertThat(AttemptResult.of(failure).detail()).containsAnyOf("why", "timed out");
    }

    @Test
    void showsNothingOfWhatTheFunctionSaid() {
        InvocationResult error = functionError("hunter2", "hunter2");

        assertThat(AttemptResult.of(error).lastProcessingResult()).isEqualTo(AWS);
        assertThat(AttemptResult.of(error).detail()).contains("hunter2");
    }

    @Test
    void boundsEveryText() {
        failures("x".repeat(100_000)).map(AttemptResult::of).forEach(result -> {
            assertThat(result.lastProcessingResult()).hasSizeLessThanOrEqualTo(500);
            assertThat(result.detail()).hasSizeLessThanOrEqualTo(2_000);
        });
    }
}
