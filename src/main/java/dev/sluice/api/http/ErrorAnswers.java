package dev.sluice.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.fault.FileFailure;
import dev.sluice.function.FunctionException;
import dev.sluice.mapping.MappingException;
import dev.sluice.resource.Tags;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a request failed with into AWS's answer: the one table of exceptions and error types. Routes never catch. */
public final class ErrorAnswers {

    public static final String HINT = "X-Sluice-Hint";
    static final String ERROR_TYPE = "x-amzn-ErrorType";

    static final Map<Class<? extends RuntimeException>, ErrorType> TABLE = new LinkedHashMap<>();

    static {
        TABLE.put(MappingException.NotFound.class, ErrorType.RESOURCE_NOT_FOUND);
        TABLE.put(MappingException.InvalidParameter.class, ErrorType.INVALID_PARAMETER_VALUE);
        TABLE.put(MappingException.InUse.class, ErrorType.RESOURCE_IN_USE);
        TABLE.put(MappingException.Duplicate.class, ErrorType.RESOURCE_CONFLICT);
        // A class of its own, because functions have tags too; the text of its limit was recorded with this type.
        TABLE.put(Tags.Refused.class, ErrorType.INVALID_PARAMETER_VALUE);
        TABLE.put(FunctionException.NotFound.class, ErrorType.RESOURCE_NOT_FOUND);
        TABLE.put(FunctionException.Conflict.class, ErrorType.RESOURCE_CONFLICT);
        TABLE.put(FunctionException.InvalidParameter.class, ErrorType.INVALID_PARAMETER_VALUE);
        TABLE.put(FunctionException.PreconditionFailed.class, ErrorType.PRECONDITION_FAILED);
        TABLE.put(FunctionException.TooLarge.class, ErrorType.REQUEST_ENTITY_TOO_LARGE);
        TABLE.put(FunctionException.UntypedInvalidParameter.class, ErrorType.UNTYPED_INVALID_PARAMETER_VALUE);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

    // Nothing recorded tells how Lambda answers a path it doesn't know; this is what AWS's other REST services send.
    static final byte[] UNKNOWN_OPERATION = "<UnknownOperationException/>".getBytes(StandardCharsets.UTF_8);

    static final String UNKNOWN_OPERATION_TYPE = "UnknownOperationException";

    private ErrorAnswers() {
    }

    static void register(RoutesConfig routes) {
        TABLE.forEach((exception, type) -> routes.exception(exception, (e, ctx) -> refuse(ctx, type, e.getMessage(), null, hint(e))));
        routes.exception(ApiException.class, (e, ctx) -> refuse(ctx, e.type(), e.getMessage(), e.reason(), e.hint()));
        routes.exception(HttpResponseException.class, ErrorAnswers::noRoute);
        routes.exception(Exception.class, ErrorAnswers::unexpected);
    }

    private static void refuse(Context ctx, ErrorType type, String message, String reason, String hint) {
        if (hint != null) {
            // A header can't hold line breaks or characters beyond Latin-1.
            ctx.header(HINT, hint.replaceAll("[^\\x20-\\x7e]", "?"));
            ctx.appData(RecentHints.KEY).add(ctx.method().name(), ctx.path(), type.awsName(), message, hint);
            LOG.info("refused with a way out: path={} error={} message={} hint={}", ctx.path(), type.awsName(), message, hint);
        }
        if (type == ErrorType.TOO_MANY_REQUESTS) {
            ctx.header("Retry-After", "1");
        }
        write(ctx, type, type.body(message, reason));
    }

    private static void write(Context ctx, ErrorType type, ObjectNode body) {
        ctx.status(type.status()).header(ERROR_TYPE, type.awsName()).contentType("application/json").result(Json.bytes(body));
    }

    private static void noRoute(HttpResponseException e, Context ctx) {
        if (e.getStatus() == 404 || e.getStatus() == 405) {
            ctx.status(404).header(ERROR_TYPE, UNKNOWN_OPERATION_TYPE).contentType("application/xml").result(UNKNOWN_OPERATION);
        } else {
            ctx.status(e.getStatus()).contentType("application/json")
                    .result(Json.bytes(Json.MAPPER.createObjectNode().put("message", e.getMessage())));
        }
    }

    private static void unexpected(Exception e, Context ctx) {
        LOG.error("request failed: method={} path={} requestId={}", ctx.method().name(), ctx.path(),
                ctx.res().getHeader(ApiServer.REQUEST_ID), e);
        write(ctx, ErrorType.SERVICE, failedInside(ctx.res(), e));
    }

    /** For Errors, which Javalin keeps away from exception handlers. */
    static void javaError(HttpServletResponse response, Error error) {
        LOG.error("request failed: requestId={}", response.getHeader(ApiServer.REQUEST_ID), error);
        response.setStatus(ErrorType.SERVICE.status());
        response.setHeader(ERROR_TYPE, ErrorType.SERVICE.awsName());
        response.setContentType("application/json");
        try {
            response.getOutputStream().write(Json.bytes(failedInside(response, error)));
        } catch (IOException e) {
            LOG.debug("the client left before its error answer: requestId={}", response.getHeader(ApiServer.REQUEST_ID), e);
        }
    }

    /** What has gone wrong with the disk is the user's to mend, and comes in words that are. */
    private static ObjectNode failedInside(HttpServletResponse response, Throwable cause) {
        String disk = cause instanceof UncheckedIOException file ? ": " + FileFailure.sentence(file) : "";
        return ErrorType.SERVICE.body("The request failed inside Sluice" + disk + "; its log has the cause under request id "
                + response.getHeader(ApiServer.REQUEST_ID) + ".", null);
    }

    private static String hint(RuntimeException e) {
        if (e instanceof FunctionException function) {
            return function.hint().orElse(null);
        }
        return e instanceof MappingException mapping ? mapping.hint().orElse(null) : null;
    }
}
