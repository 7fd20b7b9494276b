package dev.sluice.server;

import static dev.sluice.server.TerraformCalls.awaitGone;
import static dev.sluice.server.TerraformCalls.put;
import static dev.sluice.server.TerraformCalls.reached;
import static dev.sluice.server.TerraformCalls.until;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateAliasRequest;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.FileSystemConfig;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.GetAliasResponse;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.Layer;
import software.amazon.awssdk.services.lambda.model.ListVersionsByFunctionResponse;
import software.amazon.awssdk.services.lambda.model.PublishVersionResponse;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.UpdateAliasRequest;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionConfigurationRequest;

/**
 * Which calls does Terraform's AWS provider make for aws_lambda_function and aws_lambda_alias, in which order, and what does it read
 * into its state? As the provider's Go sources do it. Confined to one thread.
 */
final class TerraformFunctions {

    private final LambdaClient lambda;

    TerraformFunctions(LambdaClient lambda) {
        this.lambda = lambda;
    }

    /** @param reserved its reserved_concurrent_executions; null when not configured */
    Map<String, Object> createFunction(CreateFunctionRequest request, Integer reserved) {
        lambda.createFunction(request);
        awaitFunction(request.functionName(), "Pending", "Active", FunctionConfiguration::stateAsString);
        if (reserved != null) {
            lambda.putFunctionConcurrency(put -> put.functionName(request.functionName()).reservedConcurrentExecutions(reserved));
        }
        return readFunction(request.functionName());
    }

    Map<String, Object> readFunction(String name) {
        GetFunctionResponse output = lambda.getFunction(get -> get.functionName(name));
        FunctionConfiguration function = output.configuration();
        Map<String, Object> state = configured(function);
        put(state, "reserved_concurrent_executions",
                output.concurrency() == null ? null : output.concurrency().reservedConcurrentExecutions());
        FunctionConfiguration latest = null;
        for (ListVersionsByFunctionResponse page : lambda.listVersionsByFunctionPaginator(list -> list.functionName(name).maxItems(50))) {
            latest = page.versions().get(page.versions().size() - 1);
        }
        put(state, "qualified_arn", latest.functionArn());
        put(state, "version", latest.version());
        put(state, "tags", new TreeMap<>(output.tags()));
        put(state, "code_signing_config_arn",
                lambda.getFunctionCodeSigningConfig(get -> get.functionName(name)).codeSigningConfigArn());
        Map<String, String> listed = new TreeMap<>(lambda.listTags(list -> list.resource(function.functionArn())).tags());
        if (!listed.equals(new TreeMap<>(output.tags()))) {
            throw new AssertionError("GetFunction has the tags " + output.tags() + ", ListTags " + listed);
        }
        return state;
    }

    private static Map<String, Object> configured(FunctionConfiguration function) {
        Map<String, Object> state = new LinkedHashMap<>();
        put(state, "architectures", function.architecturesAsStrings());
        put(state, "arn", function.functionArn());
        put(state, "code_sha256", function.codeSha256());
        put(state, "dead_letter_config", function.deadLetterConfig() == null ? null : function.deadLetterConfig().targetArn());
        put(state, "description", function.description());
        put(state, "environment", function.environment() == null ? null : new TreeMap<>(function.environment().variables()));
        put(state, "ephemeral_storage", function.ephemeralStorage().size());
        put(state, "file_system_config", function.fileSystemConfigs().stream().map(FileSystemConfig::arn).toList());
        put(state, "handler", function.handler());
        put(state, "kms_key_arn", function.kmsKeyArn());
        put(state, "layers", function.layers().stream().map(Layer::arn).toList());
        put(state, "logging_config", function.loggingConfig().logFormatAsString() + " " + function.loggingConfig().logGroup());
        put(state, "memory_size", function.memorySize());
        put(state, "package_type", function.packageTypeAsString());
        put(state, "role", function.role());
        put(state, "runtime", function.runtimeAsString());
        String snapStart = function.snapStart().applyOnAsString();
        put(state, "snap_start", "None".equals(snapStart) ? null : snapStart);
        put(state, "source_code_size", function.codeSize());
        put(state, "timeout", function.timeout());
        put(state, "tracing_config", function.tracingConfig().modeAsString());
        put(state, "vpc_config", function.vpcConfig() == null ? null
                : Set.copyOf(join(function.vpcConfig().subnetIds(), function.vpcConfig().securityGroupIds())));
        return state;
    }

