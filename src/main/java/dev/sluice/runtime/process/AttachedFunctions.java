package dev.sluice.runtime.process;

import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionDefinitions;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.instance.FunctionRunner;
import dev.sluice.runtime.instance.RunningCall;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions whose processes the user starts himself: each has a port from the moment when it is registered to that when it is one
 * no more, so that the address is known before the first event. Thread-safe.
 */
public final class AttachedFunctions {

    private static final Logger LOG = LoggerFactory.getLogger(AttachedFunctions.class);
    private static final String STOPPING = "Sluice is stopping";

    /** What a process is told of its time, which has no end: more than anybody spends at a breakpoint. */
    private static final Duration TOLD = Duration.ofDays(1);

    private final AttachPoints points;
    private final Clock clock;
    private final Function<FunctionDefinitions.Key, Optional<FunctionDefinition>> definition;
    /** Guarded by this, as is what follows. */
    private final Map<FunctionDefinitions.Key, Open> open = new HashMap<>();
    private boolean closed;

    /** @param latest for which it was opened, or that came since */
    private record Open(AttachPoint point, FunctionVersion latest) {
    }

    /** @param definition the function as it is defined now; asked with this object's lock held */
    public AttachedFunctions(AttachPoints points, Clock clock, Function<FunctionDefinitions.Key, Optional<FunctionDefinition>> definition) {
        this.points = points;
        this.clock = clock;
        this.definition = definition;
    }

    /** Opens or closes the function's port, as it is defined now. Who registers it anew gets all its events back. */
    public void changed(FunctionDefinitions.Key key) {
        Open before;
        FunctionVersion latest;
        synchronized (this) {
            before = open.get(key);
            latest = definition.apply(key).filter(AttachedFunctions::isAttached).map(FunctionDefinition::latest).orElse(null);
            if (latest == null) {
                open.remove(key);
            } else if (before != null) {
                open.put(key, new Open(before.point(), latest));
            } else if (!closed) {
                open(key, latest);
            }
        }
        if (before != null && latest == null) {
            before.point().close();
        } else if (before != null && !before.latest().runsAs(latest)) {
            before.point().release("the function was registered anew");
        }
    }

    /** Where processes of the function ask for events; empty for a function of another kind, and when no port was to be had. */
    public Optional<String> address(FunctionDefinitions.Key key) {
        return point(key).map(AttachPoint::address);
    }

    /** What runs the versions of this function. */
    public FunctionRunner of(FunctionDefinitions.Key key) {
        return new OfFunction(key);
    }

    /** Takes back what no process has taken; what is at work goes on. */
    public void stopWaiting() {
        points(false).forEach(point -> point.withdraw(STOPPING));
    }

    public void close() {
        points(true).forEach(AttachPoint::close);
    }

    private static boolean isAttached(FunctionDefinition function) {
        return function.versions().anyMatch(version -> version.code().runBy() == FunctionCode.RunBy.ATTACHED_PROCESS);
    }

    private void open(FunctionDefinitions.Key key, FunctionVersion latest) {
        try {
            AttachPoint point = points.open(key.name());
            open.put(key, new Open(point, latest));
            LOG.info("Function {} waits at {} for processes: AWS_LAMBDA_RUNTIME_API={}", key.name(), point.address(), point.address());
        } catch (IOException e) {
            LOG.error("Function {} can't wait for processes: {}", key.name(), e.getMessage());
        }
    }

    private synchronized Optional<AttachPoint> point(FunctionDefinitions.Key key) {
        return Optional.ofNullable(open.get(key)).map(Open::point);
    }

    private synchronized List<AttachPoint> points(boolean forget) {
        closed = true;
        List<AttachPoint> all = open.values().stream().map(Open::point).toList();
        if (forget) {
            open.clear();
        }
        return all;
    }

    private final class OfFunction implements FunctionRunner {
        private final FunctionDefinitions.Key key;

        private OfFunction(FunctionDefinitions.Key key) {
            this.key = key;
        }

        @Override
        public Prepared prepare(FunctionVersion version) throws NotRunnableException {
            AttachPoint point = point(key).orElseThrow(() -> new NotRunnableException("function " + key.name()
                    + " has no port at which processes could attach themselves; the server's log says why. Register it anew"));
            return new Waiting(point, version);
        }

        /** The ports are told by name. */
        @Override
        public void changed() {
        }

        /** The ports are closed together. */
        @Override
        public void close() {
        }
    }

    private final class Waiting implements FunctionRunner.Prepared {
        private final AttachPoint point;
        private final FunctionVersion version;

        private Waiting(AttachPoint point, FunctionVersion version) {
            this.point = point;
            this.version = version;
        }

        @Override
        public InvocationResult run(Payload event, RunningCall call) {
            if (!call.limitTo(TOLD)) {
                return FunctionRunner.late(call, version.settings().timeout());
            }
            RuntimeProcess.Result result = point.invoke(new RuntimeProcess.Event(event, call.requestId(), call.functionArn(),
                    call.traceId(), call.clientContext(), clock.millis() + TOLD.toMillis()));
            return result instanceof RuntimeProcess.Result.NotTaken nobody
                    ? new InvocationResult.CouldNotInvoke("no process has taken the event: " + nobody.how())
                    : ProcessInstance.result(result, call, true);
        }

        /** The interrupt that comes with it takes the event back. */
        @Override
        public void abort() {
        }

        @Override
        public void done(boolean overdue) {
        }
    }
}
