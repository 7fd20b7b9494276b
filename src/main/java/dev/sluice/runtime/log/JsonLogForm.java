package dev.sluice.runtime.log;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.function.LoggingConfig;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.resource.FunctionArn;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lambda's platform events platform.start, platform.runtimeDone and platform.report, and the object that its Java runtime makes
 * of what the function logs; one line each. Immutable.
 */
final class JsonLogForm implements LogForm {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final LoggingConfig config;

    JsonLogForm(LoggingConfig config) {
        this.config = config;
    }

    @Override
    public List<String> start(LogOrigin origin, FunctionArn function, Instant now) {
        if (!config.logs(LoggingConfig.System.INFO)) {
            return List.of();
        }
        ObjectNode json = platform("platform.start", now);
        record(json, origin).put("functionArn", new FunctionArn(function.scope(), function.name(), null).toString())
                .put("version", origin.version());
        return List.of(text(json));
    }

    @Override
    public List<String> end(LogOrigin origin, InvocationResult result, Report report, Instant now) {
        List<String> lines = new ArrayList<>(3);
        String reason = LogForm.reason(result);
        if (reason != null) {
            lines.add(event(origin, reason, LogLevel.ERROR, now));
        }
        boolean failed = !(result instanceof InvocationResult.Success);
        if (config.logs(failed ? LoggingConfig.System.WARN : LoggingConfig.System.DEBUG)) {
            ObjectNode json = platform("platform.runtimeDone", now);
            ObjectNode done = record(json, origin);
            status(done, result);
            done.putObject("metrics").put("durationMs", millis(report.duration())).put("producedBytes", produced(result));
            lines.add(text(json));
        }
        if (config.logs(failed ? LoggingConfig.System.WARN : LoggingConfig.System.INFO)) {
            ObjectNode json = platform("platform.report", now);
            ObjectNode reported = record(json, origin);
            ObjectNode metrics = reported.putObject("metrics").put("durationMs", millis(report.duration()))
                    .put("billedDurationMs", report.billedMillis()).put("memorySizeMB", report.memoryMb());
            if (report.usedMb() != LogForm.Report.UNKNOWN) {
                metrics.put("maxMemoryUsedMB", report.usedMb());
            }
            if (report.initialisation() > 0) {
                metrics.put("initDurationMs", millis(report.initialisation()));
            }
            if (report.placedFor() != null) {
                reported.put("isolation", "process").put("isolationReason", report.placedFor());
            }
            status(reported, result);
            lines.add(text(json));
        }
        return lines;
    }

    @Override
    public String event(LogOrigin origin, String text, LogLevel level, Instant now) {
        if (!logs(level)) {
            return null;
        }
        ObjectNode json = MAPPER.createObjectNode().put("timestamp", TIME.format(now));
        if (text != null) {
            json.put("message", text);
        }
        return text(json.put("level", level.name()).put("AWSRequestId", origin.requestId()));
    }

    @Override
    public boolean logs(LogLevel level) {
        return config.logs(level);
    }

    private static ObjectNode platform(String type, Instant now) {
        return MAPPER.createObjectNode().put("time", TIME.format(now)).put("type", type);
    }

    private static ObjectNode record(ObjectNode json, LogOrigin origin) {
        return json.putObject("record").put("requestId", origin.requestId());
    }

    private static void status(ObjectNode json, InvocationResult result) {
        result.match(success -> json.put("status", "success"),
                error -> json.put("status", "error").put("errorType", error.errorType()),
                timedOut -> json.put("status", "timeout"), throttled -> json.put("status", "failure"),
                moved -> json.put("status", "failure"), couldNotInvoke -> json.put("status", "failure"),
                notValid -> json.put("status", "failure"));
    }

    private static int produced(InvocationResult result) {
        return result instanceof InvocationResult.Success success ? success.answer().length
                : result instanceof InvocationResult.FunctionError error ? error.error().length : 0;
    }

    private static BigDecimal millis(long nanos) {
        return new BigDecimal(LogForm.millis(nanos));
    }

    private static String text(ObjectNode json) {
        try {
            return MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }
}
