package dev.sluice.api.function;

import dev.sluice.api.aws.AwsOperation;
import dev.sluice.api.aws.AwsRequest;
import dev.sluice.api.aws.FunctionReferences;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.ApiServer;
import dev.sluice.api.http.ErrorType;
import dev.sluice.function.FunctionException;
import dev.sluice.invocation.AsynchronousInvocations;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationOptions.WhenBusy;
import dev.sluice.invocation.Payload;
import dev.sluice.mapping.FunctionDirectory;
import dev.sluice.resource.FunctionArn;
import io.javalin.http.Context;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Invoke: calls a function and waits for its answer without holding a thread (RequestResponse), or doesn't wait (Event, DryRun). */
public final class InvokeRoute {

    private static final String TRACE_ID = "X-Amzn-Trace-Id";

    // AWS's quota for asynchronous invocations since October 2025.
    private static final int MOST_EVENT_BYTES = 1_048_576;

    private final FunctionDirectory functions;
    private final FunctionInvoker invoker;
    private final Supplier<AsynchronousInvocations> asynchronous;

    public InvokeRoute(FunctionDirectory functions, FunctionInvoker invoker, Supplier<AsynchronousInvocations> asynchronous) {
        this.functions = functions;
        this.invoker = invoker;
        this.asynchronous = asynchronous;
    }

    public void addTo(Map<String, AwsOperation> handlers) {
        handlers.put("Invoke", this::invoke);
    }

    private void invoke(AwsRequest request, Context ctx) {
        FunctionArn function = FunctionReferences.of(request).resolve(request.caller());
        // Recorded order: a function that doesn't exist comes before a payload that is no JSON.
        if (!functions.exists(function)) {
            // The qualifier is in the text of this operation also when none was given (recorded 2025).
            throw new FunctionException.NotFound("Function not found: "
                    + (function.qualifier() == null ? function.withQualifier("$LATEST") : function),
                    functions.elsewhere(function).orElse(null));
        }
        byte[] payload = InvokePayload.of(request.payload());
        String clientContext = InvokePayload.clientContext(request.parameter("ClientContext"));
        // On AWS the id of the request is the invocation's.
        String requestId = ctx.res().getHeader(ApiServer.REQUEST_ID);
        String brought = ctx.header(TRACE_ID);
        String trace = brought == null ? InvocationOptions.traceIdOf(requestId) : brought;
        ctx.header(TRACE_ID, trace);
        String type = request.parameter("InvocationType");
        switch (type == null ? "RequestResponse" : type) {
            case "DryRun" -> ctx.status(204);
            case "Event" -> {
                // The client context is "for synchronous invocations only" (API reference).
                accept(function, requestId, payload, trace);
                ctx.status(202);
            }
            default -> {
                InvocationAnswer answer = new InvocationAnswer();
                InvocationOptions options = new InvocationOptions(WhenBusy.THROTTLE_OVER_RESERVATION, requestId,
                        "Tail".equals(request.parameter("LogType")), clientContext, trace);
                invoker.submit(new Invocation(function, "invoke", () -> Payload.of(payload), answer, options));
                Executor executor = ctx.appData(ApiServer.EXECUTOR);
                ctx.future(() -> answer.result().thenAcceptAsync(result -> answer.write(ctx, result), executor));
            }
        }
    }

    private void accept(FunctionArn function, String requestId, byte[] payload, String trace) {
        // Reported by users, also with the limits of earlier years (hyp3#2241).
        if (payload.length > MOST_EVENT_BYTES) {
            throw ApiException.of(ErrorType.REQUEST_ENTITY_TOO_LARGE, payload.length
                    + " byte payload is too large for the Event invocation type (limit " + MOST_EVENT_BYTES + " bytes)");
        }
        if (!asynchronous.get().accept(function, requestId, payload, trace)) {
            throw ApiException.tooManyRequests("CallerRateLimitExceeded", asynchronous.get().pending()
                    + " events wait for their functions, and Sluice keeps no more of them in memory");
        }
    }
}
