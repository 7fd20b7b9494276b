package dev.sluice.api;

import dev.sluice.api.aws.AwsOperation;
import dev.sluice.api.aws.AwsRequest;
import dev.sluice.api.contract.Contract;
import dev.sluice.api.contract.ModelValidator;
import dev.sluice.api.contract.Operation;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.ErrorType;
import dev.sluice.api.http.Routes;
import dev.sluice.api.mapping.MeantMapping;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.resource.Scope;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;

/**
 * Creates, updates and deletes event source mappings under {@code /_sluice/mappings}, for those who can't sign. It is AWS's own operations
 * that answer, with the same contract, checks and texts; account and region come from the query, of a mapping that exists from itself.
 * Thread-safe.
 */
final class UnsignedMappingRoutes implements Routes {

    private static final String UUID = "UUID";

    private final Scope defaults;
    private final EventSourceMappings mappings;
    private final Contract contract;
    private final ModelValidator validator;
    private final Map<String, AwsOperation> handlers;

    /** @param defaults the account and the region of who names none */
    UnsignedMappingRoutes(Scope defaults, EventSourceMappings mappings, Contract contract, ModelValidator validator,
            Map<String, AwsOperation> handlers) {
        this.defaults = defaults;
        this.mappings = mappings;
        this.contract = contract;
        this.validator = validator;
        this.handlers = handlers;
    }

    @Override
    public void register(RoutesConfig routes) {
        Operation create = contract.operation("CreateEventSourceMapping");
        Operation update = contract.operation("UpdateEventSourceMapping");
        Operation delete = contract.operation("DeleteEventSourceMapping");
        routes.post(CONTROL + "mappings", AwsRoutes.withBody(create, (ctx, body) -> answer(ctx, create, scope(ctx), Map.of(), body)));
        routes.put(CONTROL + "mappings/{uuid}", AwsRoutes.withBody(update, (ctx, body) -> answer(ctx, update, body)));
        routes.delete(CONTROL + "mappings/{uuid}", ctx -> answer(ctx, delete, null));
    }

    private void answer(Context ctx, Operation operation, byte[] body) {
        MeantMapping meant = MeantMapping.of(ctx.pathParam("uuid"), mappings);
        if (meant instanceof MeantMapping.One one) {
            answer(ctx, operation, one.mapping().scope(), Map.of(UUID, List.of(one.mapping().id().toString())), body);
        } else if (meant instanceof MeantMapping.Several several) {
            throw ApiException.invalidParameter(several.reason());
        } else {
            throw ApiException.of(ErrorType.RESOURCE_NOT_FOUND, ((MeantMapping.Nobody) meant).reason());
        }
    }

    private void answer(Context ctx, Operation operation, Scope caller, Map<String, List<String>> parameters, byte[] body) {
        handlers.get(operation.id()).handle(AwsRequest.of(caller, parameters, body, operation, validator), ctx);
    }

    private Scope scope(Context ctx) {
        String account = ctx.queryParam("accountId");
        String region = ctx.queryParam("region");
        if (account != null && !account.matches("\\d{12}")) {
            throw ApiException.invalidParameter("accountId is '" + account + "'; allowed is 12 digits");
        }
        if (region != null && !region.matches("[a-z0-9-]+")) {
            throw ApiException
                    .invalidParameter("region is '" + region + "'; allowed are lower-case letters, digits and hyphens, e.g. us-east-1");
        }
        return new Scope(account == null ? defaults.accountId() : account, region == null ? defaults.region() : region);
    }
}
