package dev.sluice.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What AWS asks of a request about a function beside its model, put right in made-up ones. Confined to one thread. */
final class FunctionRules {

    /** One empty file named {@code a}. */
    private static final String ZIP = "UEsDBBQAAAAAAAAAIQAAAAAAAAAAAAAAAAABAAAAYVBLAQIUAxQAAAAAAAAAIQAAAAAAAAAAAAAA"
            + "AAABAAAAAAAAAAAAAACAAQAAAABhUEsFBgAAAAABAAEALwAAAB8AAAAAAA==";

    private final Random random;

    FunctionRules(Random random) {
        this.random = random;
    }

    void create(ObjectNode body, String name) {
        body.put("FunctionName", name);
        body.putObject("Code").put("ZipFile", ZIP);
        configuration(body);
        // Mandatory beside a zip, other than on update.
        body.put("Runtime", "java17").put("Handler", "example.Handler::handle");
        if (body.has("PackageType")) {
            body.put("PackageType", "Zip");
        }
        tags(body, "Tags");
        body.remove("PublishTo");
    }

    /** What CreateFunction and UpdateFunctionConfiguration have in common. */
    void configuration(ObjectNode body) {
        // A matching one is an exact copy of the answer before; a container's, a fleet's and a durable function's need those.
        body.remove(List.of("RevisionId", "ImageConfig", "CapacityProviderConfig", "DurableConfig", "TenancyConfig"));
        if (body.hasNonNull("Runtime")) {
            body.put("Runtime", random.nextBoolean() ? "java17" : "java21");
        }
        if (body.hasNonNull("Handler")) {
            body.put("Handler", "example.Other::handle");
        }
        environment(body.path("Environment"));
        if (body.path("VpcConfig") instanceof ObjectNode vpc) {
            // Both or neither.
            vpc.putArray("SubnetIds").add("subnet-1a2b3c4d");
            vpc.putArray("SecurityGroupIds").add("sg-1a2b3c4d");
        }
        if (body.path("FileSystemConfigs").size() > 0 && !(body.path("VpcConfig") instanceof ObjectNode)) {
            // A file system is reached through a VPC.
            body.remove("FileSystemConfigs");
        }
        if (body.path("SnapStart").has("ApplyOn")) {
            ((ObjectNode) body.get("SnapStart")).put("ApplyOn", "None");
        }
        if (body.path("LoggingConfig") instanceof ObjectNode logging
                && (logging.has("ApplicationLogLevel") || logging.has("SystemLogLevel"))) {
            // Levels belong to JSON.
            logging.put("LogFormat", "JSON");
        }
        if (body.path("Layers") instanceof ArrayNode layers) {
            // At most five, all different, of the function's region.
            int count = Math.min(5, layers.size());
            layers.removeAll();
            for (int i = 0; i < count; i++) {
                layers.add("arn:aws:lambda:us-east-1:111111111111:layer:layer-" + i + ":" + (1 + random.nextInt(9)));
            }
        }
    }

    void code(ObjectNode body) {
        body.remove(List.of("S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri", "RevisionId", "PublishTo"));
        body.put("ZipFile", ZIP);
    }

    void alias(ObjectNode body) {
        body.put("FunctionVersion", StackSteering.VERSIONS.get(0));
        if (body.path("RoutingConfig") instanceof ObjectNode routing && routing.hasNonNull("AdditionalVersionWeights")) {
            // At most one more version, and another one.
            routing.putObject("AdditionalVersionWeights").put(StackSteering.VERSIONS.get(1), 0.25);
        }
    }

    /** Keys of at least one character that don't belong to AWS, at most 50. */
    void tags(ObjectNode body, String member) {
        if (body.hasNonNull(member)) {
            ObjectNode tags = body.putObject(member);
            for (int i = random.nextInt(5); i >= 0; i--) {
                tags.put("key-" + i, "value " + random.nextInt(100));
            }
        }
    }

    /** Less than 4 KB, and no name that Lambda sets itself. */
    private static void environment(JsonNode environment) {
        if (environment.path("Variables") instanceof ObjectNode variables) {
            List<String> names = new ArrayList<>();
            for (Map.Entry<String, JsonNode> variable : variables.properties()) {
                names.add(variable.getKey());
            }
            variables.removeAll();
            names.forEach(name -> variables.put("V_" + name.substring(0, Math.min(100, name.length())), "v"));
        }
    }
}
