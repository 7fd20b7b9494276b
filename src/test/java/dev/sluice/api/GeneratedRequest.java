package dev.sluice.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.contract.Contract;
import dev.sluice.api.contract.ContractOperation;
import dev.sluice.api.contract.Schema;
import dev.sluice.api.http.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A request that was made up, member by member. Mutable, confined to one thread. */
public final class GeneratedRequest {

    private static final Contract CONTRACT = Contract.load().strict();

    private final ContractOperation operation;
    private final ObjectNode parameters;
    private final ObjectNode body;
    private byte[] payload;
    private boolean strangers;

    /** @param body null when the operation takes none */
    GeneratedRequest(ContractOperation operation, ObjectNode parameters, ObjectNode body) {
        this.operation = operation;
        this.parameters = parameters;
        this.body = body;
    }

    ContractOperation operation() {
        return operation;
    }

    /** What goes into path, query and headers, by AWS's member names. */
    public ObjectNode parameters() {
        return parameters;
    }

    public ObjectNode body() {
        return body;
    }

    /** The bytes of a body that is no JSON by contract. */
    void payload(byte[] bytes) {
        payload = bytes;
    }

    /** Adds to body, query and headers what nobody knows, and nobody minds. */
    void addStrangers() {
        strangers = true;
        if (body != null) {
            addStrangers(CONTRACT.operation(operation.id()).body(), body);
        }
    }

    private static void addStrangers(Schema schema, JsonNode node) {
        if (schema instanceof Schema.Structure structure && node instanceof ObjectNode object) {
            structure.members().forEach((name, member) -> addStrangers(member, object.path(name)));
            object.putObject("HeardOfNowhere").put("Number", 1);
        } else if (schema instanceof Schema.Elements elements) {
            node.forEach(element -> addStrangers(elements.element(), element));
        }
    }

    HttpRequest toHttp(URI endpoint, String authorization) {
        String path = operation.path();
        List<String> query = new ArrayList<>();
        HttpRequest.Builder http = HttpRequest.newBuilder().header("Authorization", authorization);
        for (ContractOperation.Parameter parameter : operation.parameters()) {
            JsonNode value = parameters.get(parameter.member());
            if (value == null) {
                continue;
            }
            switch (parameter.place()) {
                case "path" -> path = path.replace("{" + parameter.name() + "}", encoded(value.asText()));
                // HTTP takes spaces off both ends of a header's value.
                case "header" -> http.header(parameter.name(), value.asText().replaceAll("^ | $", "a"));
                default -> {
                    if (value.isArray()) {
                        value.forEach(each -> query.add(parameter.name() + "=" + encoded(each.asText())));
                    } else {
                        query.add(parameter.name() + "=" + encoded(value.asText()));
                    }
                }
            }
        }
        if (strangers) {
            query.add("HeardOfNowhere=1");
            http.header("X-Amz-Heard-Of-Nowhere", "1");
        }
        byte[] bytes = body != null ? Json.bytes(body) : payload;
        return http.uri(endpoint.resolve(path + (query.isEmpty() ? "" : "?" + String.join("&", query))))
                .method(operation.method(), bytes == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes)).build();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** For failure messages. */
    @Override
    public String toString() {
        return operation.id() + " " + parameters + (body == null ? "" : " " + body);
    }
}
