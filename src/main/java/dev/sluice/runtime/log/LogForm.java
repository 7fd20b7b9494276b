package dev.sluice.runtime.log;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.sluice.function.LoggingConfig;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.resource.FunctionArn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What do Lambda's own lines, and those of its logger, look like? In text or in JSON. Thread-safe. */
sealed interface LogForm permits TextLogForm, JsonLogForm {

    static LogForm of(LoggingConfig config) {
        return config.isJson() ? new JsonLogForm(config) : TextLogForm.ONLY;
    }

    /** The lines before an invocation. @param function as the caller names it */
    List<String> start(LogOrigin origin, FunctionArn function, Instant now);

    /** The lines after it. */
    List<String> end(LogOrigin origin, InvocationResult result, Report report, Instant now);

    /** What a function tells its logger; null when its level is too low. */
    String event(LogOrigin origin, String text, LogLevel level, Instant now);

    /** The same of bytes, which are logged as they are. */
    boolean logs(LogLevel level);

    /**
     * What an invocation took.
     *
     * @param initialisation in nanoseconds, as {@code duration}; 0 when there was none
     * @param usedMb {@link #UNKNOWN} of what runs where Sluice can't look
     * @param placedFor why the code runs in a process although nobody said so; null where it doesn't
     */
    record Report(long duration, long initialisation, int memoryMb, long usedMb, String placedFor) {

        static final long UNKNOWN = -1;

        /** Each begun millisecond. */
        long billedMillis() {
            return (duration + initialisation + 999_999) / 1_000_000;
        }
    }

    /** Nanoseconds as milliseconds with two decimals; once per invocation, hence without a formatter. */
    static String millis(long nanos) {
        long hundredths = (nanos + 5_000) / 10_000;
        long fraction = hundredths % 100;
        return hundredths / 100 + (fraction < 10 ? ".0" : ".") + fraction;
    }

    static String seconds(Duration timeout) {
        return String.format(Locale.ROOT, "%.2f", timeout.toMillis() / 1000.0);
    }

    /** Why an invocation came to nothing, where Lambda has no such thing to say; null when only the function knows. */
    static String reason(InvocationResult result) {
        return result.match(success -> null, InvocationResult.FunctionError::reason, timedOut -> null, throttled -> null,
                moved -> "Nothing of this invocation counts: the function moves to a process of its own, as " + moved.because(),
                InvocationResult.CouldNotInvoke::reason, InvocationResult.NotValid::reason);
    }
}
