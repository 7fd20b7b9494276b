package dev.sluice.runtime.log;

import dev.sluice.function.FunctionDefinitions;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.Time;
import dev.sluice.resource.FunctionArn;

/** How do the invocations of one function begin their logs? Thread-safe. */
public final class InvocationLogs {

    private final FunctionDefinitions.Key key;
    private final FunctionLog log;
    private final Time time;

    public InvocationLogs(FunctionDefinitions.Key key, FunctionLog log, Time time) {
        this.key = key;
        this.log = log;
        this.time = time;
    }

    /** @param function as the caller names it */
    public InvocationLog begin(FunctionArn function, FunctionVersion version, String requestId, boolean tailWanted) {
        InvocationLog.Target target =
                new InvocationLog.Target(log, LogForm.of(version.settings().logging()), tailWanted ? new LogTail() : null);
        return new InvocationLog(new LogOrigin(key.scope(), requestId, version.version()), function, version.settings().memoryMb(),
                target, time);
    }
}
