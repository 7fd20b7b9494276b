package dev.sluice.function;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/** Runs one function's JAR in this JVM: an instance per concurrent call, kept warm for the next one. Thread-safe. */
final class JarRuntime implements FunctionRuntime {

    private final CodeStore store;
    private final HandlerInstance.Surroundings surroundings;
    private final Duration initialisation;
    private final Predicate<FunctionVersion> defined;
    /** Guarded by this, as is what follows. */
    private final Deque<HandlerInstance> idle = new ArrayDeque<>();
    private LocalCode local;
    private boolean closed;

    /** @param defined whether the function still has this version, and has it like this; asked with this object's lock held */
    JarRuntime(CodeStore store, HandlerInstance.Surroundings surroundings, Duration initialisation,
               Predicate<FunctionVersion> defined) {
        this.store = store;
        this.surroundings = surroundings;
        this.initialisation = initialisation;
        this.defined = defined;
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
        CodeVersion code = localCode(((FunctionCode.LocalJar) version.code())).current();
        HandlerInstance warm = warm(version, code);
        if (warm == null) {
            return new JarAttempt(load(version, code), version);
        }
        code.release();
        return new JarAttempt(warm, version);
    }

    @Override
    public void changed() {
        takeIdle(instance -> !instance.isOfSome(defined)).forEach(HandlerInstance::discard);
    }

    @Override
    public void close() {
        LocalCode last;
        synchronized (this) {
            closed = true;
            last = local;
            local = null;
        }
        takeIdle(instance -> true).forEach(HandlerInstance::discard);
        if (last != null) {
            last.close();
        }
    }

    private HandlerInstance load(FunctionVersion version, CodeVersion code) throws NotRunnableException {
        try {
            return HandlerInstance.load(version, code, surroundings);
        } catch (NotRunnableException | RuntimeException | Error e) {
            code.release();
            throw e;
        }
    }

    private synchronized LocalCode localCode(FunctionCode.LocalJar code) {
        if (local == null || !local.jar().equals(code.path())) {
            if (local != null) {
                local.close();
            }
            local = new LocalCode(code.path(), store);
        }
        return local;
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
        }
        old.forEach(HandlerInstance::discard);
        return warm;
    }

    private synchronized List<HandlerInstance> takeIdle(Predicate<HandlerInstance> which) {
        List<HandlerInstance> taken = idle.stream().filter(which).toList();
        idle.removeAll(taken);
        return taken;
    }

    /** Asks with the lock held whether the version is still there: a change that it doesn't see yet looks at it in a moment. */
    private synchronized boolean keep(HandlerInstance instance) {
        if (closed || !instance.isOfSome(defined)) {
            return false;
        }
        idle.addLast(instance);
        return true;
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
                if (call.log() != null) {
                    call.log().initialised();
                }
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
