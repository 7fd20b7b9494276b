package dev.sluice.runtime;

import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import dev.sluice.function.Time;
import dev.sluice.invocation.AsynchronousInvocations;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.runtime.code.CodeStore;
import dev.sluice.runtime.code.CodeVersion;
import dev.sluice.runtime.code.CodeWatch;
import dev.sluice.runtime.code.LayerStack;
import dev.sluice.runtime.code.Layers;
import dev.sluice.runtime.code.LocalCode;
import dev.sluice.runtime.instance.FunctionRunner;
import dev.sluice.runtime.instance.Instance;
import dev.sluice.runtime.instance.RunningCall;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Runs one function's code: an instance per concurrent call, kept warm for the next one. Thread-safe. */
final class InstancePool implements FunctionRunner {

    /** How many idle instances of other versions one that has none keeps: versions are for ever, who invokes them isn't. */
    static final int IDLE_OF_OTHER_VERSIONS = 20;

    private final CodeStore store;
    private final Layers layers;
    private final Instances instances;
    private final Duration initialisation;
    private final Time time;
    private final Supplier<Optional<FunctionDefinition>> definition;
    private final IdleTime idleTime;
    private final CodeWatch watch;
    /** The longest idle one first. Guarded by this, as is what follows. */
    private final Deque<Idle> idle = new ArrayDeque<>();
    /** Whether one look at the idle instances is to come. */
    private boolean looking;
    private final Map<FunctionCode, LocalCode> local = new HashMap<>();
    /** Those that may wait for a debugger: nothing else would end the wait when nobody wants the version any more. */
    private final Set<Instance> debugged = new HashSet<>();
    private boolean stopping;
    private boolean closed;

    /**
     * How long an instance is kept that nobody calls.
     *
     * @param nanos the time that passes, as {@link System#nanoTime}
     * @param later runs a step on a thread that holds no lock of ours
     */
    record IdleTime(Duration limit, LongSupplier nanos, AsynchronousInvocations.Later later) {
    }

    private record Idle(Instance instance, long since) {
    }

    /** @param definition the function as it is defined now; asked with this object's lock held */
    InstancePool(CodeStore store, Layers layers, Instances instances, Duration initialisation,
            Supplier<Optional<FunctionDefinition>> definition, IdleTime idleTime) {
        this.store = store;
        this.layers = layers;
        this.instances = instances;
        this.initialisation = initialisation;
        this.definition = definition;
        this.time = instances.time();
        this.idleTime = idleTime;
        this.watch = new CodeWatch(this::seen, idleTime.later(), idleTime.nanos());
    }

    @Override
    public Prepared prepare(FunctionVersion version) throws NotRunnableException {
        if (!version.runsHere()) {
            throw new NotRunnableException("function " + version.function() + " has the runtime " + version.settings().runtime()
                    + ", which Sluice doesn't run (it runs java, python3, nodejs and provided); " + NotRunnableException.WAY_OUT);
        }
        LayerStack stack = layers.of(version);
        try {
            return prepare(version, stack);
        } finally {
            stack.release(); // the instance has its own use of it
        }
    }

    private Prepared prepare(FunctionVersion version, LayerStack stack) throws NotRunnableException {
        Optional<FunctionCode.Archive> upload = version.code().upload();
        if (upload.isPresent()) {
            Instance warm = warm(version, null, stack);
            return prepared(warm != null ? warm : load(version, store.open(upload.get()), stack), version);
        }
        CodeVersion code = localCode(version.code()).current();
        Instance warm = warm(version, code, stack);
        if (warm == null) {
            return prepared(load(version, code, stack), version);
        }
        code.release();
        return prepared(warm, version);
    }

    private Prepared prepared(Instance instance, FunctionVersion version) {
        return new PreparedInstance(this, instances, instance, version, initialisation);
    }

    @Override
    public FunctionInvoker.Watch watch(Runnable then) {
        boolean any = definition.get().stream().flatMap(FunctionDefinition::versions)
                .anyMatch(version -> version.code().isLocal() || !version.settings().layers().isEmpty());
        return any ? watch.add(then) : FunctionInvoker.Watch.NONE;
    }

    /** What there is to look at. */
    private List<CodeWatch.Seen> seen() {
        List<FunctionVersion> versions = definition.get().stream().flatMap(FunctionDefinition::versions).toList();
        Stream<CodeWatch.Seen> code = versions.stream().map(FunctionVersion::code).filter(FunctionCode::isLocal).distinct()
                .flatMap(each -> localIfWanted(each).map(LocalCode::seen).stream());
        return Stream.concat(code, layers.seen(versions)).toList();
    }

    @Override
    public void changed() {
        watch.forget();
        takeIdle(instance -> !isDefined(instance.origin().version())).forEach(instances::discard);
        debugged().stream().filter(instance -> !isDefined(instance.origin().version())).forEach(Instance::abort);
        takeLocal(code -> !isNamed(code)).forEach(LocalCode::close);
    }

    @Override
    public void stopKeeping() {
        synchronized (this) {
            stopping = true;
        }
        takeIdle(instance -> true).forEach(instances::discard);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        takeIdle(instance -> true).forEach(instances::discard);
        takeLocal(code -> true).forEach(LocalCode::close);
    }

