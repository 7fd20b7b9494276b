package dev.sluice.function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** How does a function's LoggingConfig change? The one member whose parts stay when an update leaves them out. */
public final class LoggingConfigs {

    public static final String MEMBER = "LoggingConfig";

    private static final String FORMAT = "LogFormat";
    private static final List<String> ONLY_OF_JSON = List.of("ApplicationLogLevel", "SystemLogLevel");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private LoggingConfigs() {
    }

    /** As recorded: levels belong to the format JSON and go with it. @param before null for none */
    static String merged(String before, String change) {
        ObjectNode merged = before == null ? MAPPER.createObjectNode() : read(before);
        ObjectNode said = read(change);
        if ("Text".equals(said.path(FORMAT).textValue())) {
            merged.remove(ONLY_OF_JSON);
        }
        said.properties().stream().filter(part -> !part.getValue().isNull()).forEach(part -> merged.set(part.getKey(), part.getValue()));
        return merged.toString();
    }

    /** Whether it has a level although its format is not JSON. @param config null for none */
    static boolean levelOfText(String config) {
        ObjectNode said = config == null ? MAPPER.createObjectNode() : read(config);
        return !"JSON".equals(said.path(FORMAT).textValue()) && ONLY_OF_JSON.stream().anyMatch(said::hasNonNull);
    }

    /** How a function's version logs. */
    public static LoggingConfig of(FunctionVersion version) {
        return LoggingConfig.of(version.settings().otherMembers().get(MEMBER));
    }

    /** The log group of a function's version. */
    public static String group(FunctionVersion version) {
        String config = version.settings().otherMembers().get(MEMBER);
        String said = config == null ? "" : read(config).path("LogGroup").asText("");
        return said.isEmpty() ? "/aws/lambda/" + version.function() : said;
    }

    private static ObjectNode read(String json) {
        try {
            return (ObjectNode) MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the member " + MEMBER + " of a function is no JSON", e);
        }
    }
}
