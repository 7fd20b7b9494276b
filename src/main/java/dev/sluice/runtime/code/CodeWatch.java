package dev.sluice.runtime.code;

import dev.sluice.invocation.AsynchronousInvocations;
import dev.sluice.invocation.FunctionInvoker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Is there other code of a function in the working tree than there was when somebody began to wait for it? It looks a few times a second
 * as long as somebody waits, since not every file system tells what changes, and never else. Thread-safe.
 */
public final class CodeWatch {

    private static final Logger LOG = LoggerFactory.getLogger(CodeWatch.class);
    private static final Duration LOOK = Duration.ofMillis(250);
    /** How many times longer than it took a look is good for. */
    private static final int PART = 10;

    private final Supplier<List<Seen>> places;
    private final AsynchronousInvocations.Later later;
    private final LongSupplier nanos;
    /** By identity. Guarded by this, as what follows. */
    private final Set<Runnable> waiting = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Whether a look is under way or to come. */
    private boolean looking;
    /** What is looked at, from its first look on; null before. */
    private List<Seen> seen;

    /** One place with code, as it was at first. Used by one thread at a time. */
    public interface Seen {

        /** Whether there is something else now that can be loaded. */
        boolean changed();

        /**
         * What is compared are looks: one that differs from the first counts when the next is the same, as who writes writes several times.
         *
         * @param look null while there is nothing that could be loaded
         * @param first of the same kind
         */
        static Seen comparing(Supplier<Object> look, Object first) {
            return new Seen() {
                private Object last = first;

                @Override
                public boolean changed() {
                    Object now = look.get();
                    boolean quiet = now != null && now.equals(last);
                    last = now;
                    return quiet && !Objects.equals(now, first);
                }
            };
        }
    }

    /** @param places what there is to look at, as it is now; asked without a lock, on one of the function's threads */
    public CodeWatch(Supplier<List<Seen>> places, AsynchronousInvocations.Later later, LongSupplier nanos) {
        this.places = places;
        this.later = later;
        this.nanos = nanos;
    }

    public FunctionInvoker.Watch add(Runnable then) {
        Runnable waiter = () -> then.run(); // another object for each who waits
        synchronized (this) {
            waiting.add(waiter);
            if (!looking) {
                looking = true;
                seen = null;
                lookAfter(Duration.ZERO);
            }
        }
        return () -> remove(waiter);
    }

    /** The function is defined anew: what is looked at from now on is its code. */
    public synchronized void forget() {
        seen = null;
    }

    private synchronized void remove(Runnable waiter) {
        waiting.remove(waiter);
    }

    private void look() {
        long begun = nanos.getAsLong();
        List<Seen> before;
        synchronized (this) {
            if (waiting.isEmpty()) {
                looking = false;
                return;
            }
            before = seen;
        }
        List<Seen> first = null;
        boolean changed = false;
        try {
            first = before == null ? places.get() : null;
            changed = before != null && anyChanged(before);
        } catch (RuntimeException | Error e) { // or no look would follow, and whoever waits only hears of the end of its wait
            LOG.warn("Code in the working tree could not be looked at", e);
        }
        List<Runnable> told = new ArrayList<>();
        synchronized (this) {
            if (first != null) {
                seen = first;
            }
            if (changed) {
                told.addAll(waiting);
                waiting.clear();
                looking = false;
            } else {
                Duration took = Duration.ofNanos(nanos.getAsLong() - begun).multipliedBy(PART);
                lookAfter(took.compareTo(LOOK) > 0 ? took : LOOK);
            }
        }
        told.forEach(Runnable::run);
    }

    private static boolean anyChanged(List<Seen> places) {
        boolean changed = false;
        for (Seen place : places) {
            changed |= place.changed(); // all of them: each goes by its last look
        }
        return changed;
    }

    /** With the lock held. */
    private void lookAfter(Duration wait) {
        try {
            later.run(this::look, wait);
        } catch (RejectedExecutionException closing) {
            looking = false;
        }
    }
}
