package dev.sluice.api.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.Members;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.SettingsChange;
import dev.sluice.function.SnapStart;
import dev.sluice.resource.Scope;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads what CreateFunction, UpdateFunctionCode and UpdateFunctionConfiguration say about how a function is run. */
final class FunctionMembers {

    /** Members without effect here, kept as they were said; {@link FunctionDocument} returns them. */
    static final List<String> KEPT = List.of("PackageType", "Architectures", "VpcConfig", "DeadLetterConfig", "TracingConfig",
            "KMSKeyArn", "CodeSigningConfigArn", "FileSystemConfigs", "ImageConfig", "EphemeralStorage", "CapacityProviderConfig",
            "DurableConfig", "TenancyConfig");

    /** Of the code, not of the function: what is said with new code takes the place of what was said with the old. */
    static final String SOURCE_KMS_KEY_ARN = "SourceKMSKeyArn";

    /** Those of them that only CreateFunction, or UpdateFunctionCode, takes; UpdateFunctionConfiguration ignores them. */
    private static final Set<String> FIXED_AT_CREATE = Set.of("PackageType", "Architectures", "CodeSigningConfigArn", "TenancyConfig");

    private static final int ENVIRONMENT_LIMIT = 4096;

    // "Reserved environment variables" of the developer guide, without those that the contract's pattern refuses.
    private static final Set<String> RESERVED = Set.of("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
            "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR");

    private FunctionMembers() {
    }

    /** Of CreateFunction. */
    static SettingsChange ofCreate(Scope caller, ObjectNode body) {
        Map<String, String> ofCode = body.path("Code").hasNonNull(SOURCE_KMS_KEY_ARN)
                ? Map.of(SOURCE_KMS_KEY_ARN, body.get("Code").get(SOURCE_KMS_KEY_ARN).toString()) : Map.of();
        return read(caller, body, KEPT, ofCode);
    }

    /** Of UpdateFunctionConfiguration. */
    static SettingsChange ofConfiguration(Scope caller, ObjectNode body) {
        return read(caller, body, KEPT.stream().filter(member -> !FIXED_AT_CREATE.contains(member)).toList(), Map.of());
    }

    /** Of UpdateFunctionCode, which beside the code takes these two. */
    static SettingsChange ofCode(ObjectNode body) {
        Map<String, String> others = new LinkedHashMap<>();
        others.put(SOURCE_KMS_KEY_ARN, body.hasNonNull(SOURCE_KMS_KEY_ARN) ? body.get(SOURCE_KMS_KEY_ARN).toString() : "\"\"");
        if (body.hasNonNull("Architectures")) {
            others.put("Architectures", body.get("Architectures").toString());
        }
        return new SettingsChange(null, null, null, null, null, null, null, others);
    }

    private static SettingsChange read(Scope caller, ObjectNode body, List<String> kept, Map<String, String> ofCode) {
        String runtime = Members.text(body, "Runtime");
        if (runtime != null) {
            Runtimes.require(runtime);
        }
        Map<String, String> others = new LinkedHashMap<>(ofCode);
        List<String> layers = Members.texts(body, "Layers");
        LayerRules.require(caller, layers);
        VpcRules.require(body.path("VpcConfig"));
        for (String member : kept) {
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
                layers, logging(body.get("LoggingConfig")), snapStart(body.get("SnapStart")), others);
    }

    /** @param said null for nothing */
    private static LoggingConfig logging(JsonNode said) {
        return said == null || said.isNull() ? null : new LoggingConfig(
                oneOf(LoggingConfig.Format.values(), LoggingConfig.Format::text, Members.text(said, "LogFormat")),
                oneOf(LoggingConfig.Level.values(), LoggingConfig.Level::name, Members.text(said, "ApplicationLogLevel")),
                oneOf(LoggingConfig.System.values(), LoggingConfig.System::name, Members.text(said, "SystemLogLevel")),
                Members.text(said, "LogGroup"));
    }

    /** @param said null for nothing */
    private static SnapStart snapStart(JsonNode said) {
        if (said == null || said.isNull()) {
            return null;
        }
        SnapStart applyOn = oneOf(SnapStart.values(), SnapStart::text, Members.text(said, "ApplyOn"));
        return applyOn == null ? SnapStart.NONE : applyOn;
    }

    /** Of a text that keeps the contract. */
    private static <E> E oneOf(E[] values, Function<E, String> spelling, String text) {
        return text == null ? null : Stream.of(values).filter(value -> spelling.apply(value).equals(text)).findFirst().orElseThrow();
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
        List<String> reserved = environment.keySet().stream().filter(RESERVED::contains).toList();
        if (!reserved.isEmpty()) {
            // Pasted by many users of AWS.
            throw ApiException.invalidParameter("Lambda was unable to configure your environment variables because the environment"
                    + " variables you have provided contains reserved keys that are currently not supported for modification."
                    + " Reserved keys used in this request: " + String.join(", ", reserved));
        }
        return environment;
    }
}
