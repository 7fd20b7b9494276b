package dev.sluice.runtime.log;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What have functions logged lately, and what do they log next? In memory only, as lines may hold secrets: 1 MB for each name, 64 MB
 * for all, the logs that were silent longest go first. Thread-safe.
 */
public final class FunctionLogs implements FunctionLog.Watcher {

    private static final long MOST_OF_ONE = 1024 * 1024;
    private static final long MOST_OF_ALL = 64 * MOST_OF_ONE;

    private final long mostOfOne;
    private final long mostOfAll;
    /** Tells followers of news; not the thread of a handler, whose threads inherit what belongs to it. */
    private final ScheduledExecutorService signals;
    private final Map<String, FunctionLog> logs = new ConcurrentHashMap<>();
    private final Map<FunctionLog, List<Follower>> followers = new ConcurrentHashMap<>();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final AtomicLong total = new AtomicLong();
    private volatile boolean released;

    public FunctionLogs(ScheduledExecutorService signals) {
        this(signals, MOST_OF_ONE, MOST_OF_ALL);
    }

    public FunctionLogs(ScheduledExecutorService signals, long mostOfOne, long mostOfAll) {
        this.signals = signals;
        this.mostOfOne = mostOfOne;
        this.mostOfAll = mostOfAll;
    }

    /** Whether a function of this name has been invoked since the server was started; it may be deleted by now. */
    public boolean has(String function) {
        return logs.containsKey(function);
    }

    /**
     * Lines as soon as there are any, at the end of {@code wait} an empty page. Completes on a thread that must not be kept.
     *
     * @param wait 0 for an answer at once
     */
    public CompletionStage<LogPage> read(LogQuery query, Duration wait) {
        FunctionLog log = of(query.function());
        LogPage page = log.read(query);
        if (!page.lines().isEmpty() || wait.isZero() || released) {
            return CompletableFuture.completedFuture(page);
        }
        Follower follower = new Follower(log, query, page);
        try {
            followers.compute(log, (any, waiting) -> with(follower, waiting));
            follower.limit(wait);
            // What was logged in between, or a release, didn't find it.
            signals.execute(follower::look);
        } catch (RejectedExecutionException closing) {
            follower.end();
        }
        return follower.answer;
    }

    /** Answers all who wait, and lets nobody wait any more. */
    public void release() {
        released = true;
        followers.values().forEach(waiting -> waiting.forEach(Follower::end));
    }

    public FunctionLog of(String function) {
        return logs.computeIfAbsent(function, name -> new FunctionLog(mostOfOne, this));
    }

    @Override
    public void appended(FunctionLog log, long grownBy) {
        if (total.addAndGet(grownBy) > mostOfAll) {
            shed(log);
        }
        if (!followers.isEmpty() && followers.containsKey(log) && signalled.compareAndSet(false, true)) {
            try {
                signals.execute(this::signal);
            } catch (RejectedExecutionException closing) {
                release();
            }
        }
    }

    private static List<Follower> with(Follower follower, List<Follower> waiting) {
        List<Follower> more = waiting == null ? new CopyOnWriteArrayList<>() : waiting;
        more.add(follower);
        return more;
    }

    private void signal() {
        signalled.set(false);
        followers.values().forEach(waiting -> waiting.forEach(Follower::look));
    }

    private synchronized void shed(FunctionLog written) {
        List<FunctionLog> silentFirst = logs.values().stream().filter(log -> log != written && log.bytes() > 0)
                .sorted(Comparator.comparingLong(FunctionLog::lastWritten)).toList();
        for (FunctionLog log : silentFirst) {
            if (total.get() <= mostOfAll) {
                return;
            }
            total.addAndGet(-log.clear());
        }
    }

    /** Somebody who waits for lines that aren't there yet. */
    private final class Follower {
        private final FunctionLog log;
        private final CompletableFuture<LogPage> answer = new CompletableFuture<>();
        /** Guarded by this, as is what follows. */
        private LogQuery query;
        private LogPage seen;

        private Follower(FunctionLog log, LogQuery query, LogPage seen) {
            this.log = log;
            this.query = query.after(seen.next());
            this.seen = seen;
        }

        private void limit(Duration wait) {
            var end = signals.schedule(this::end, wait.toNanos(), TimeUnit.NANOSECONDS);
            answer.whenComplete((page, none) -> end.cancel(false));
        }

        private synchronized void look() {
            seen = log.read(query).withLost(seen.lost());
            query = query.after(seen.next());
            if (!seen.lines().isEmpty() || released) {
                end();
            }
        }

        private synchronized void end() {
            followers.computeIfPresent(log, (any, waiting) -> {
                waiting.remove(this);
                return waiting.isEmpty() ? null : waiting;
            });
            answer.complete(seen);
        }
    }
}
