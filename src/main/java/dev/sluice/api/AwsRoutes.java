package dev.sluice.api;

import dev.sluice.api.aws.AwsOperation;
import dev.sluice.api.aws.AwsRequest;
import dev.sluice.api.aws.CredentialScope;
import dev.sluice.api.contract.Contract;
import dev.sluice.api.contract.ModelValidator;
import dev.sluice.api.contract.Operation;
import dev.sluice.api.contract.Operation.BodyLimit;
import dev.sluice.api.function.AccountRoutes;
import dev.sluice.api.function.AliasRoutes;
import dev.sluice.api.function.FunctionRoutes;
import dev.sluice.api.function.InvokeRoute;
import dev.sluice.api.function.VersionRoutes;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.ErrorType;
import dev.sluice.api.http.RequestBody;
import dev.sluice.api.http.Routes;
import dev.sluice.api.mapping.EventSourceMappingRoutes;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.MappingTags;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.Functions;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * The routes of AWS's Lambda API. Paths and methods come from the contract, so that there is one truth; every request is
 * validated before its handler runs. Thread-safe.
 */
public final class AwsRoutes implements Routes {

    private static final String SIGNING_NAME = "lambda";

    // Read beside the start of Jetty: both take their time mostly for loading classes. Not in ForkJoin's common pool, which belongs to
    // the functions and to whoever embeds a server: they may hold all of its threads.
    private final CompletableFuture<Contract.Pair> contracts = CompletableFuture.supplyAsync(Contract::load, AwsRoutes::beside);
    private final boolean relaxed;
    private final Scope defaults;
    private final EventSourceMappings mappings;
    private final CredentialScope credentials;
    private final Map<String, AwsOperation> handlers;

    /**
     * @param defaults the account of access keys that are no account id, and the region of credentials that name none
     * @param relaxed whether the form of a request may be what {@code --relaxed} allows
     */
    public AwsRoutes(Scope defaults, boolean relaxed, EventSourceMappings mappings, MappingTags tags, Functions functions) {
        this(defaults, relaxed, mappings, handlers(mappings, tags, functions));
    }

    /** @param handlers by operation id */
    public AwsRoutes(Scope defaults, boolean relaxed, Map<String, AwsOperation> handlers) {
        this(defaults, relaxed, null, handlers);
    }

    private AwsRoutes(Scope defaults, boolean relaxed, EventSourceMappings mappings, Map<String, AwsOperation> handlers) {
        this.defaults = defaults;
        this.mappings = mappings;
        this.relaxed = relaxed;
        this.credentials = new CredentialScope(defaults, SIGNING_NAME);
        this.handlers = handlers;
    }

    private static void beside(Runnable reading) {
        Thread thread = new Thread(reading, "sluice-contract");
        thread.setDaemon(true);
        thread.start();
    }

    private static Map<String, AwsOperation> handlers(EventSourceMappings mappings, MappingTags tags, Functions functions) {
        Map<String, AwsOperation> handlers = new LinkedHashMap<>();
        new EventSourceMappingRoutes(mappings).addTo(handlers);
        new TagRoutes(tags, functions).addTo(handlers);
        new FunctionRoutes(functions).addTo(handlers);
        new VersionRoutes(functions).addTo(handlers);
        new AliasRoutes(functions).addTo(handlers);
        new AccountRoutes(functions).addTo(handlers);
        new InvokeRoute(functions, functions, () -> functions.asynchronous()).addTo(handlers);
        return handlers;
    }

    @Override
    public void register(RoutesConfig routes) {
        ModelValidator validator = new ModelValidator(contracts.join(), relaxed);
        handlers.forEach((id, handler) -> {
            Operation operation = contracts.join().strict().operation(id);
            routes.addEndpoint(new Endpoint(HandlerType.findOrCreate(operation.method()), operation.path(),
                    withBody(operation,
                            (ctx, bytes) -> handler.handle(AwsRequest.read(ctx, bytes, operation, credentials, validator), ctx))));
        });
        if (mappings != null) {
            new UnsignedMappingRoutes(defaults, mappings, contracts.join().strict(), validator, handlers).register(routes);
        }
    }

    static io.javalin.http.Handler withBody(Operation operation, BiConsumer<Context, byte[]> handler) {
        if ("GET".equals(operation.method()) || "DELETE".equals(operation.method())) {
            return ctx -> handler.accept(ctx, null);
        }
        return ctx -> handler.accept(ctx, body(ctx, operation.bodyLimit()));
    }

    private static byte[] body(Context ctx, BodyLimit limit) {
        RequestBody.Read body = RequestBody.of(ctx, limit.bytes());
        if (body instanceof RequestBody.Read.Whole whole) {
            return whole.bytes();
        }
        if (body instanceof RequestBody.Read.TooLong) {
            throw ApiException.of(ErrorType.REQUEST_ENTITY_TOO_LARGE,
                    "Request must be smaller than " + limit.bytes() + " bytes for the " + limit.operation() + " operation");
        }
        if (body instanceof RequestBody.Read.TooSlow slow) {
            throw ApiException.of(ErrorType.MALFORMED_HTTP_REQUEST, "the body stopped or came too slowly; it may take " + slow.patience());
        }
        throw ApiException.of(ErrorType.MALFORMED_HTTP_REQUEST, "the body ended before its announced end, or its chunks are broken");
    }
}
