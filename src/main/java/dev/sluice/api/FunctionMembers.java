package dev.sluice.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.function.SettingsChange;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what CreateFunction, UpdateFunctionCode and UpdateFunctionConfiguration say about how a function is run. */
final class FunctionMembers {

    /** Members that have no effect here; {@link FunctionDocument} returns them. */
    static final List<String> WITHOUT_EFFECT = List.of("PackageType", "Architectures", "VpcConfig", "DeadLetterConfig", "TracingConfig",
            "KMSKeyArn", "CodeSigningConfigArn", "Layers", "FileSystemConfigs", "ImageConfig", "EphemeralStorage", "SnapStart",
            "LoggingConfig", "CapacityProviderConfig", "DurableConfig", "TenancyConfig");

    private static final int ENVIRONMENT_LIMIT = 4096;

    private FunctionMembers() {
    }

    static SettingsChange read(ObjectNode body) {
        String runtime = Members.text(body, "Runtime");
        if (runtime != null) {
            Runtimes.require(runtime);
        }
        Map<String, String> others = new LinkedHashMap<>();
        for (String member : WITHOUT_EFFECT) {
            if (body.hasNonNull(member)) {
                others.put(member, body.get(member).toString());
            }
        }
        Map<String, String> environment = environment(body);
        if (body.hasNonNull("Environment")) {
            // AWS returns an environment that was given, even when it has no variable.
            others.put("Environment", "{}");
        }
        return new SettingsChange(runtime, Members.text(body, "Handler"), Members.text(body, "Role"),
                Members.text(body, "Description"), Members.integer(body, "Timeout"), Members.integer(body, "MemorySize"), environment,
                others);
    }

    private static Map<String, String> environment(ObjectNode body) {
        if (!body.hasNonNull("Environment")) {
            return null;
        }
        JsonNode variables = body.get("Environment").path("Variables");
        Map<String, String> environment = Members.map(body.get("Environment"), "Variables");
        // AWS's text goes on with the variables themselves; they may be secrets.
        if (variables.toString().getBytes(StandardCharsets.UTF_8).length > ENVIRONMENT_LIMIT) {
            throw ApiException.invalidParameter("Lambda was unable to configure your environment variables because the environment"
                    + " variables you have provided exceeded the 4KB limit.");
        }
        return environment;
    }
}
