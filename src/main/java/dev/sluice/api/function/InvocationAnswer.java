package dev.sluice.api.function;

import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.ErrorType;
import dev.sluice.api.http.Json;
import dev.sluice.function.FunctionVersion;
import dev.sluice.invocation.InvocationListener;
import dev.sluice.invocation.InvocationResult;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What does the caller of Invoke hear of its invocation? Listens to it, and writes the result. Whatever the function did wrong is a
 * 200 with {@code X-Amz-Function-Error: Unhandled}; a throttle is a 429; a call that didn't reach the function is a ServiceException
 * (500), which SDKs try again. Thread-safe: what is heard is written before the result is completed, and read after it.
 */
public final class InvocationAnswer implements InvocationListener {

    private static final Set<String> THROTTLE_REASONS = Set.of("ConcurrentInvocationLimitExceeded",
            "FunctionInvocationRateLimitExceeded", "ReservedFunctionConcurrentInvocationLimitExceeded",
            "ReservedFunctionInvocationRateLimitExceeded", "CallerRateLimitExceeded",
            "ConcurrentSnapshotCreateLimitExceeded");

    private final CompletableFuture<InvocationResult> result = new CompletableFuture<>();
    private volatile String executedVersion = FunctionVersion.LATEST;
    private volatile byte[] log;

    CompletableFuture<InvocationResult> result() {
        return result;
    }

    @Override
    public void executes(String version) {
        executedVersion = version;
    }

    @Override
    public void started(String requestId) {
        // The request's own id.
    }

    @Override
    public void logged(byte[] tail) {
        log = tail;
    }

    @Override
    public void completed(InvocationResult outcome) {
        result.complete(outcome);
    }

    @Override
    public void ended() {
        // The answer is on its way; whether the call goes on is no matter to this caller.
    }

    /** Writes the answer, or throws what the table of errors answers. */
    public void write(Context ctx, InvocationResult outcome) {
        if (log != null) {
            ctx.header("X-Amz-Log-Result", Base64.getEncoder().encodeToString(log));
        }
        Runnable answer = outcome.match(
                success -> () -> answer(ctx, success.answer()),
                error -> () -> functionError(ctx, error.error()),
                timedOut -> () -> functionError(ctx, "Sandbox.Timedout", "RequestId: " + timedOut.requestId()
                        + " Error: Task timed out after " + seconds(timedOut.timeout()) + " seconds"),
                throttled -> {
                    boolean known = THROTTLE_REASONS.contains(throttled.reason());
                    throw ApiException.tooManyRequests(known ? throttled.reason() : "ReservedFunctionConcurrentInvocationLimitExceeded",
                            known ? null : throttled.reason());
                },
                moved -> {
                    // As when an environment is lost. An SDK tries it again by itself.
                    throw ApiException.service("The function moves to a process of its own, as " + moved.because() + "; invoke it again",
                            "isolation: process runs it there from the beginning, and isolation: jvm keeps it in the server's JVM");
                },
                couldNotInvoke -> {
                    throw ApiException.of(ErrorType.SERVICE, couldNotInvoke.reason());
                },
                // AWS's error type for code that can't be started.
                notValid -> () -> functionError(ctx, "Runtime.InvalidEntrypoint", notValid.reason()));
        answer.run();
    }

    private void functionError(Context ctx, String errorType, String errorMessage) {
        functionError(ctx, Json.bytes(Json.MAPPER.createObjectNode().put("errorType", errorType).put("errorMessage", errorMessage)));
    }

    private void functionError(Context ctx, byte[] error) {
        ctx.header("X-Amz-Function-Error", "Unhandled");
        answer(ctx, error);
    }

    private void answer(Context ctx, byte[] json) {
        // The 0 is in every answer of AWS's own.
        ctx.header("x-amzn-Remapped-Content-Length", "0");
        ctx.status(200).header("X-Amz-Executed-Version", executedVersion).contentType("application/json").result(json);
    }

    private static String seconds(Duration timeout) {
        return String.format(Locale.ROOT, "%.2f", timeout.toMillis() / 1000.0);
    }
}
