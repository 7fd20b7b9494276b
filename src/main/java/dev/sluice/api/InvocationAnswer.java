package dev.sluice.api;

import dev.sluice.function.InvocationResult;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * How the result of an invocation goes over the wire. Whatever the function did wrong is a 200 with
 * {@code X-Amz-Function-Error: Unhandled}; a throttle is a 429; a call that didn't reach the function is a ServiceException (500),
 * which SDKs try again.
 *
 * @param requestId the invocation's; null when it never started
 */
record InvocationAnswer(String requestId) {

    private static final Set<String> THROTTLE_REASONS = Set.of("ConcurrentInvocationLimitExceeded",
            "FunctionInvocationRateLimitExceeded", "ReservedFunctionConcurrentInvocationLimitExceeded",
            "ReservedFunctionInvocationRateLimitExceeded", "CallerRateLimitExceeded",
            "ConcurrentSnapshotCreateLimitExceeded");

    /** Writes the answer, or throws what the table of errors answers. */
    void write(Context ctx, InvocationResult result) {
        if (requestId != null) {
            ctx.header(ApiServer.REQUEST_ID, requestId);
        }
        if (result instanceof InvocationResult.Success success) {
            answer(ctx, success.answer());
        } else if (result instanceof InvocationResult.FunctionError failed) {
            functionError(ctx, failed.error());
        } else if (result instanceof InvocationResult.TimedOut timedOut) {
            functionError(ctx, "Sandbox.Timedout", "RequestId: " + timedOut.requestId() + " Error: Task timed out after "
                    + seconds(timedOut.timeout()) + " seconds");
        } else if (result instanceof InvocationResult.NotValid notValid) {
            // AWS's error type for code that can't be started.
            functionError(ctx, "Runtime.InvalidEntrypoint", notValid.reason());
        } else if (result instanceof InvocationResult.Throttled throttled) {
            boolean known = THROTTLE_REASONS.contains(throttled.reason());
            throw ApiException.tooManyRequests(known ? throttled.reason() : "ReservedFunctionConcurrentInvocationLimitExceeded",
                    known ? null : throttled.reason());
        } else if (result instanceof InvocationResult.CouldNotInvoke could) {
            throw ApiException.of(ErrorType.SERVICE, could.reason());
        } else {
            throw new IllegalStateException("no answer for the result " + result.getClass().getName());
        }
    }

    private static void functionError(Context ctx, String errorType, String errorMessage) {
        functionError(ctx, Json.bytes(Json.MAPPER.createObjectNode().put("errorType", errorType).put("errorMessage", errorMessage)));
    }

    private static void functionError(Context ctx, byte[] error) {
        ctx.header("X-Amz-Function-Error", "Unhandled");
        answer(ctx, error);
    }

    private static void answer(Context ctx, byte[] json) {
        // The 0 is in every answer of AWS's own.
        ctx.header("x-amzn-Remapped-Content-Length", "0");
        ctx.status(200).header("X-Amz-Executed-Version", "$LATEST").contentType("application/json").result(json);
    }

    private static String seconds(Duration timeout) {
        return String.format(Locale.ROOT, "%.2f", timeout.toMillis() / 1000.0);
    }
}
