package dev.sluice.runtime.process;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import dev.sluice.invocation.ErrorDocument;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.code.ProvidedBootstrap;
import dev.sluice.runtime.handler.HandlerName;
import dev.sluice.runtime.handler.ImageModules;
import dev.sluice.runtime.handler.JavaBootstrap;
import dev.sluice.runtime.instance.FunctionEnvironment;
import dev.sluice.runtime.instance.FunctionRunner;
import dev.sluice.runtime.instance.Instance;
import dev.sluice.runtime.instance.InstanceExit;
import dev.sluice.runtime.instance.RunningCall;
import dev.sluice.runtime.log.FunctionOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An instance that is a process of its own, which asks for its events over the Lambda Runtime API. */
public final class ProcessInstance implements Instance {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessInstance.class);

    private final Origin origin;
    private final Path taskRoot;
    private final String logStream;
    private final ProcessSurroundings surroundings;
    private final FunctionOutput output;
    /** Guarded by this, as is what follows. Null before the first call. */
    private RuntimeProcess process;
    private boolean aborted;
    /** Confined to the thread that has the instance. */
    private boolean broken;

    private ProcessInstance(Origin origin, Path taskRoot, ProcessSurroundings surroundings) {
        this.origin = origin;
        this.taskRoot = taskRoot;
        this.surroundings = surroundings;
        this.logStream = surroundings.shared().newLogStream(origin.version());
        this.output = new FunctionOutput(origin.version().function(), surroundings.shared().output());
    }

    /**
     * Unpacks the code where nobody has yet: as on Lambda, that is none of the time that the function has to start, in which a large
     * archive might never be done. On success the instance owns the caller's use of code and layers.
     */
    public static ProcessInstance load(Origin origin, ProcessSurroundings surroundings) throws NotRunnableException {
        FunctionVersion version = origin.version();
        if (version.isJava()) {
            HandlerName.of(version, version.code().place());
        }
        try {
            return new ProcessInstance(origin, TaskRoot.of(origin), surroundings);
        } catch (IOException e) {
            throw new NotRunnableException(version.code().place() + " can't be unpacked: " + e, e);
        }
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public boolean inProcess() {
        return true;
    }

    @Override
    public synchronized boolean cold() {
        return process == null;
    }

    @Override
    public synchronized boolean reusable() {
        return process != null && !broken && !aborted && process.isAlive();
    }

    @Override
    public InvocationResult initialise(RunningCall call) throws NotRunnableException {
        output.begin(call.requestId(), call.log());
        call.log().memoryUsed(0);
        try {
            RuntimeProcess started = start();
            Optional<RuntimeProcess.Result> failure = started.awaitReady();
            if (failure.isEmpty()) {
                return null;
            }
            broken = true;
            started.peakMemoryBytes().ifPresent(call.log()::memoryUsed);
            if (failure.get() instanceof RuntimeProcess.Result.Failed failed && JavaBootstrap.NOT_RUNNABLE.equals(failed.errorType())) {
                throw new NotRunnableException(new String(failed.error(), StandardCharsets.UTF_8));
            }
            hint(failure.get());
            return result(failure.get(), call, !wasAborted());
        } finally {
            output.end();
        }
    }

    @Override
    public InvocationResult invoke(Payload event, RunningCall call) throws NotRunnableException {
        RuntimeProcess.Result result = result(event, call);
        if (result instanceof RuntimeProcess.Result.NotTaken) {
            // It ended between two calls, which is nothing that this one did. As on Lambda, the time of the start is the call's.
            InvocationResult failure = initialise(call);
            if (failure != null) {
                return failure;
            }
            result = result(event, call);
        }
        return result(result, call, !wasAborted());
    }

    private RuntimeProcess.Result result(Payload event, RunningCall call) {
        output.begin(call.requestId(), call.log());
        try {
            RuntimeProcess running = running();
            RuntimeProcess.Result result = running.invoke(new RuntimeProcess.Event(event, call.requestId(), call.functionArn(),
                    call.traceId(), call.clientContext(), surroundings.shared().clock().millis() + call.remainingMillis()));
            running.peakMemoryBytes().ifPresent(call.log()::memoryUsed);
            hint(result);
            return result;
        } finally {
            output.end();
        }
    }

    /** In the function's log, and so where people look for why it failed. */
    private void hint(RuntimeProcess.Result result) {
        if (result instanceof RuntimeProcess.Result.Failed failed) {
            ImageModules.hint(origin.version().settings().runtime(), failed.error())
                    .ifPresent(hint -> output.log("Sluice: " + hint, LogLevel.WARN));
        }
    }

    @Override
    public void abort() {
        RuntimeProcess running;
        synchronized (this) {
            aborted = true;
            running = process;
        }
        if (running != null) {
            running.kill();
        }
    }

    @Override
    public void discard() {
        RuntimeProcess last = running();
        if (last == null) {
            origin.release();
            return;
        }
        last.onExit().whenComplete((nothing, failure) -> origin.release());
        if (origin.version().settings().local().debugPort() == null) {
            last.stop();
        } else {
            last.kill(); // the next one listens at the same port
        }
    }

    private synchronized RuntimeProcess running() {
        return process;
    }

    private RuntimeProcess start() throws NotRunnableException {
        FunctionVersion version = origin.version();
        if (version.settings().local().debugPort() != null) {
            DebugPort.awaitFree(version);
        }
        try {
            Map<String, String> environment =
                    FunctionEnvironment.ofProcess(origin, logStream, surroundings.shared().environment(), taskRoot);
            RuntimeProcesses.Launch launch =
                    new RuntimeProcesses.Launch(version.function(), surroundings.commands().of(origin, taskRoot, environment), taskRoot,
                            environment);
            RuntimeProcess started = surroundings.processes().start(launch, output::write);
            boolean late;
            synchronized (this) {
                process = started;
                late = aborted;
            }
            if (late) {
                started.kill();
            }
            if (version.settings().local().debugPort() != null) {
                LOG.info("Function {} waits for a debugger at port {}", version.function(), version.settings().local().debugPort());
            }
            return started;
        } catch (IOException e) {
            throw notStarted(e);
        }
    }

    /** A program that isn't there may still be built, and what this machine lacks is no fault of the code. */
    private NotRunnableException notStarted(IOException e) {
        FunctionVersion version = origin.version();
        String reason = "no process could be started for function " + version.function() + ": " + e.getMessage();
        String program = version.code().command().isEmpty() ? ProvidedBootstrap.NAME : version.code().command().get(0);
        Path file = taskRoot.resolve(program);
        boolean there = (program.contains("/") || program.equals(ProvidedBootstrap.NAME)) && Files.isRegularFile(file);
        if (there && !Files.isExecutable(file)) {
            return NotRunnableException.invalidEntrypoint("fork/exec " + program + ": permission denied", reason);
        }
        boolean noProgram = String.valueOf(e.getMessage()).contains("error=8,"); // ENOEXEC
        return there && noProgram ? NotRunnableException.invalidEntrypoint("fork/exec " + program + ": exec format error", reason)
                : new NotRunnableException(reason, e);
    }

    /**
     * What a call comes to whose process has done this with its event.
     *
     * @param logExit whether its log is to say so when it ended; of one that was killed as its call had ended, the log has its end already
     */
    static InvocationResult result(RuntimeProcess.Result result, RunningCall call, boolean logExit) {
        if (result instanceof RuntimeProcess.Result.Answered answered) {
            return new InvocationResult.Success(answered.answer());
        }
        if (result instanceof RuntimeProcess.Result.AnsweredTooMuch) {
            return FunctionRunner.tooLarge();
        }
        if (result instanceof RuntimeProcess.Result.Failed failed) {
            return ErrorDocument.reported(failed.errorType(), failed.error());
        }
        return InstanceExit.result(call, result instanceof RuntimeProcess.Result.NotTaken gone ? gone.how()
                : ((RuntimeProcess.Result.Exited) result).how(), logExit);
    }

    private synchronized boolean wasAborted() {
        return aborted;
    }
}
