package dev.sluice.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** What comes over the next invocations of one function? One fault for each, in the order in which they were asked for. Thread-safe. */
final class InjectedFaults {

    /** Guarded by itself. */
    private final Deque<InjectedFault> next = new ArrayDeque<>();
    /** So that an invocation that nothing comes over takes no lock. */
    private volatile boolean any;

    /** @param times for how many invocations; @return how many there are now */
    int add(InjectedFault fault, int times) {
        synchronized (next) {
            for (int i = 0; i < times; i++) {
                next.addLast(fault);
            }
            any = !next.isEmpty();
            return next.size();
        }
    }

    void clear() {
        synchronized (next) {
            next.clear();
            any = false;
        }
    }

    Optional<InjectedFault> take() {
        if (!any) {
            return Optional.empty();
        }
        synchronized (next) {
            InjectedFault fault = next.pollFirst();
            any = !next.isEmpty();
            return Optional.ofNullable(fault);
        }
    }
}
