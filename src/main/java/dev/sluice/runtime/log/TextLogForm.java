package dev.sluice.runtime.log;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.resource.FunctionArn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** START, END and REPORT, and the level in brackets before what the function logs. Immutable. */
final class TextLogForm implements LogForm {

    static final TextLogForm ONLY = new TextLogForm();

    private TextLogForm() {
    }

    @Override
    public List<String> start(LogOrigin origin, FunctionArn function, Instant now) {
        return List.of("START RequestId: " + origin.requestId() + " Version: " + origin.version());
    }

    @Override
    public List<String> end(LogOrigin origin, InvocationResult result, Report report, Instant now) {
        List<String> lines = new ArrayList<>(3);
        if (result instanceof InvocationResult.TimedOut timedOut) {
            // The blank line is Lambda's (azul#5622).
            lines.add(now.truncatedTo(ChronoUnit.MILLIS) + " " + origin.requestId() + " Task timed out after "
                    + LogForm.seconds(timedOut.timeout()) + " seconds\n");
        } else if (LogForm.reason(result) != null) {
            lines.add(LogForm.reason(result));
        }
        lines.add("END RequestId: " + origin.requestId());
        lines.add("REPORT RequestId: " + origin.requestId() + "\tDuration: " + LogForm.millis(report.duration())
                + " ms\tBilled Duration: " + report.billedMillis() + " ms\tMemory Size: " + report.memoryMb()
                + " MB\t" + (report.usedMb() == LogForm.Report.UNKNOWN ? "" : "Max Memory Used: " + report.usedMb() + " MB\t")
                + (report.initialisation() == 0 ? "" : "Init Duration: " + LogForm.millis(report.initialisation()) + " ms\t")
                + (report.placedFor() == null ? "" : "Isolation: process (" + report.placedFor() + ")\t"));
        return lines;
    }

    @Override
    public String event(LogOrigin origin, String text, LogLevel level, Instant now) {
        return level == LogLevel.UNDEFINED ? String.valueOf(text) : "[" + level + "] " + text;
    }

    /** Text has no levels to choose from. */
    @Override
    public boolean logs(LogLevel level) {
        return true;
    }
}
