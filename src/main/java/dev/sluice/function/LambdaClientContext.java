package dev.sluice.function;

import com.amazonaws.services.lambda.runtime.Client;
import com.amazonaws.services.lambda.runtime.ClientContext;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the caller of Invoke says of itself, as a handler sees it. Immutable. As in Lambda's Java runtime, {@code custom} and
 * {@code env} hold texts, and anything else in them fails the invocation (aws-lambda-java-libs#212).
 */
final class LambdaClientContext implements ClientContext {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode client;
    private final Map<String, String> custom;
    private final Map<String, String> environment;

    private LambdaClientContext(JsonNode json) {
        this.client = json.get("client");
        this.custom = texts(json.get("custom"), "custom");
        this.environment = texts(json.get("env"), "env");
    }

    /** @param json an object; null for none, which is null for a handler, too */
    static LambdaClientContext of(String json) {
        if (json == null) {
            return null;
        }
        try {
            return new LambdaClientContext(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the client context is no JSON", e);
        }
    }

    @Override
    public Client getClient() {
        return client == null || client.isNull() ? null : new CallingClient(client);
    }

    @Override
    public Map<String, String> getCustom() {
        return custom;
    }

    @Override
    public Map<String, String> getEnvironment() {
        return environment;
    }

    private static Map<String, String> texts(JsonNode object, String member) {
        if (object == null || object.isNull()) {
            return null;
        }
        if (!object.isObject()) {
            throw new IllegalArgumentException("Expected an object at " + member + " of the client context");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(entry -> {
            if (entry.getValue().isContainerNode()) {
                throw new IllegalArgumentException("Expected a string at " + member + "." + entry.getKey() + " of the client context");
            }
            texts.put(entry.getKey(), entry.getValue().isNull() ? null : entry.getValue().asText());
        });
        return Collections.unmodifiableMap(texts);
    }

    private record CallingClient(JsonNode json) implements Client {
        @Override
        public String getInstallationId() {
            return text("installation_id");
        }

        @Override
        public String getAppTitle() {
            return text("app_title");
        }

        @Override
        public String getAppVersionName() {
            return text("app_version_name");
        }

        @Override
        public String getAppVersionCode() {
            return text("app_version_code");
        }

        @Override
        public String getAppPackageName() {
            return text("app_package_name");
        }

        private String text(String member) {
            JsonNode value = json.get(member);
            return value == null || value.isNull() ? null : value.asText();
        }
    }
}
