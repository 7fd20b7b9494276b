package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.api.contract.ContractDocument;
import dev.sluice.api.http.ErrorType;
import dev.sluice.resource.Scope;
import io.javalin.Javalin;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ContractRoutesTest {

    private final JsonNode document = ContractDocument.read();

    @Test
    void servesWhatTheContractSaysAndNothingElse() {
        AwsRoutes routes = new AwsRoutes(new Scope("000000000000", "us-east-1"), false, null, null, null);
        Javalin javalin = Javalin.create(config -> {
            config.startup.startupWatcherEnabled = false;
            routes.register(config.routes);
        });
        Set<String> served = new TreeSet<>();
        javalin.unsafe.internalRouter.allHttpHandlers().forEach(
                handler -> served.add(handler.endpoint.method.name() + " " + handler.endpoint.path));
        assertThat(served).isEqualTo(new TreeSet<>(operations().keySet()));
    }

    @Test
    void hasItsOperationsUnderAwsNames() {
        assertThat(operations().values()).containsExactlyInAnyOrder("CreateEventSourceMapping", "ListEventSourceMappings",
                "GetEventSourceMapping", "UpdateEventSourceMapping", "DeleteEventSourceMapping", "CreateFunction", "ListFunctions",
                "GetFunction", "GetFunctionConfiguration", "UpdateFunctionCode", "UpdateFunctionConfiguration", "DeleteFunction", "Invoke",
                "PublishVersion", "ListVersionsByFunction", "CreateAlias", "GetAlias", "UpdateAlias", "DeleteAlias", "ListAliases",
                "PutFunctionConcurrency", "GetFunctionConcurrency", "DeleteFunctionConcurrency", "GetFunctionCodeSigningConfig",
                "GetAccountSettings", "ListTags", "TagResource", "UntagResource");
    }

    @Test
    void declaresEveryErrorUnderTheStatusItIsSentWith() {
        for (ErrorType type : ErrorType.values()) {
            JsonNode schema = ContractDocument.schema(type.awsName());
            assertThat(schema.path("x-status").asInt()).as(type.awsName()).isEqualTo(type.status());
            type.body("m", null).fieldNames().forEachRemaining(
                    member -> assertThat(schema.path("properties").has(member)).as("%s.%s", type.awsName(), member).isTrue());
        }
    }

    @Test
    void describesTheErrorsThatEveryOperationShares() {
        document.path("x-common-errors").forEach(error -> assertThat(ContractDocument.schema(error.asText()).path("x-status").asInt())
                .as(error.asText()).isBetween(400, 500));
        assertThat(document.path("x-common-errors")).isNotEmpty();
    }

    @Test
    void resolvesEveryReference() {
        document.findValuesAsText("$ref").forEach(reference -> {
            String name = reference.substring("#/components/schemas/".length());
            assertThat(document.path("components").path("schemas").has(name)).as(reference).isTrue();
        });
    }

    private Map<String, String> operations() {
        Map<String, String> operations = new TreeMap<>();
        document.path("paths").properties().forEach(path -> path.getValue().properties().forEach(method -> operations
                .put(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), method.getValue().path("operationId").asText())));
        return operations;
    }
}
