package dev.sluice.runtime;

import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.instance.FunctionRunner;
import dev.sluice.runtime.instance.Instance;
import dev.sluice.runtime.instance.RunningCall;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How does one call run in an instance? It is initialised first when nobody has used it yet; when its code needs a JVM of its own, the
 * call goes on in a process. {@link #abort} and {@link #instead} are for any thread, the rest is the call's.
 */
final class PreparedInstance implements FunctionRunner.Prepared {

    private static final Logger LOG = LoggerFactory.getLogger(PreparedInstance.class);

    private final InstancePool runtime;
    private final Instances instances;
    private final FunctionVersion version;
    private final Duration initialisation;
    /** Another one only when the code has moved to a process. Guarded by this, as is what follows. */
    private Instance instance;
    private boolean aborted;

    /** @param initialisation how long the code may take to start, when its timeout is no longer than that */
    PreparedInstance(InstancePool runtime, Instances instances, Instance instance, FunctionVersion version, Duration initialisation) {
        this.runtime = runtime;
        this.instances = instances;
        this.instance = instance;
        this.version = version;
        this.initialisation = initialisation;
    }

    @Override
    public boolean inThisJvm() {
        return !instance().inProcess();
    }

    @Override
    public InvocationResult run(Payload event, RunningCall call) throws NotRunnableException {
        Duration timeout = version.settings().timeout();
        if (instance().cold()) {
            Duration toStart = timeout.compareTo(initialisation) > 0 ? timeout : initialisation;
            InvocationResult failure = initialise(call, toStart);
            if (failure instanceof InvocationResult.Moved moved) {
                // The event was not touched yet: as on Lambda, the code may be initialised twice for it.
                toProcess(moved.because());
                failure = initialise(call, toStart);
                if (failure instanceof InvocationResult.FunctionError error) {
                    LOG.warn(
                            "Function {} has moved to a process, and fails to start there with {}; should the code that was given up in the"
                                    + " server's JVM still hold what it needs, such as a port, restart Sluice, or say isolation: process from the"
                                    + " beginning",
                            version.function(), error.errorType());
                }
            }
            if (failure != null) {
                return failure;
            }
            call.log().initialised();
        }
        if (version.isJava() && instance().inProcess()) {
            call.log().placedFor(instances.placement(version).because());
        }
        InvocationResult result = call.limitTo(timeout) ? instance().invoke(event, call) : FunctionRunner.late(call, timeout);
        instance().wantsToMove().ifPresent(instances::moved);
        return result;
    }

    private InvocationResult initialise(RunningCall call, Duration within) throws NotRunnableException {
        if (!call.limitTo(within)) {
            return FunctionRunner.late(call, within);
        }
        return version.settings().local().debugPort() == null ? instance().initialise(call) : runtime.initialiseDebugged(instance(), call);
    }

    private void toProcess(String because) throws NotRunnableException {
        instances.moved(because);
        Instance left = instance();
        Instance process = instances.loadInProcess(left.origin());
        boolean late;
        synchronized (this) {
            instance = process;
            late = aborted;
        }
        left.discard();
        if (late) {
            process.abort();
        }
    }

    private synchronized Instance instance() {
        return instance;
    }

    @Override
    public Optional<InvocationResult> instead() {
        return instance().wantsToMove().map(InvocationResult.Moved::new);
    }

    @Override
    public void abort() {
        synchronized (this) {
            aborted = true;
        }
        instance().abort();
    }

    @Override
    public void done(boolean overdue) {
        Instance last = instance();
        if (overdue || !last.reusable() || !runtime.keep(last)) {
            instances.discard(last);
        }
    }
}
