package dev.sluice.dispatch;

import dev.sluice.function.InvocationResult;
import dev.sluice.function.InvocationResult.CouldNotInvoke;
import dev.sluice.function.InvocationResult.FunctionError;
import dev.sluice.function.InvocationResult.NotValid;
import dev.sluice.function.InvocationResult.Success;
import dev.sluice.function.InvocationResult.Throttled;
import dev.sluice.function.InvocationResult.TimedOut;
import java.nio.charset.StandardCharsets;

/**
 * How one attempt went, in the words a person reads.
 *
 * @param kind what the mapping does next
 * @param lastProcessingResult AWS's text for the member of that name
 * @param detail the cause in full, for logs and the mapping's detail; empty after a success
 */
public record AttemptResult(Kind kind, String lastProcessingResult, String detail) {

    /** Whether the batch is done, is tried again, or can't be tried until somebody changes the function. */
    public enum Kind { SUCCEEDED, FAILED, FUNCTION_NOT_VALID }

    private static final int DETAIL_LIMIT = 2_000;

    static AttemptResult of(InvocationResult result) {
        if (result instanceof Success) {
            return new AttemptResult(Kind.SUCCEEDED, "OK", "");
        }
        if (result instanceof NotValid notValid) {
            return new AttemptResult(Kind.FUNCTION_NOT_VALID, "PROBLEM: Function call failed. " + notValid.reason(),
                    notValid.reason());
        }
        return new AttemptResult(Kind.FAILED, "PROBLEM: Function call failed", detail(result));
    }

    private static String detail(InvocationResult result) {
        if (result instanceof FunctionError error) {
            String json = new String(error.error(), StandardCharsets.UTF_8);
            return json.length() <= DETAIL_LIMIT ? json : json.substring(0, DETAIL_LIMIT) + "…";
        }
        if (result instanceof TimedOut timedOut) {
            return "Task timed out after " + timedOut.timeout().toMillis() / 1000.0 + " seconds";
        }
        if (result instanceof Throttled throttled) {
            return "throttled: " + throttled.reason();
        }
        return "could not be invoked: " + ((CouldNotInvoke) result).reason();
    }
}
