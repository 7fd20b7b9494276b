package dev.sluice.runtime.log;

import dev.sluice.function.FunctionDefinitions;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.LoggingConfigs;
import dev.sluice.function.Time;
import dev.sluice.resource.FunctionArn;

/** How do the invocations of one function begin their logs? Thread-safe. */
public final class InvocationLogs {

    private final FunctionDefinitions.Key key;
    private final FunctionLog log;
    private final Time time;
    /** Of the version invoked last; reading a configuration anew for each invocation would cost more than all the rest. */
    private volatile Form form = new Form(null, TextLogForm.ONLY);

    private record Form(String config, LogForm form) {
    }

    public InvocationLogs(FunctionDefinitions.Key key, FunctionLog log, Time time) {
        this.key = key;
        this.log = log;
        this.time = time;
    }

    /** @param function as the caller names it */
    public InvocationLog begin(FunctionArn function, FunctionVersion version, String requestId, boolean tailWanted) {
        InvocationLog.Target target =
                new InvocationLog.Target(log, form(version.settings()), tailWanted ? new LogTail() : null);
        return new InvocationLog(new LogOrigin(key.scope(), requestId, version.version()), function, version.settings().memoryMb(),
                target, time);
    }

    private LogForm form(FunctionSettings settings) {
        String config = settings.otherMembers().get(LoggingConfigs.MEMBER);
        Form known = form;
        if (config == null) {
            return TextLogForm.ONLY;
        }
        if (!config.equals(known.config())) {
            known = new Form(config, LogForm.of(LoggingConfig.of(config)));
            form = known;
        }
        return known.form();
    }
}
