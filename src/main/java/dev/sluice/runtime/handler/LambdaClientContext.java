package dev.sluice.runtime.handler;

import com.amazonaws.services.lambda.runtime.Client;
import com.amazonaws.services.lambda.runtime.ClientContext;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What does the caller of Invoke say of itself? As a handler sees it, with the fields of Lambda's own class. Immutable. As in Lambda's
 * Java runtime, {@code custom} and {@code env} hold texts, and anything else in them fails the invocation (aws-lambda-java-libs#212).
 */
public final class LambdaClientContext implements ClientContext {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final CallingClient client;
    private final Map<String, String> custom;
    private final Map<String, String> env;

    private LambdaClientContext(JsonNode json) {
        JsonNode caller = json.get("client");
        this.client = caller == null || caller.isNull() ? null : new CallingClient(caller);
        this.custom = texts(json.get("custom"), "custom");
        this.env = texts(json.get("env"), "env");
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
        return client;
    }

    @Override
    public Map<String, String> getCustom() {
        return custom;
    }

    @Override
    public Map<String, String> getEnvironment() {
        return env;
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

    /** The application that called; public as the rest, for reflection. */
    public static final class CallingClient implements Client {

        // AWS's names, which serializers print.
        private final String installation_id;
        private final String app_title;
        private final String app_version_name;
        private final String app_version_code;
        private final String app_package_name;

        private CallingClient(JsonNode json) {
            this.installation_id = text(json, "installation_id");
            this.app_title = text(json, "app_title");
            this.app_version_name = text(json, "app_version_name");
            this.app_version_code = text(json, "app_version_code");
            this.app_package_name = text(json, "app_package_name");
        }

        @Override
        public String getInstallationId() {
            return installation_id;
        }

        @Override
        public String getAppTitle() {
            return app_title;
        }

        @Override
        public String getAppVersionName() {
            return app_version_name;
        }

        @Override
        public String getAppVersionCode() {
            return app_version_code;
        }

        @Override
        public String getAppPackageName() {
            return app_package_name;
        }

        private static String text(JsonNode json, String member) {
            JsonNode value = json.get(member);
            return value == null || value.isNull() ? null : value.asText();
        }
    }
}
