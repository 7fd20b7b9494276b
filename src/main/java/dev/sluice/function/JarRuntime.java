package dev.sluice.function;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Runs one function's Java code in this JVM: an instance per concurrent call, kept warm for the next one. Thread-safe. */
final class JarRuntime implements FunctionRuntime {

    /** How many idle instances of other versions one that has none keeps: versions are for ever, who invokes them isn't. */
    static final int IDLE_OF_OTHER_VERSIONS = 20;

    private final CodeStore store;
    private final HandlerInstance.Surroundings surroundings;
    private final Duration initialisation;
    private final InvocationLog.Time time;
    private final Supplier<Optional<FunctionDefinition>> definition;
    /** Guarded by this, as is what follows. */
    private final Deque<HandlerInstance> idle = new ArrayDeque<>();
    private final Map<FunctionCode, LocalCode> local = new HashMap<>();
    private boolean closed;

    /** @param definition the function as it is defined now; asked with this object's lock held */
    JarRuntime(CodeStore store, HandlerInstance.Surroundings surroundings, Duration initialisation,
               Supplier<Optional<FunctionDefinition>> definition) {
        this.store = store;
        this.surroundings = surroundings;
        this.initialisation = initialisation;
        this.definition = definition;
        this.time = new InvocationLog.Time(surroundings.clock(), System::nanoTime);
    }

    @Override
    public Attempt prepare(FunctionVersion version) throws NotRunnableException {
        if (!version.runsHere()) {
            throw new NotRunnableException("function " + version.function() + " has the runtime " + version.settings().runtime()
                    + ", and of uploaded code Sluice runs Java only; " + NotRunnableException.WAY_OUT);
        }
        if (version.code() instanceof FunctionCode.Archive archive) {
            HandlerInstance warm = warm(version, null);
            return new JarAttempt(warm != null ? warm : load(version, store.open(archive)), version);
        }
        CodeVersion code = localCode(version.code()).current();
        HandlerInstance warm = warm(version, code);
        if (warm == null) {
            return new JarAttempt(load(version, code), version);
        }
        code.release();
        return new JarAttempt(warm, version);
    }

    @Override
    public void changed() {
        takeIdle(instance -> !instance.isOfSome(this::isDefined)).forEach(HandlerInstance::discard);
        takeLocal(code -> !isNamed(code)).forEach(LocalCode::close);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        takeIdle(instance -> true).forEach(HandlerInstance::discard);
        takeLocal(code -> true).forEach(LocalCode::close);
    }

    private HandlerInstance load(FunctionVersion version, CodeVersion code) throws NotRunnableException {
        try {
            return HandlerInstance.load(version, code, surroundings);
        } catch (NotRunnableException | RuntimeException | Error e) {
            code.release();
            throw e;
        }
    }

    /** Asks with the lock held whether the code is still wanted, as {@link #keep} does. */
    private synchronized LocalCode localCode(FunctionCode code) throws NotRunnableException {
        LocalCode present = local.get(code);
        if (present != null) {
            return present;
        }
        if (closed || !isNamed(code)) {
            throw LocalCode.notWanted(code);
        }
        LocalCode added = LocalCode.of(code, store, time);
        local.put(code, added);
        return added;
    }

    /** An idle instance of this version and code; those that it meets of what the version was before are discarded. */
    private HandlerInstance warm(FunctionVersion version, CodeVersion code) {
        List<HandlerInstance> old = new ArrayList<>();
        HandlerInstance warm = null;
        synchronized (this) {
            Iterator<HandlerInstance> newestFirst = idle.descendingIterator();
            while (warm == null && newestFirst.hasNext()) {
                HandlerInstance next = newestFirst.next();
                if (next.isOf(version, code)) {
                    warm = next;
                    newestFirst.remove();
                } else if (next.isOfVersion(version.version())) {
                    old.add(next);
                    newestFirst.remove();
                }
            }
            // Without a warm one, all that is left is of other versions.
            while (warm == null && idle.size() > IDLE_OF_OTHER_VERSIONS) {
                old.add(idle.removeFirst());
            }
        }
        old.forEach(HandlerInstance::discard);
        return warm;
    }

    private synchronized List<HandlerInstance> takeIdle(Predicate<HandlerInstance> which) {
        List<HandlerInstance> taken = idle.stream().filter(which).toList();
        idle.removeAll(taken);
        return taken;
    }

    private synchronized List<LocalCode> takeLocal(Predicate<FunctionCode> which) {
        List<LocalCode> taken = new ArrayList<>();
        local.entrySet().removeIf(entry -> which.test(entry.getKey()) && taken.add(entry.getValue()));
        return taken;
    }

    /** Asks with the lock held whether the version is still there: a change that it doesn't see yet looks at it in a moment. */
    private synchronized boolean keep(HandlerInstance instance) {
        if (closed || !instance.isOfSome(this::isDefined)) {
            return false;
        }
        idle.addLast(instance);
        return true;
    }

    /** Whether the function still has the version, and has it like this. */
    private boolean isDefined(FunctionVersion version) {
        return definition.get().flatMap(now -> now.version(version.version())).filter(version::runsAs).isPresent();
    }

    private boolean isNamed(FunctionCode code) {
        return definition.get().stream().flatMap(FunctionDefinition::versions).anyMatch(version -> version.code().equals(code));
    }

    private final class JarAttempt implements Attempt {
        private final HandlerInstance instance;
        private final FunctionVersion version;

        private JarAttempt(HandlerInstance instance, FunctionVersion version) {
            this.instance = instance;
            this.version = version;
        }

        @Override
        public InvocationResult run(Payload event, RunningCall call) {
            Duration timeout = version.settings().timeout();
            if (instance.cold()) {
                Duration toStart = timeout.compareTo(initialisation) > 0 ? timeout : initialisation;
                InvocationResult failure = call.limitTo(toStart) ? instance.initialise(call) : FunctionRuntime.late(call, toStart);
                if (failure != null) {
                    return failure;
                }
                call.log().initialised();
            }
            return call.limitTo(timeout) ? instance.invoke(event, call) : FunctionRuntime.late(call, timeout);
        }

        /** Nothing to do: a Java thread can only be interrupted. */
        @Override
        public void abort() {
        }

        @Override
        public void done(boolean overdue) {
            if (overdue || !instance.reusable() || !keep(instance)) {
                instance.discard();
            }
        }
    }
}
