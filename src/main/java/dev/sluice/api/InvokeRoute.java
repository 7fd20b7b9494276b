package dev.sluice.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.function.FunctionException;
import dev.sluice.function.FunctionInvoker;
import dev.sluice.function.Invocation;
import dev.sluice.function.InvocationListener;
import dev.sluice.function.InvocationResult;
import dev.sluice.function.Payload;
import dev.sluice.mapping.FunctionArn;
import dev.sluice.mapping.FunctionDirectory;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Invoke: calls a function and waits for its answer without holding a thread (RequestResponse), or doesn't wait (Event, DryRun). */
final class InvokeRoute {

    private static final Logger log = LoggerFactory.getLogger(InvokeRoute.class);
    private static final byte[] NO_PAYLOAD = "{}".getBytes(StandardCharsets.UTF_8);

    private final FunctionDirectory functions;
    private final FunctionInvoker invoker;

    InvokeRoute(FunctionDirectory functions, FunctionInvoker invoker) {
        this.functions = functions;
        this.invoker = invoker;
    }

    void addTo(Map<String, AwsRoutes.Handler> handlers) {
        handlers.put("Invoke", this::invoke);
    }

    private void invoke(AwsRequest request, Context ctx) {
        FunctionArn function = FunctionReferences.of(request).resolve(request.caller());
        // Recorded order: a function that doesn't exist comes before a payload that is no JSON.
        if (!functions.exists(function)) {
            // The qualifier is in the text of this operation also when none was given (recorded 2025).
            throw new FunctionException.NotFound("Function not found: "
                    + (function.qualifier() == null ? function.withQualifier("$LATEST") : function));
        }
        byte[] payload = request.payload().length == 0 ? NO_PAYLOAD : request.payload();
        requireJson(payload);
        String asked = request.parameter("InvocationType");
        String type = asked == null ? "RequestResponse" : asked;
        switch (type) {
            case "DryRun" -> ctx.status(204);
            case "Event" -> {
                submit(function, payload, new Logged(function));
                ctx.status(202);
            }
            default -> {
                Answered answered = new Answered();
                submit(function, payload, answered);
                ctx.future(() -> answered.result.thenAcceptAsync(
                        result -> new InvocationAnswer(answered.requestId).write(ctx, result), ctx.appData(ApiServer.EXECUTOR)));
            }
        }
    }

    private void submit(FunctionArn function, byte[] payload, InvocationListener listener) {
        invoker.submit(new Invocation(function, "invoke", () -> Payload.of(payload), listener));
    }

    private static void requireJson(byte[] payload) {
        try (JsonParser parser = Json.MAPPER.createParser(payload)) {
            if (parser.nextToken() == null) {
                throw notJson("No content to map due to end-of-input");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw notJson("Unexpected content after the end of the JSON value");
            }
        } catch (JsonProcessingException e) {
            throw notJson(e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory can't be read", e);
        }
    }

    private static ApiException notJson(String why) {
        return ApiException.of(ErrorType.INVALID_REQUEST_CONTENT,
                "Could not parse request body into json: Could not parse payload into json: " + why);
    }

    /** Waits for the result of a call somebody waits for. */
    private static final class Answered implements InvocationListener {

        private final CompletableFuture<InvocationResult> result = new CompletableFuture<>();
        // Written before the result is completed, read after it.
        private volatile String requestId;

        @Override
        public void started(String id) {
            requestId = id;
        }

        @Override
        public void completed(InvocationResult outcome) {
            result.complete(outcome);
        }

        @Override
        public void ended() {
            // The answer is on its way; whether the call goes on is no matter to this caller.
        }
    }

    /** Logs what became of a call nobody waits for. Lambda would try it twice more; that is not built. */
    private static final class Logged implements InvocationListener {

        private final FunctionArn function;

        private Logged(FunctionArn function) {
            this.function = function;
        }

        @Override
        public void started(String id) {
            log.debug("asynchronous invocation started: function={} requestId={}", function, id);
        }

        @Override
        public void completed(InvocationResult outcome) {
            if (outcome instanceof InvocationResult.Success) {
                return;
            }
            log.warn("asynchronous invocation failed and is not tried again: function={} outcome={}", function,
                    outcome instanceof InvocationResult.FunctionError error ? error.errorType() : outcome);
        }

        @Override
        public void ended() {
            // Nothing waits for the end.
        }
    }
}
