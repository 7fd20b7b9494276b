package dev.sluice.api.aws;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.api.http.Json;
import io.javalin.http.Context;

/** Answers one operation of AWS's API. */
@FunctionalInterface
public interface AwsOperation {

    void handle(AwsRequest request, Context ctx);

    /** Sends a JSON answer. */
    static void answer(Context ctx, int status, JsonNode body) {
        ctx.status(status).contentType("application/json").result(Json.bytes(body));
    }
}
