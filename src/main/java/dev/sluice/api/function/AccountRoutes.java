package dev.sluice.api.function;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.aws.AwsOperation;
import dev.sluice.api.aws.AwsRequest;
import dev.sluice.api.aws.FunctionReferences;
import dev.sluice.api.http.Json;
import dev.sluice.api.http.Members;
import dev.sluice.function.FunctionAccount;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.runtime.Functions;
import io.javalin.http.Context;
import java.util.Map;

/** Reserved concurrency, code signing, and the limits of an account. Thread-safe. */
public final class AccountRoutes {

    private static final String RESERVED = "ReservedConcurrentExecutions";

    // The default quotas of an account; ConcurrentExecutions is the one that counts here.
    private static final long TOTAL_CODE_SIZE = 80_530_636_800L;
    private static final long CODE_SIZE_UNZIPPED = 262_144_000;
    private static final long CODE_SIZE_ZIPPED = 52_428_800;

    private final Functions functions;

    public AccountRoutes(Functions functions) {
        this.functions = functions;
    }

    public void addTo(Map<String, AwsOperation> handlers) {
        handlers.put("PutFunctionConcurrency", this::putConcurrency);
        handlers.put("GetFunctionConcurrency", this::getConcurrency);
        handlers.put("DeleteFunctionConcurrency", this::deleteConcurrency);
        handlers.put("GetFunctionCodeSigningConfig", this::codeSigning);
        handlers.put("GetAccountSettings", this::settings);
    }

    private void putConcurrency(AwsRequest request, Context ctx) {
        int concurrency = Members.integer(request.body(), RESERVED);
        functions.account().reserve(request.caller(), FunctionReferences.named(request), concurrency);
        AwsOperation.answer(ctx, 200, Json.MAPPER.createObjectNode().put(RESERVED, concurrency));
    }

    private void getConcurrency(AwsRequest request, Context ctx) {
        Integer reserved = functions.account().reservedConcurrency(request.caller(), FunctionReferences.unqualified(request));
        ObjectNode answer = Json.MAPPER.createObjectNode();
        if (reserved != null) {
            answer.put(RESERVED, reserved);
        }
        AwsOperation.answer(ctx, 200, answer);
    }

    private void deleteConcurrency(AwsRequest request, Context ctx) {
        functions.account().unreserve(request.caller(), FunctionReferences.named(request));
        ctx.status(204);
    }

    /** Recorded: {@code {}} for a function without one. */
    private void codeSigning(AwsRequest request, Context ctx) {
        FunctionDefinition function = functions.registry().get(request.caller(), FunctionReferences.unqualified(request));
        String arn = new FunctionExtras(function.latest()).text("CodeSigningConfigArn");
        ObjectNode answer = Json.MAPPER.createObjectNode();
        if (arn != null) {
            answer.put("CodeSigningConfigArn", arn).put("FunctionName", function.name());
        }
        AwsOperation.answer(ctx, 200, answer);
    }

    private void settings(AwsRequest request, Context ctx) {
        FunctionAccount.Usage usage = functions.account().usage(request.caller());
        ObjectNode answer = Json.MAPPER.createObjectNode();
        answer.putObject("AccountLimit")
                .put("TotalCodeSize", TOTAL_CODE_SIZE)
                .put("CodeSizeUnzipped", CODE_SIZE_UNZIPPED)
                .put("CodeSizeZipped", CODE_SIZE_ZIPPED)
                .put("ConcurrentExecutions", FunctionAccount.CONCURRENT_EXECUTIONS)
                .put("UnreservedConcurrentExecutions", usage.unreserved());
        answer.putObject("AccountUsage").put("TotalCodeSize", usage.codeSize()).put("FunctionCount", usage.functions());
        AwsOperation.answer(ctx, 200, answer);
    }
}
