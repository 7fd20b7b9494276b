package dev.sluice.api.function;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.aws.AwsOperation;
import dev.sluice.api.aws.AwsRequest;
import dev.sluice.api.aws.FunctionReferences;
import dev.sluice.api.aws.Marker;
import dev.sluice.api.aws.Page;
import dev.sluice.api.http.Json;
import dev.sluice.api.http.Members;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.FunctionVersions;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.FunctionReference;
import dev.sluice.runtime.Functions;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** PublishVersion and ListVersionsByFunction. Thread-safe. */
public final class VersionRoutes {

    private final Functions functions;

    public VersionRoutes(Functions functions) {
        this.functions = functions;
    }

    public void addTo(Map<String, AwsOperation> handlers) {
        handlers.put("PublishVersion", this::publish);
        handlers.put("ListVersionsByFunction", this::list);
    }

    private void publish(AwsRequest request, Context ctx) {
        ObjectNode body = request.body();
        FunctionReference reference = FunctionReferences.named(request);
        FunctionVersion published = functions.versions().publish(request.caller(), reference, new FunctionVersions.Publish(
                Members.text(body, "CodeSha256"), Members.text(body, "Description"), Members.text(body, "RevisionId")));
        AwsOperation.answer(ctx, 201, new FunctionDocument(published,
                reference.resolve(request.caller()).withQualifier(published.version())).active());
    }

    private void list(AwsRequest request, Context ctx) {
        FunctionDefinition function = functions.registry().get(request.caller(), FunctionReferences.unqualified(request));
        ObjectNode answer = Json.MAPPER.createObjectNode();
        addPage(Stream.of(function), request, answer, answer.putArray("Versions"));
        AwsOperation.answer(ctx, 200, answer);
    }

    /** Adds one page of all versions of the functions, {@code $LATEST} first, each with its version in the ARN. */
    static void addPage(Stream<FunctionDefinition> functions, AwsRequest request, ObjectNode answer, ArrayNode entries) {
        List<Entry> all = functions.flatMap(function -> function.versions()
                .map(version -> new Entry(version, function.arn(request.caller()).withQualifier(version.version())))).toList();
        Page<Entry> page = Page.behind(Marker.version(request.parameter("Marker")), all, Entry::place, request.parameter("MaxItems"));
        page.items().forEach(entry -> entries.add(new FunctionDocument(entry.version, entry.arn).listed()));
        page.addMarkerTo(answer, entry -> Marker.ofVersion(entry.place()));
    }

    private record Entry(FunctionVersion version, FunctionArn arn) {
        Marker.VersionPlace place() {
            return new Marker.VersionPlace(version.function(), version.number());
        }
    }
}
