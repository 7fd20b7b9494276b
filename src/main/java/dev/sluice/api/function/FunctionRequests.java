package dev.sluice.api.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.aws.FunctionReferences;
import dev.sluice.api.contract.Schema;
import dev.sluice.api.contract.Violation;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.Members;
import dev.sluice.function.CodeSource;
import dev.sluice.function.FunctionException;
import dev.sluice.function.FunctionRegistry;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.util.Base64;
import java.util.List;

/** Reads the requests that create and update functions, from bodies that keep the contract. */
final class FunctionRequests {

    private static final int LONGEST_NAME = 64;
    private static final List<String> BESIDE_A_ZIP = List.of("S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri");

    private FunctionRequests() {
    }

    static FunctionRegistry.Create create(Scope caller, ObjectNode body) {
        FunctionReference named = FunctionReferences.parse(Members.text(body, "FunctionName"));
        FunctionReferences.requireReachable(named, caller);
        requireShortName(named.name());
        boolean image = "Image".equals(Members.text(body, "PackageType"));
        CodeSource code = code(body.get("Code"), "Code.");
        if (image != code instanceof CodeSource.Image) {
            throw ApiException.invalidParameter("PackageType is " + (image ? "Image" : "Zip") + "; for that Code must have "
                    + (image ? "ImageUri." : "ZipFile, or S3Bucket and S3Key."));
        }
        if (!image && (Members.text(body, "Runtime") == null || Members.text(body, "Handler") == null)) {
            throw ApiException.invalidParameter(
                    "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
        }
        return new FunctionRegistry.Create(named.name(), code, FunctionMembers.ofCreate(caller, body), new Tags(Members.map(body, "Tags")),
                Boolean.TRUE.equals(Members.flag(body, "Publish")));
    }

    static FunctionRegistry.CodeUpdate updateCode(ObjectNode body) {
        return new FunctionRegistry.CodeUpdate(code(body, ""), FunctionMembers.ofCode(body),
                Boolean.TRUE.equals(Members.flag(body, "Publish")), Members.text(body, "RevisionId"),
                Boolean.TRUE.equals(Members.flag(body, "DryRun")));
    }

    private static void requireShortName(String name) {
        if (name.length() > LONGEST_NAME) {
            // A service check on AWS: it borrows the wording, but is no ValidationException (recorded).
            throw new FunctionException.InvalidParameter(Violation.message(List.of(new Violation(name, "functionName",
                    Schema.phrase("have length less than or equal to " + LONGEST_NAME)))));
        }
    }

    private static CodeSource code(JsonNode code, String prefix) {
        String zip = Members.text(code, "ZipFile");
        if (zip != null && BESIDE_A_ZIP.stream().anyMatch(member -> Members.saysSomething(code.get(member)))) {
            // Seen in a test that its author ran against AWS.
            throw ApiException.invalidParameter("Please do not provide other FunctionCode parameters when providing a ZipFile.");
        }
        String imageUri = Members.text(code, "ImageUri");
        String bucket = Members.text(code, "S3Bucket");
        String key = Members.text(code, "S3Key");
        String version = Members.text(code, "S3ObjectVersion");
        boolean inS3 = bucket != null || key != null || version != null;
        if (imageUri != null && inS3) {
            throw ApiException.invalidParameter(prefix + "ImageUri is given, and an object of S3 too; allowed is one of them.");
        }
        if (imageUri != null) {
            return new CodeSource.Image(imageUri);
        }
        if (bucket != null && key != null) {
            return new CodeSource.S3Object(bucket, key, version);
        }
        if (zip == null) {
            throw ApiException.invalidParameter("Please provide a source for function code.",
                    inS3 ? "S3Bucket and S3Key are needed together." : null);
        }
        try {
            return new CodeSource.Zip(Base64.getDecoder().decode(zip));
        } catch (IllegalArgumentException e) {
            throw ApiException.serialization("'" + (prefix.isEmpty() ? "zipFile" : "code.zipFile") + "': the value is not base64");
        }
    }
}
