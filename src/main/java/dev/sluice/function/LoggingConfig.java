package dev.sluice.function;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Objects;

/**
 * In which form, and from which level on, does a function log? Immutable.
 *
 * @param application the lowest level that is logged of what the function says with its level
 * @param system the same of Lambda's own lines; only those in JSON have a level
 */
public record LoggingConfig(boolean json, LogLevel application, System system) {

    /** AWS's default. */
    public static final LoggingConfig TEXT = new LoggingConfig(false, LogLevel.UNDEFINED, System.INFO);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** AWS: SystemLogLevel, the lowest first. */
    public enum System { DEBUG, INFO, WARN }

    public LoggingConfig {
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(system, "system");
    }

    /** @param config the member LoggingConfig; null for none */
    public static LoggingConfig of(String config) {
        if (config == null) {
            return TEXT;
        }
        try {
            JsonNode said = MAPPER.readTree(config);
            if (!"JSON".equals(said.path("LogFormat").textValue())) {
                return TEXT;
            }
            return new LoggingConfig(true, LogLevel.valueOf(said.path("ApplicationLogLevel").asText("INFO")),
                    System.valueOf(said.path("SystemLogLevel").asText("INFO")));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the member LoggingConfig of a function is no JSON", e);
        }
    }

    /** Whether the function's log takes it. As with Lambda's runtime, what has no level is always logged. */
    public boolean logs(LogLevel level) {
        return level == LogLevel.UNDEFINED || level.ordinal() >= application.ordinal();
    }

    public boolean logs(System level) {
        return level.ordinal() >= system.ordinal();
    }
}