    /** Changes, each left out when there is none, in the provider's order: tags, configuration, code, concurrency, version. */
    record FunctionChange(Map<String, String> tags, UpdateFunctionConfigurationRequest configuration, byte[] zip, Integer reserved,
            boolean publish) {
    }

    Map<String, Object> updateFunction(String name, FunctionChange change) {
        Map<String, Object> before = readFunction(name);
        if (change.tags() != null) {
            TerraformCalls.tags(lambda, (String) before.get("arn"), before, change.tags());
        }
        if (change.configuration() != null) {
            lambda.updateFunctionConfiguration(change.configuration());
            awaitFunction(name, "InProgress", "Successful", FunctionConfiguration::lastUpdateStatusAsString);
        }
        if (change.zip() != null) {
            lambda.updateFunctionCode(update -> update.functionName(name)
                    .zipFile(SdkBytes.fromByteArray(change.zip())));
            awaitFunction(name, "InProgress", "Successful", FunctionConfiguration::lastUpdateStatusAsString);
        }
        if (change.reserved() != null && change.reserved() >= 0) {
            lambda.putFunctionConcurrency(put -> put.functionName(name).reservedConcurrentExecutions(change.reserved()));
        } else if (change.reserved() != null) {
            lambda.deleteFunctionConcurrency(delete -> delete.functionName(name));
        }
        if (change.publish()) {
            PublishVersionResponse published = until(() -> lambda.publishVersion(publish -> publish.functionName(name)),
                    ResourceConflictException.class);
            // By the version's ARN and its number together.
            lambda.waiter().waitUntilFunctionUpdated(wait -> wait.functionName(published.functionArn()).qualifier(published.version()));
        }
        return readFunction(name);
    }

    void deleteFunction(String name) {
        lambda.deleteFunction(delete -> delete.functionName(name));
        awaitGone(() -> lambda.getFunction(get -> get.functionName(name)));
    }

    Map<String, Object> createAlias(String function, String version, String name, String description) {
        lambda.createAlias(CreateAliasRequest.builder().functionName(function).functionVersion(version).name(name)
                .description(description).routingConfig(routing -> {}).build());
        return readAlias(function, name);
    }

    Map<String, Object> updateAlias(String function, String version, String name, String description) {
        lambda.updateAlias(UpdateAliasRequest.builder().functionName(function).functionVersion(version).name(name)
                .description(description).routingConfig(routing -> {}).build());
        return readAlias(function, name);
    }

    Map<String, Object> readAlias(String function, String name) {
        GetAliasResponse alias = lambda.getAlias(get -> get.functionName(function).name(name));
        Map<String, Object> state = new LinkedHashMap<>();
        put(state, "arn", alias.aliasArn());
        put(state, "name", alias.name());
        put(state, "description", alias.description());
        put(state, "function_version", alias.functionVersion());
        put(state, "routing_config", alias.routingConfig() == null ? null : alias.routingConfig().additionalVersionWeights());
        return state;
    }

    void deleteAlias(String function, String name) {
        lambda.deleteAlias(delete -> delete.functionName(function).name(name));
        try {
            lambda.getAlias(get -> get.functionName(function).name(name));
            throw new AssertionError("the alias " + name + " is still there");
        } catch (ResourceNotFoundException gone) {
            if (!gone.awsErrorDetails().errorMessage().contains("Cannot find alias arn")) {
                // Without these words older providers take it for a failure.
                throw new AssertionError("what is not found here?", gone);
            }
        }
    }

    private void awaitFunction(String name, String pending, String target,
            Function<FunctionConfiguration, String> status) {
        await().atMost(TerraformCalls.PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            String seen = status.apply(lambda.getFunction(get -> get.functionName(name)).configuration());
            return reached(seen, Set.of(pending), Set.of(target));
        });
    }

    private static List<String> join(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