    /** With the caller's use of the code, and of the layers one of its own. */
    private Instance load(FunctionVersion version, CodeVersion code, LayerStack stack) throws NotRunnableException {
        Instance.Origin origin = new Instance.Origin(version, code, stack);
        if (!stack.retain()) {
            throw new IllegalStateException("the layers of " + version.function() + " were released too often");
        }
        try {
            return instances.load(origin);
        } catch (NotRunnableException | RuntimeException | Error e) {
            origin.release();
            throw e;
        }
    }

    private LocalCode localCode(FunctionCode code) throws NotRunnableException {
        return localIfWanted(code).orElseThrow(() -> LocalCode.notWanted(code));
    }

    /** Asks with the lock held whether the code is still wanted, as {@link #keep} does. */
    private synchronized Optional<LocalCode> localIfWanted(FunctionCode code) {
        LocalCode present = local.get(code);
        if (present != null) {
            return Optional.of(present);
        }
        if (closed || !isNamed(code)) {
            return Optional.empty();
        }
        LocalCode added = LocalCode.of(code, store, time);
        local.put(code, added);
        return Optional.of(added);
    }

    /** An idle instance of this version, code and layers; those that it meets of what the version was before are discarded. */
    private Instance warm(FunctionVersion version, CodeVersion code, LayerStack stack) {
        List<Instance> old = new ArrayList<>();
        Instance warm = null;
        boolean inProcess = instances.inProcess(version);
        synchronized (this) {
            Iterator<Idle> newestFirst = idle.descendingIterator();
            while (warm == null && newestFirst.hasNext()) {
                Instance next = newestFirst.next().instance();
                if (next.reusable() && next.inProcess() == inProcess && next.origin().runs(version, code, stack)) {
                    warm = next;
                    newestFirst.remove();
                } else if (next.origin().version().version().equals(version.version()) || samePort(next.origin().version(), version)) {
                    old.add(next);
                    newestFirst.remove();
                }
            }
            // Without a warm one, all that is left is of other versions.
            while (warm == null && idle.size() > IDLE_OF_OTHER_VERSIONS) {
                old.add(idle.removeFirst().instance());
            }
        }
        old.forEach(instances::discard);
        return warm;
    }

    /** Two processes can't listen there. */
    private static boolean samePort(FunctionVersion one, FunctionVersion other) {
        Integer port = one.settings().local().debugPort();
        return port != null && port.equals(other.settings().local().debugPort());
    }

    /** Initialises an instance that waits for a debugger meanwhile, unless nobody wants its version any more. */
    InvocationResult initialiseDebugged(Instance starting, RunningCall call) throws NotRunnableException {
        synchronized (this) {
            debugged.add(starting);
        }
        try {
            return isDefined(starting.origin().version()) ? starting.initialise(call) : FunctionCalls.CHANGED;
        } finally {
            synchronized (this) {
                debugged.remove(starting);
            }
        }
    }

    private synchronized List<Instance> debugged() {
        return List.copyOf(debugged);
    }

    private synchronized List<Instance> takeIdle(Predicate<Instance> which) {
        List<Instance> taken = new ArrayList<>();
        idle.removeIf(each -> which.test(each.instance()) && taken.add(each.instance()));
        return taken;
    }

    private synchronized List<LocalCode> takeLocal(Predicate<FunctionCode> which) {
        List<LocalCode> taken = new ArrayList<>();
        local.entrySet().removeIf(entry -> which.test(entry.getKey()) && taken.add(entry.getValue()));
        return taken;
    }

    /** Asks with the lock held whether the version is still there: a change that it doesn't see yet looks at it in a moment. */
    synchronized boolean keep(Instance instance) {
        if (stopping || closed || !isDefined(instance.origin().version())) {
            return false;
        }
        lookIn(idleTime.limit());
        idle.addLast(new Idle(instance, idleTime.nanos().getAsLong()));
        return true;
    }

    /** With the lock held. Nothing is to come while there are no idle instances: a server at rest does nothing. */
    private void lookIn(Duration time) {
        if (!looking) {
            idleTime.later().run(this::dropLongIdle, time);
            looking = true;
        }
    }

    private void dropLongIdle() {
        List<Instance> dropped = new ArrayList<>();
        synchronized (this) {
            looking = false;
            long now = idleTime.nanos().getAsLong();
            while (!idle.isEmpty() && left(idle.peekFirst(), now) <= 0) {
                dropped.add(idle.removeFirst().instance());
            }
            if (!idle.isEmpty()) {
                lookIn(Duration.ofNanos(left(idle.peekFirst(), now)));
            }
        }
        dropped.forEach(instances::discard);
    }

    private long left(Idle instance, long now) {
        return idleTime.limit().toNanos() - (now - instance.since());
    }

    /** Whether the function still has the version, and has it like this. */
    private boolean isDefined(FunctionVersion version) {
        return definition.get().flatMap(now -> now.version(version.version())).filter(version::runsAs).isPresent();
    }

    private boolean isNamed(FunctionCode code) {
        return definition.get().stream().flatMap(FunctionDefinition::versions).anyMatch(version -> version.code().equals(code));
    }
}
