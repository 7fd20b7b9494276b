package dev.sluice.function;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Runs one function's JAR in this JVM: an instance per concurrent call, kept warm for the next one. Thread-safe. */
final class JarRuntime implements FunctionRuntime {

    private final CodeStore store;
    private final HandlerInstance.Surroundings surroundings;
    private final Duration initialisation;
    /** Guarded by this, as is what follows. */
    private final Deque<HandlerInstance> idle = new ArrayDeque<>();
    private LocalCode local;
    private boolean closed;
    /** Raised by each change: what was prepared before isn't kept. */
    private int generation;

    JarRuntime(CodeStore store, HandlerInstance.Surroundings surroundings, Duration initialisation) {
        this.store = store;
        this.surroundings = surroundings;
        this.initialisation = initialisation;
    }

    @Override
    public Attempt prepare(FunctionVersion version) throws NotRunnableException {
        String runtime = version.settings().runtime();
        if (runtime != null && !runtime.startsWith("java")) {
            throw new NotRunnableException("function " + version.function() + " has the runtime " + runtime
                    + "; Sluice runs uploaded code of java runtimes only: give the function a URL instead");
        }
        int now = generation();
        if (version.code() instanceof FunctionCode.Archive archive) {
            HandlerInstance warm = warm(version, null);
            return new JarAttempt(warm != null ? warm : load(version, store.open(archive)), version, now);
        }
        CodeVersion code = localCode(((FunctionCode.LocalJar) version.code())).current();
        HandlerInstance warm = warm(version, code);
        if (warm == null) {
            return new JarAttempt(load(version, code), version, now);
        }
        code.release();
        return new JarAttempt(warm, version, now);
    }

    @Override
    public void changed() {
        takeIdle().forEach(HandlerInstance::discard);
    }

    @Override
    public void close() {
        LocalCode last;
        synchronized (this) {
            closed = true;
            last = local;
            local = null;
        }
        changed();
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

    private synchronized int generation() {
        return generation;
    }

    private synchronized List<HandlerInstance> takeIdle() {
        generation++;
        List<HandlerInstance> all = List.copyOf(idle);
        idle.clear();
        return all;
    }

    private synchronized boolean keep(HandlerInstance instance, int preparedIn) {
        if (closed || preparedIn != generation) {
            return false;
        }
        idle.addLast(instance);
        return true;
    }

    private final class JarAttempt implements Attempt {
        private final HandlerInstance instance;
        private final FunctionVersion version;

        private final int preparedIn;

        private JarAttempt(HandlerInstance instance, FunctionVersion version, int preparedIn) {
            this.instance = instance;
            this.version = version;
            this.preparedIn = preparedIn;
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
            }
            return call.limitTo(timeout) ? instance.invoke(event, call) : FunctionRuntime.late(call, timeout);
        }

        /** Nothing to do: a Java thread can only be interrupted. */
        @Override
        public void abort() {
        }

        @Override
        public void done(boolean overdue) {
            if (overdue || !instance.reusable() || !keep(instance, preparedIn)) {
                instance.discard();
            }
        }
    }
}
