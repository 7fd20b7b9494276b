package dev.sluice.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.function.FunctionException;
import dev.sluice.function.Functions;
import dev.sluice.mapping.FunctionReference;
import dev.sluice.mapping.Scope;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the requests about functions from bodies that keep the contract. Members that can't change how a function behaves here
 * (Tags, VpcConfig, TracingConfig, Architectures, EphemeralStorage, LoggingConfig, KMSKeyArn, CodeSigningConfigArn,
 * SourceKMSKeyArn) are taken and have no effect; those that would are refused.
 */
final class FunctionRequests {

    private static final int LONGEST_NAME = 64;

    /** Members that would change how the function behaves. */
    private static final List<String> REFUSED = List.of("Layers", "FileSystemConfigs", "ImageConfig", "DeadLetterConfig",
            "CapacityProviderConfig", "DurableConfig", "TenancyConfig", "PublishTo");

    private static final List<String> OTHER_CODE = List.of("S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri");

    private FunctionRequests() {
    }

    static Functions.Create create(Scope caller, ObjectNode body) {
        FunctionReference named = FunctionReferences.parse(text(body, "FunctionName"));
        FunctionReferences.requireReachable(named, caller);
        requireShortName(named.name());
        if ("Image".equals(text(body, "PackageType"))) {
            throw onlyZip("PackageType is Image");
        }
        byte[] zip = code(body.get("Code"), "Code.");
        refuse(body, REFUSED);
        refusePublish(body);
        if ("PublishedVersions".equals(text(body.path("SnapStart"), "ApplyOn"))) {
            throw ApiException.invalidParameter("Sluice has no SnapStart; allowed for SnapStart.ApplyOn is None.");
        }
        String runtime = text(body, "Runtime");
        String handler = text(body, "Handler");
        if (runtime == null || handler == null) {
            throw ApiException.invalidParameter(
                    "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
        }
        Runtimes.require(runtime);
        return new Functions.Create(named.name(), zip, runtime, handler, text(body, "Role"), text(body, "Description"),
                integer(body, "Timeout"), integer(body, "MemorySize"), environment(body.path("Environment").get("Variables")));
    }

    /** The uploaded bytes of an UpdateFunctionCode request. */
    static byte[] updatedCode(ObjectNode body) {
        byte[] zip = code(body, "");
        refuse(body, List.of("PublishTo"));
        refusePublish(body);
        if (body.path("DryRun").asBoolean()) {
            throw ApiException.invalidParameter("Sluice can't do DryRun of UpdateFunctionCode yet; allowed is false.");
        }
        return zip;
    }

    /** The revision that UpdateFunctionCode expects; null for any. */
    static String revisionId(ObjectNode body) {
        return text(body, "RevisionId");
    }

    private static void requireShortName(String name) {
        if (name.length() > LONGEST_NAME) {
            // A service check on AWS: it borrows the wording, but is no ValidationException (recorded).
            throw new FunctionException.InvalidParameter(Violation.message(List.of(new Violation(name, "functionName",
                    Schema.phrase("have length less than or equal to " + LONGEST_NAME)))));
        }
    }

    private static byte[] code(JsonNode code, String prefix) {
        for (String member : OTHER_CODE) {
            if (Members.saysSomething(code.get(member))) {
                throw onlyZip(prefix + member + " is given");
            }
        }
        String zip = text(code, "ZipFile");
        if (zip == null) {
            throw ApiException.invalidParameter("Please provide a source for function code.");
        }
        try {
            return Base64.getDecoder().decode(zip);
        } catch (IllegalArgumentException e) {
            throw ApiException.serialization("'" + ConstraintCheck.lowerFirst(prefix) + "zipFile': the value is not base64");
        }
    }

    private static ApiException onlyZip(String what) {
        return ApiException.invalidParameter(what + "; Sluice takes code only as a ZipFile yet.");
    }

    private static void refuse(ObjectNode body, List<String> members) {
        for (String member : members) {
            if (Members.saysSomething(body.get(member))) {
                throw ApiException.invalidParameter("Sluice does not support " + member + " of a function yet; leave it out.");
            }
        }
    }

    private static void refusePublish(ObjectNode body) {
        if (body.path("Publish").asBoolean()) {
            throw ApiException.invalidParameter("Sluice can't publish versions yet; allowed for Publish is false.");
        }
    }

    private static Map<String, String> environment(JsonNode variables) {
        if (variables == null || variables.isNull()) {
            return null;
        }
        Map<String, String> environment = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> variable : variables.properties()) {
            if (!variable.getValue().isNull()) {
                environment.put(variable.getKey(), variable.getValue().textValue());
            }
        }
        return environment;
    }

    private static String text(JsonNode node, String member) {
        return node.hasNonNull(member) ? node.get(member).textValue() : null;
    }

    private static Integer integer(JsonNode node, String member) {
        return node.hasNonNull(member) ? node.get(member).intValue() : null;
    }
}
