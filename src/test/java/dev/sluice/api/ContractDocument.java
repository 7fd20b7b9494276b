package dev.sluice.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The text of the contract, for tests that compare code with it. */
final class ContractDocument {

    private ContractDocument() {
    }

    static JsonNode read() {
        try (InputStream in = ContractDocument.class.getResourceAsStream("/openapi/lambda.json")) {
            return Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode schema(String name) {
        return read().path("components").path("schemas").path(name);
    }
}
