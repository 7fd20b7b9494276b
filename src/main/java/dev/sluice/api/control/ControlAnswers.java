package dev.sluice.api.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.ApiServer;
import dev.sluice.api.http.Json;
import dev.sluice.api.http.RequestBody;
import dev.sluice.cluster.RecordNotSentException;
import dev.sluice.cluster.TopicNotReadException;
import dev.sluice.fault.FileFailure;
import dev.sluice.function.FunctionException;
import dev.sluice.resource.NearestName;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the control API answers and refuses, whichever of its routes is asked. */
public final class ControlAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(ControlAnswers.class);

    private static final int MOST_BODY_BYTES = 32 * 1024 * 1024;

    private ControlAnswers() {
    }

    /**
     * Turns what a handler refuses into this API's form of an error, which isn't AWS's.
     *
     * @param parameters those that a query may have: a misspelt one would be an answer to another question
     */
    static Handler guarded(Handler handler, String... parameters) {
        List<String> allowed = List.of(parameters);
        return ctx -> {
            try {
                refuseOthers(ctx, allowed);
                handler.handle(ctx);
            } catch (ControlException refused) {
                fail(ctx, refused.status(), refused.getMessage());
            } catch (FunctionException.NotFound missing) {
                fail(ctx, 404, missing.getMessage());
            } catch (FunctionException.Conflict conflict) {
                fail(ctx, 409, conflict.getMessage());
            } catch (FunctionException refused) {
                fail(ctx, 400, refused.getMessage());
            } catch (RecordNotSentException notSent) {
                fail(ctx, status(notSent.reason()), notSent.getMessage());
            } catch (TopicNotReadException notRead) {
                fail(ctx, status(notRead.reason()), notRead.getMessage());
            } catch (HttpResponseException refused) {
                fail(ctx, refused.getStatus(), refused.getMessage());
            } catch (RuntimeException broken) {
                broken(ctx, broken);
            }
        };
    }

    /** Answers a request of which only path, query and body matter. */
    @FunctionalInterface
    public interface WithBody {
        void handle(Context ctx, byte[] body) throws Exception;
    }

    /** As {@link #guarded}, also of what is wrong with the body. */
    public static Handler withBody(WithBody handler, String... parameters) {
        return guarded(ctx -> handler.handle(ctx, body(ctx)), parameters);
    }

    private static void refuseOthers(Context ctx, List<String> allowed) {
        for (String given : ctx.queryParamMap().keySet()) {
            if (!allowed.contains(given)) {
                throw ControlException.badRequest("The query has '" + given + "': " + NearestName.suggestion(given, allowed));
            }
        }
    }

    private static byte[] body(Context ctx) {
        RequestBody.Read body = RequestBody.of(ctx, MOST_BODY_BYTES);
        if (body instanceof RequestBody.Read.Whole whole) {
            return whole.bytes();
        }
        if (body instanceof RequestBody.Read.TooLong) {
            throw new ControlException(413, "The body is over " + MOST_BODY_BYTES + " bytes; send the records in several requests");
        }
        if (body instanceof RequestBody.Read.TooSlow slow) {
            throw new ControlException(408, "The body stopped or came too slowly; it may take " + slow.patience());
        }
        throw ControlException.badRequest("The body ended before its announced end, or its chunks are broken");
    }

    /** Answers for what nobody expected; also where {@link #guarded} has returned before. */
    static void broken(Context ctx, Throwable cause) {
        LOG.error("control request failed: method={} path={}", ctx.method(), ctx.path(), cause);
        fail(ctx, 500, "Internal error" + (cause instanceof UncheckedIOException file ? ": " + FileFailure.sentence(file) : "")
                + "; the server's log has it");
    }

    private static void fail(Context ctx, int status, String message) {
        answer(ctx, status, object().put("message", message));
    }

    /** Answers once it is there, and no thread waits for it. */
    static <T> void later(Context ctx, CompletionStage<T> coming, Consumer<T> writer) {
        Executor executor = ctx.appData(ApiServer.EXECUTOR);
        ctx.future(() -> coming.thenAcceptAsync(writer, executor)
                .exceptionally(broken -> {
                    broken(ctx, broken);
                    return null;
                }).toCompletableFuture());
    }

    static ObjectNode object() {
        return Json.MAPPER.createObjectNode();
    }

    static void answer(Context ctx, int status, ObjectNode json) {
        ctx.status(status).contentType("application/json").result(Json.bytes(json));
    }

    private static int status(RecordNotSentException.Reason reason) {
        return switch (reason) {
            case BROKER_UNREACHABLE -> 503;
            case UNKNOWN_TOPIC -> 404;
            case UNKNOWN_PARTITION, INVALID_TOPIC -> 400;
            case RECORD_TOO_LARGE -> 413;
            case REFUSED -> 502;
        };
    }

    private static int status(TopicNotReadException.Reason reason) {
        return switch (reason) {
            case BROKER_UNREACHABLE, BUSY -> 503;
            case UNKNOWN_TOPIC -> 404;
            case UNKNOWN_PARTITION -> 400;
            case REFUSED -> 502;
        };
    }
}
