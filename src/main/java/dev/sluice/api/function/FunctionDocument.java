package dev.sluice.api.function;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Json;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.Sha256;
import dev.sluice.resource.FunctionArn;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * AWS's {@code FunctionConfiguration} of one version of a function as one caller sees it. Members that are not set are absent.
 *
 * <p>What AWS does after its answer, preparing a function to run, takes no time here. So an answer that says {@code Pending} or
 * {@code InProgress} is the only one: whoever asks again finds {@code Active} and {@code Successful}, and, as recorded from AWS, another
 * revision.
 */
final class FunctionDocument {

    // 2019-09-24T18:20:35.054+0000: a string here, where mappings have a number.
    private static final DateTimeFormatter LAST_MODIFIED =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);

    private static final String BEING_CREATED = "The function is being created.";

    private final FunctionVersion version;
    private final FunctionArn arn;

    /** @param arn as the answer shows it, with a qualifier or without */
    FunctionDocument(FunctionVersion version, FunctionArn arn) {
        this.version = version;
        this.arn = arn;
    }

    /** The answer of CreateFunction: without LastUpdateStatus, as nothing was updated. @param revisionId one that nobody sees again */
    ObjectNode pending(String revisionId) {
        return withRuntimeVersion(base()).put("RevisionId", revisionId).put("State", "Pending").put("StateReason", BEING_CREATED)
                .put("StateReasonCode", "Creating");
    }

    /** The answer of an update. @param revisionId one that nobody sees again */
    ObjectNode inProgress(String revisionId) {
        return active().put("RevisionId", revisionId).put("LastUpdateStatus", "InProgress")
                .put("LastUpdateStatusReason", BEING_CREATED).put("LastUpdateStatusReasonCode", "Creating");
    }

    /** The answer of GetFunctionConfiguration. */
    ObjectNode active() {
        return withRuntimeVersion(base()).put("State", "Active").put("LastUpdateStatus", "Successful");
    }

    /** The answer of GetFunction. */
    ObjectNode withCode(FunctionDefinition function) {
        ObjectNode document = Json.MAPPER.createObjectNode();
        ObjectNode code = document.putObject("Code");
        version.code().match(new Source(code));
        putIfPresent(code, FunctionMembers.SOURCE_KMS_KEY_ARN, new FunctionExtras(version).text(FunctionMembers.SOURCE_KMS_KEY_ARN));
        document.set("Configuration", active());
        if (!function.tags().values().isEmpty()) {
            function.tags().values().forEach(document.putObject("Tags")::put);
        }
        if (function.reservedConcurrency() != null) {
            document.putObject("Concurrency").put("ReservedConcurrentExecutions", function.reservedConcurrency());
        }
        return document;
    }

    /** An entry of a list, which has no states. */
    ObjectNode listed() {
        return base();
    }

    private ObjectNode base() {
        FunctionSettings settings = version.settings();
        ObjectNode document = Json.MAPPER.createObjectNode();
        document.put("FunctionName", version.function());
        document.put("FunctionArn", arn.toString());
        putIfPresent(document, "Runtime", settings.runtime());
        putIfPresent(document, "Role", settings.role());
        putIfPresent(document, "Handler", settings.handler());
        document.put("CodeSize", version.code().size());
        document.put("Description", settings.description());
        document.put("Timeout", settings.timeout().toSeconds());
        document.put("MemorySize", settings.memoryMb());
        document.put("LastModified", LAST_MODIFIED.format(version.lastModified()));
        document.put("CodeSha256", version.code().sha256());
        document.put("Version", version.version());
        if (!settings.environment().isEmpty() || settings.otherMembers().containsKey("Environment")) {
            ObjectNode variables = document.putObject("Environment").putObject("Variables");
            new TreeMap<>(settings.environment()).forEach(variables::put);
        }
        document.put("RevisionId", version.revisionId());
        new FunctionExtras(version).addTo(document);
        return document;
    }

    private ObjectNode withRuntimeVersion(ObjectNode document) {
        String runtime = version.settings().runtime();
        if (runtime != null) {
            // AWS's hash names a build of the runtime; ours only keeps the form.
            document.putObject("RuntimeVersionConfig").put("RuntimeVersionArn", "arn:" + arn.scope().partition() + ":lambda:"
                    + arn.scope().region() + "::runtime:" + HexFormat.of().formatHex(Sha256.of(runtime)));
        }
        return document;
    }

    /** AWS gives a URL to download from. An upload has none here, and a made-up https URL would lead to AWS. */
    private record Source(ObjectNode json) implements FunctionCode.Kinds<ObjectNode> {

        private ObjectNode at(String location) {
            return json.put("RepositoryType", "S3").put("Location", location);
        }

        @Override
        public ObjectNode archive(FunctionCode.Archive archive) {
            return at("urn:sluice:archive:" + archive.sha256());
        }

        @Override
        public ObjectNode localJar(FunctionCode.LocalJar jar) {
            return at(jar.path().toUri().toString());
        }

        @Override
        public ObjectNode localTree(FunctionCode.LocalTree tree) {
            return at(tree.location());
        }

        @Override
        public ObjectNode localDirectory(FunctionCode.LocalDirectory place) {
            return at(place.location());
        }

        @Override
        public ObjectNode attached(FunctionCode.Attached attached) {
            return at("urn:sluice:attached");
        }

        @Override
        public ObjectNode httpEndpoint(FunctionCode.HttpEndpoint endpoint) {
            return at(endpoint.url().toString());
        }

        @Override
        public ObjectNode image(FunctionCode.Image image) {
            return json.put("RepositoryType", "ECR").put("ImageUri", image.uri()).put("ResolvedImageUri", image.uri());
        }
    }

    private static void putIfPresent(ObjectNode document, String member, String value) {
        if (value != null) {
            document.put(member, value);
        }
    }
}
