package dev.sluice.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.api.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The text of the contract, for tests that compare code with it. */
public final class ContractDocument {

    private ContractDocument() {
    }

    public static JsonNode read() {
        try (InputStream in = ContractDocument.class.getResourceAsStream("/openapi/lambda.json")) {
            return Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode schema(String name) {
        return read().path("components").path("schemas").path(name);
    }
}
