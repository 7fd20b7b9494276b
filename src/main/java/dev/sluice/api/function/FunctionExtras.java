package dev.sluice.api.function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Json;
import dev.sluice.api.http.Members;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.SnapStart;

/**
 * The members of a function's configuration whose answer differs from what was said, or that have no effect here, in the form in which AWS returns them: some have a default,
 * some are returned only when something was said, some have another form than in the request.
 */
final class FunctionExtras {

    // AWS asks EC2 which VPC the subnets are in. Here there is none, so all are in this one.
    private static final String VPC = "vpc-00000000000000000";

    private final FunctionVersion version;

    FunctionExtras(FunctionVersion version) {
        this.version = version;
    }

    void addTo(ObjectNode document) {
        document.set("PackageType", orElse("PackageType", Json.MAPPER.getNodeFactory().textNode("Zip")));
        document.set("Architectures", orElse("Architectures", Json.MAPPER.createArrayNode().add("x86_64")));
        document.set("EphemeralStorage", orElse("EphemeralStorage", Json.MAPPER.createObjectNode().put("Size", 512)));
        document.set("TracingConfig", object("TracingConfig", Json.MAPPER.createObjectNode().put("Mode", "PassThrough")));
        document.set("SnapStart", snapStart());
        document.set("LoggingConfig", loggingConfig());
        for (String member : new String[] {"DeadLetterConfig", "KMSKeyArn", "FileSystemConfigs", "CapacityProviderConfig", "DurableConfig",
                "TenancyConfig"}) {
            JsonNode said = said(member);
            if (Members.saysSomething(said)) {
                document.set(member, said);
            }
        }
        vpcConfig(document);
        layers(document);
        if (Members.saysSomething(said("ImageConfig"))) {
            document.putObject("ImageConfigResponse").set("ImageConfig", said("ImageConfig"));
        }
    }

    /** The text of a member; null for none. */
    String text(String member) {
        JsonNode said = said(member);
        return said == null ? null : said.textValue();
    }

    private ObjectNode snapStart() {
        SnapStart applyOn = version.settings().snapStart();
        // It is on for published versions only, and does nothing here.
        boolean on = applyOn == SnapStart.PUBLISHED_VERSIONS && !version.version().equals(FunctionVersion.LATEST);
        return Json.MAPPER.createObjectNode().put("ApplyOn", applyOn.text()).put("OptimizationStatus", on ? "On" : "Off");
    }

    private ObjectNode loggingConfig() {
        LoggingConfig logging = version.settings().logging();
        ObjectNode config = Json.MAPPER.createObjectNode();
        if (logging.isJson()) {
            config.put("LogFormat", LoggingConfig.Format.JSON.text()).put("ApplicationLogLevel", logging.application().name())
                    .put("SystemLogLevel", logging.system().name());
        } else {
            config.put("LogFormat", LoggingConfig.Format.TEXT.text());
        }
        return config.put("LogGroup", version.logGroup());
    }

    private void vpcConfig(ObjectNode document) {
        if (said("VpcConfig") instanceof ObjectNode) {
            ObjectNode config = Json.MAPPER.createObjectNode();
            config.putArray("SubnetIds");
            config.putArray("SecurityGroupIds");
            config.put("Ipv6AllowedForDualStack", false);
            config.setAll(object("VpcConfig", Json.MAPPER.createObjectNode()));
            config.put("VpcId", config.path("SubnetIds").isEmpty() ? "" : VPC);
            document.set("VpcConfig", config);
        }
    }

    private void layers(ObjectNode document) {
        if (!version.settings().layers().isEmpty()) {
            ArrayNode layers = document.putArray("Layers");
            version.settings().layers().forEach(arn -> layers.addObject().put("Arn", arn).put("CodeSize", 0));
        }
    }

    /** The defaults, overlaid by what was said. */
    private ObjectNode object(String member, ObjectNode defaults) {
        ObjectNode object = defaults.deepCopy();
        if (said(member) instanceof ObjectNode said) {
            said.properties().stream().filter(each -> !each.getValue().isNull())
                    .forEach(each -> object.set(each.getKey(), each.getValue()));
        }
        return object;
    }

    private JsonNode orElse(String member, JsonNode absent) {
        JsonNode said = said(member);
        return said == null || said.isEmpty() && said.isContainerNode() ? absent : said;
    }

    /** What a request said of the member; null for nothing. */
    JsonNode said(String member) {
        String json = version.settings().otherMembers().get(member);
        try {
            return json == null ? null : Json.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the stored member " + member + " of function " + version.function() + " is no JSON", e);
        }
    }
}
