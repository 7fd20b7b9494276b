package dev.sluice.invocation;

import dev.sluice.resource.FunctionArn;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Who sees to the invocations that nobody waits for (InvocationType Event)? They wait here, in memory, until the function has taken
 * them: one that the function fails is tried twice more, one that doesn't reach the function until it is too old. All attempts of
 * one have the same request id, as on AWS. What is given up is logged.
 *
 * <p>Thread-safe; single-use: construct, use, {@link #stop}, {@link #close}. It has no thread of its own: attempts run on the
 * function's threads, and waits are the caller's to time.
 */
public final class AsynchronousInvocations implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AsynchronousInvocations.class);
    private static final String TURN = "event";

    /** AWS tries twice more, "with a one-minute wait before the second attempt, and two minutes" after it. */
    private static final int ATTEMPTS = 3;
    /** Seconds where AWS waits minutes: whoever looks on should not have to wait for what is certain to come. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    /** After an attempt that didn't reach the function: AWS's first wait, and less than its longest, which is 5 minutes. */
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    /** AWS's MaximumEventAgeInSeconds when nobody says otherwise. */
    private static final Duration OLDEST = Duration.ofHours(6);

    private static final int LONGEST_TEXT = 2_000;

    /** Runs something later. */
    @FunctionalInterface
    public interface Later {
        /** @throws RejectedExecutionException when nothing is run any more */
        void run(Runnable step, Duration after);
    }

    /** How much may wait at once: AWS's queue has no end, this one is in the server's memory. */
    public record Capacity(int events, long bytes) {
        /** 10,000 events of 64 MB together. */
        public static final Capacity DEFAULT = new Capacity(10_000, 64L * 1024 * 1024);

        public Capacity {
            if (events < 1 || bytes < 1) {
                throw new IllegalArgumentException("events is " + events + ", bytes is " + bytes + "; both must be at least 1");
            }
        }
    }

    private final FunctionInvoker functions;
    private final Later later;
    private final Clock clock;
    private final Capacity capacity;
    private final Map<Event, Boolean> waiting = new ConcurrentHashMap<>();
    /** Guarded by this, as is what follows. */
    private int events;
    private long bytes;
    private volatile boolean stopped;

    public AsynchronousInvocations(FunctionInvoker functions, Later later, Clock clock, Capacity capacity) {
        this.functions = Objects.requireNonNull(functions, "functions");
        this.later = Objects.requireNonNull(later, "later");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.capacity = Objects.requireNonNull(capacity, "capacity");
    }

    /**
     * Takes an event and invokes the function with it in a while; never blocks. False when too many wait already: then nothing was
     * taken.
     *
     * @param payload belongs to the invocation from now on
     * @param traceId null for one made of the request id
     */
    public boolean accept(FunctionArn function, String requestId, byte[] payload, String traceId) {
        Event event = new Event(function, payload, InvocationOptions.waiting(requestId, traceId), clock.instant());
        synchronized (this) {
            if (stopped || events >= capacity.events() || bytes + payload.length > capacity.bytes()) {
                return false;
            }
            events++;
            bytes += payload.length;
            waiting.put(event, true); // with the lock held: what comes before the stop, close finds
        }
        event.attempt();
        return true;
    }

    /** How many have not come to their end. */
    public synchronized int pending() {
        return events;
    }

    /** Takes no more events, and tries none again. */
    public synchronized void stop() {
        stopped = true;
    }

    /** Gives up what has not come to its end, and says so in the log. */
    @Override
    public void close() {
        stop();
        List<String> dropped = new ArrayList<>();
        waiting.keySet().forEach(event -> {
            if (event.leave()) {
                dropped.add(event.function.name() + " " + event.options.requestId());
            }
        });
        if (!dropped.isEmpty()) {
            LOG.warn("Closing drops {} asynchronous invocations that had not succeeded, for they are kept in memory only: {}{}",
                    dropped.size(), String.join(", ", dropped.subList(0, Math.min(dropped.size(), 20))), dropped.size() > 20 ? ", …" : "");
        }
    }

    /** One event, of which at most one attempt is under way or planned; each step is the only one of its time. */
    private final class Event implements InvocationListener {
        private final FunctionArn function;
        private final byte[] payload;
        private final InvocationOptions options;
        private final Instant accepted;
        private volatile int failures;
        private volatile int notReached;

        private Event(FunctionArn function, byte[] payload, InvocationOptions options, Instant accepted) {
            this.function = function;
            this.payload = payload;
            this.options = options;
            this.accepted = accepted;
        }

        private void attempt() {
            if (stopped) {
                return;
            }
            try {
                functions.submit(new Invocation(function, TURN, () -> Payload.of(payload), this, options));
            } catch (RuntimeException | Error e) { // an Error too: no thread to be had must not cost an event
                LOG.error("An asynchronous invocation could not be queued: function={} requestId={}", function, options.requestId(), e);
                completed(new InvocationResult.CouldNotInvoke("it could not be queued: " + e));
            }
        }

        @Override
        public void started(String requestId) {
            // What came of it is what counts.
        }

        @Override
        public void completed(InvocationResult result) {
            Runnable next = result.match(success -> this::leave, error -> () -> failed(error), timedOut -> () -> failed(timedOut),
                    throttled -> () -> notReached(throttled), moved -> () -> again(Duration.ZERO, moved),
                    couldNotInvoke -> () -> notReached(couldNotInvoke), notValid -> () -> failed(notValid));
            next.run();
        }

        /** A retry doesn't wait for the end of a call that goes on after its timeout, as AWS's doesn't. */
        @Override
        public void ended() {
            // See above.
        }

        private void failed(InvocationResult result) {
            int failed = ++failures;
            if (failed >= ATTEMPTS) {
                giveUp(failed + " attempts", result);
            } else {
                again(AFTER_FAILURE.multipliedBy(failed), result);
            }
        }

        private void notReached(InvocationResult result) {
            if (!clock.instant().isBefore(accepted.plus(OLDEST))) {
                giveUp(OLDEST.toHours() + " hours", result);
                return;
            }
            Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(notReached, 10));
            notReached++;
            again(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT, result);
        }

        private void again(Duration wait, InvocationResult result) {
            if (stopped) {
                return; // close tells of it
            }
            // An event may wait for hours; its first wait says why.
            LOG.atLevel(notReached > 1 ? Level.DEBUG : Level.INFO).log("Asynchronous invocation is tried again in {} s: function={}"
                    + " requestId={} outcome={}", wait.toSeconds(), function, options.requestId(), told(result));
            try {
                later.run(this::attempt, wait);
            } catch (RejectedExecutionException closing) {
                LOG.debug("No further attempt: requestId={}", options.requestId(), closing); // close tells of it
            }
        }

        private void giveUp(String after, InvocationResult result) {
            if (leave()) {
                LOG.warn("Asynchronous invocation failed and is dropped after {}: function={} requestId={} outcome={}", after,
                        function, options.requestId(), told(result));
            }
        }

        /** False when it had left before. */
        private boolean leave() {
            if (waiting.remove(this) == null) {
                return false;
            }
            synchronized (AsynchronousInvocations.this) {
                events--;
                bytes -= payload.length;
            }
            return true;
        }
    }

    /** With what the function said: nobody else hears of it. */
    private static String told(InvocationResult result) {
        if (result instanceof InvocationResult.FunctionError error) {
            String text = new String(error.error(), StandardCharsets.UTF_8);
            return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
        }
        return String.valueOf(result);
    }
}
