package dev.sluice.api.http;

import dev.sluice.fault.FatalFaults;
import java.time.Duration;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * When does a request get a thread that handles it? When its body is there: so slow clients, however many, keep nobody else waiting.
 * One that {@link RequestGuard} is going to refuse isn't waited for. Thread-safe.
 */
final class BodyHandler extends Handler.Wrapper {

    /** In bytes a second, for AWS's paths, once the first patience is over. A zip of 50 MB comes through at this rate, in 12 minutes. */
    private static final long SLOWEST_UPLOAD = 100_000;

    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final RequestGuard guard;
    private final BodyPatience control;
    private final BodyPatience aws;
    private final FatalFaults faults;

    /** @param patience how long every body may take to arrive @param faults told what Jetty would only answer */
    BodyHandler(Handler handler, RequestGuard guard, Duration patience, FatalFaults faults) {
        super(handler);
        this.faults = faults;
        this.guard = guard;
        this.control = new BodyPatience(patience, 0);
        this.aws = new BodyPatience(patience, SLOWEST_UPLOAD);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!WITH_BODY.contains(request.getMethod())
                || guard.refusal(request.getHeaders().get(HttpHeader.HOST), request.getHeaders().get(HttpHeader.ORIGIN)).isPresent()) {
            return super.handle(request, response, callback);
        }
        boolean controls = Request.getPathInContext(request).startsWith(Routes.CONTROL);
        RequestBody body = new RequestBody(request, controls ? control : aws);
        try {
            if (body.read()) {
                // The usual case: it came with the head.
                return super.handle(request, response, callback);
            }
        } catch (Error e) {
            faults.caught(e);
            throw e;
        }
        body.readOn(() -> handleLater(request, response, callback), failure -> fail(request, response, callback, failure));
        return true;
    }

    private void handleLater(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, 404);
            }
        } catch (Throwable e) {
            fail(request, response, callback, e);
        }
    }

    private void fail(Request request, Response response, Callback callback, Throwable failure) {
        faults.caught(failure);
        Response.writeError(request, response, callback, failure);
    }
}
