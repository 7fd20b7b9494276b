package dev.sluice.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionSettings;
import dev.sluice.mapping.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.TreeMap;

/** AWS's {@code FunctionConfiguration} of a function as one caller sees it. Members that are not set are absent. */
final class FunctionDocument {

    // 2019-09-24T18:20:35.054+0000: a string here, where mappings have a number.
    private static final DateTimeFormatter LAST_MODIFIED =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);

    private final FunctionDefinition function;
    private final Scope caller;

    FunctionDocument(FunctionDefinition function, Scope caller) {
        this.function = function;
        this.caller = caller;
    }

    /** The answer of CreateFunction: active at once, and without LastUpdateStatus, as nothing was updated. */
    ObjectNode created() {
        return withRuntimeVersion(base(null)).put("State", "Active");
    }

    /** The answer of GetFunctionConfiguration and of updates. @param qualifier as the caller gave it; null for none */
    ObjectNode configuration(String qualifier) {
        return withRuntimeVersion(base(qualifier)).put("State", "Active").put("LastUpdateStatus", "Successful");
    }

    /** The answer of GetFunction. */
    ObjectNode withCode(String qualifier) {
        ObjectNode document = Json.MAPPER.createObjectNode();
        document.putObject("Code").put("RepositoryType", "S3").put("Location", location());
        document.set("Configuration", configuration(qualifier));
        return document;
    }

    /** An entry of ListFunctions, which has no states. */
    ObjectNode listed(String qualifier) {
        return base(qualifier);
    }

    private ObjectNode base(String qualifier) {
        FunctionSettings settings = function.settings();
        ObjectNode document = Json.MAPPER.createObjectNode();
        document.put("FunctionName", function.name());
        document.put("FunctionArn", function.arn(caller).withQualifier(qualifier).toString());
        putIfPresent(document, "Runtime", settings.runtime());
        putIfPresent(document, "Role", settings.role());
        putIfPresent(document, "Handler", settings.handler());
        document.put("CodeSize", function.code() instanceof FunctionCode.Archive archive ? archive.size() : 0L);
        document.put("Description", settings.description());
        document.put("Timeout", settings.timeout().toSeconds());
        document.put("MemorySize", settings.memoryMb());
        document.put("LastModified", LAST_MODIFIED.format(function.lastModified()));
        document.put("CodeSha256", codeSha256());
        document.put("Version", "$LATEST");
        if (!settings.environment().isEmpty()) {
            ObjectNode variables = document.putObject("Environment").putObject("Variables");
            new TreeMap<>(settings.environment()).forEach(variables::put);
        }
        document.putObject("TracingConfig").put("Mode", "PassThrough");
        document.put("RevisionId", function.revisionId());
        document.put("PackageType", "Zip");
        document.putArray("Architectures").add("x86_64");
        document.putObject("EphemeralStorage").put("Size", 512);
        document.putObject("SnapStart").put("ApplyOn", "None").put("OptimizationStatus", "Off");
        document.putObject("LoggingConfig").put("LogFormat", "Text").put("LogGroup", "/aws/lambda/" + function.name());
        return document;
    }

    private ObjectNode withRuntimeVersion(ObjectNode document) {
        String runtime = function.settings().runtime();
        if (runtime != null) {
            // AWS's hash names a build of the runtime; ours only keeps the form.
            document.putObject("RuntimeVersionConfig").put("RuntimeVersionArn", "arn:" + caller.partition() + ":lambda:"
                    + caller.region() + "::runtime:" + HexFormat.of().formatHex(sha256(runtime)));
        }
        return document;
    }

    private String codeSha256() {
        if (function.code() instanceof FunctionCode.Archive archive) {
            return archive.sha256();
        }
        return Base64.getEncoder().encodeToString(sha256(location()));
    }

    // AWS gives a URL to download from. An upload has none here, and a made-up https URL would lead to AWS.
    private String location() {
        if (function.code() instanceof FunctionCode.Archive archive) {
            return "urn:sluice:archive:" + archive.sha256();
        }
        if (function.code() instanceof FunctionCode.LocalJar jar) {
            return jar.path().toUri().toString();
        }
        if (function.code() instanceof FunctionCode.HttpEndpoint endpoint) {
            return endpoint.url().toString();
        }
        throw new IllegalStateException("no document form for the code " + function.code().getClass().getName());
    }

    private static void putIfPresent(ObjectNode document, String member, String value) {
        if (value != null) {
            document.put(member, value);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
