package dev.sluice.runtime.api;

import dev.sluice.runtime.process.RuntimeProcess.Event;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the events of one function and the requests of any number of processes together, which nobody here has started: each event
 * goes to one of them, and the request id says which event is answered. Thread-safe.
 *
 * <p>That a process has died only its connection tells. A client that keeps connections closes the one on which the event came when it
 * dies, or when that was idle for long while it still works: so there is a while for the answer after it. Who makes a connection
 * for each request, as curl does, closes it as soon as the event is read, which says nothing.
 */
final class SharedExchange implements Conversation {

    private static final Logger LOG = LoggerFactory.getLogger(SharedExchange.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int QUOTED = 1024;

    private final String function;
    private final RuntimeApi.Delay delay;
    private final LongSupplier nanos;
    private final AttachPatience patience;
    /** Those that nobody has taken, the oldest first. Guarded by this, as is what follows. */
    private final Deque<SharedEvent> waiting = new ArrayDeque<>();
    /** Those of which nothing has come yet, by their request ids. */
    private final Map<String, SharedEvent> open = new HashMap<>();
    private final Deque<Parked> asking = new ArrayDeque<>();
    /** Why no event may wait any more; null as long as it may. */
    private String stopping;
    private boolean saidThatNobodyAsks;
    private boolean aboutToSayIt;
    private long lastAsked;
    /** Whether a look at what is out for long is to come. */
    private boolean looking;

    SharedExchange(String function, RuntimeApi.Delay delay, LongSupplier nanos, AttachPatience patience) {
        this.function = function;
        this.delay = delay;
        this.nanos = nanos;
        this.patience = patience;
        this.lastAsked = nanos.getAsLong() - SOON.toNanos();
    }

    Result invoke(Event event) {
        SharedEvent mine = new SharedEvent(event);
        synchronized (this) {
            if (open.putIfAbsent(event.requestId(), mine) != null) {
                return new Result.NotTaken("another event with request ID " + event.requestId() + " is at work");
            }
            waiting.addLast(mine);
        }
        match();
        try {
            return awaitResult(mine);
        } finally {
            mine.endWrite(this);
        }
    }

    @Override
    public Optional<Answer> next(Parked request) {
        SharedEvent again;
        List<Parked> dead;
        synchronized (this) {
            saidThatNobodyAsks = false;
            lastAsked = nanos.getAsLong();
            // Without events nobody else looks, and whoever restarts a process often leaves one connection each time.
            dead = asking.stream().filter(Parked::gone).toList();
            asking.removeAll(dead);
            // A process that asks on the same connection has lost what it got there.
            again = open.values().stream().filter(event -> event.taker != null && !event.writing && event.answering == null)
                    .filter(event -> event.taker.connection() == request.connection()).findFirst().orElse(null);
            if (again == null) {
                asking.addLast(request);
            } else {
                again.takenBy(request);
            }
        }
        dead.forEach(Parked::drop);
        if (again == null) {
            match();
        } else {
            write(again, request);
        }
        return Optional.empty();
    }

    @Override
    public synchronized Optional<Answer> answering(String requestId, RuntimeState.Phase to) {
        SharedEvent event = open.get(requestId);
        if (event == null || event.taker == null) {
            return Optional.of(Answer.INVALID_REQUEST_ID);
        }
        if (event.answering != null) {
            return Optional.of(Answer.invalidTransition(event.answering, to));
        }
        event.answering = to;
        return Optional.empty();
    }

    @Override
    public synchronized void answered(String requestId, Result of) {
        SharedEvent event = open.get(requestId);
        if (event != null && event.answering != null) {
            end(event, of);
        }
    }

    @Override
    public void answerLost(String requestId) {
        // Until that is said, nobody else can answer.
    }

    @Override
    public Optional<Answer> initError(Result.Failed error) {
        LOG.warn("A process of function {} says that it can't start: {} {}", function, error.errorType(),
                new String(error.error(), 0, Math.min(error.error().length, QUOTED), StandardCharsets.UTF_8));
        return Optional.empty();
    }

    @Override
    public void closed(Object connection) {
        List<SharedEvent> theirs;
        synchronized (this) {
            asking.removeIf(request -> request.connection() == connection);
            theirs = open.values().stream().filter(event -> event.taker != null && event.taker.connection() == connection).toList();
            theirs.forEach(event -> event.closed = true);
        }
        theirs.forEach(this::judge);
    }

    /** Takes back what nobody has taken, and lets nothing wait from now on. */
    synchronized void withdraw(String why) {
        stopping = why;
        untake(why);
    }

    /** Takes back all. */
    synchronized void release(String why) {
        untake(why);
        List.copyOf(open.values()).forEach(event -> end(event, new Result.Exited(why)));
    }

    void close(String why) {
        List<Parked> all;
        synchronized (this) {
            stopping = why;
            release(why);
            all = List.copyOf(asking);
        }
        all.forEach(Parked::drop);
    }

    /** Gives events to those who ask, as long as there are both. */
    private void match() {
        while (true) {
            SharedEvent event;
            Parked request;
            synchronized (this) {
                request = waiting.isEmpty() ? null : asking.pollFirst();
                if (request == null) {
                    nobodyAsks();
                    return;
                }
                event = request.gone() ? null : waiting.removeFirst();
                if (event != null) {
                    event.takenBy(request);
                }
            }
            if (event == null) {
                request.drop();
            } else {
                write(event, request);
            }
        }
    }

    private void nobodyAsks() {
        if (stopping != null) {
            untake(stopping);
        } else if (!waiting.isEmpty() && !saidThatNobodyAsks && !aboutToSayIt) {
            aboutToSayIt = true;
            delay.after(SOON.toMillis(), this::sayThatNobodyAsks);
        }
    }

    /** Not between two events of a process that is busy. */
    private synchronized void sayThatNobodyAsks() {
        aboutToSayIt = false;
        if (open.size() == waiting.size() && !waiting.isEmpty() && nanos.getAsLong() - lastAsked >= SOON.toNanos()) {
            saidThatNobodyAsks = true;
            LOG.info("An event of function {} waits for a process that attaches itself", function);
        } else {
            nobodyAsks();
        }
    }

    private void untake(String why) {
        List.copyOf(waiting).forEach(event -> end(event, new Result.NotTaken(why)));
        waiting.clear();
    }

    private void write(SharedEvent event, Parked request) {
        request.give(event.event, () -> written(event, request));
    }

    private void written(SharedEvent event, Parked request) {
        boolean lost;
        boolean judge;
        synchronized (this) {
            event.writing = false;
            event.writtenAt = nanos.getAsLong();
            // Nobody has seen all of it, and so nobody answers it.
            lost = request.lost() && event.open() && event.answering == null;
            judge = event.closed && !lost;
            if (!looking) {
                looking = true;
                delay.after(patience.reminder().toMillis(), this::remind);
            }
            if (lost) {
                event.taker = null;
                waiting.addFirst(event);
            }
            notifyAll();
        }
        if (lost) {
            match();
            return;
        }
        if (judge) {
            judge(event);
        }
    }

    /** Its connection was closed: is the process dead? */
    private void judge(SharedEvent event) {
        Parked taker;
        synchronized (this) {
            taker = event.taker;
            if (taker == null || event.writing || !event.open() || !patience.meansDeath(taker, nanos.getAsLong() - event.writtenAt)) {
                return;
            }
        }
        delay.after(patience.silence().toMillis(), () -> endSilent(event, taker));
    }

    private synchronized void endSilent(SharedEvent event, Parked taker) {
        if (event.open() && event.taker == taker && event.answering == null) {
            LOG.warn("The process of function {} that had event {} has closed its connection and given no answer; the event has failed",
                    function, event.event.requestId());
            end(event, new Result.Exited("its connection was closed before it answered"));
        }
    }

    private synchronized void remind() {
        long now = nanos.getAsLong();
        looking = !open.isEmpty();
        if (looking) {
            delay.after(patience.reminder().toMillis(), this::remind);
        }
        open.values().stream().filter(event -> event.outFor(now) >= patience.reminder().toNanos())
                .forEach(event -> event.remind(function, now));
    }

    private void end(SharedEvent event, Result of) {
        event.result = of;
        open.remove(event.event.requestId());
        notifyAll();
    }

    private synchronized Result awaitResult(SharedEvent mine) {
        while (mine.open()) {
            try {
                wait();
            } catch (InterruptedException e) {
                waiting.remove(mine);
                String why = "nobody waits for its answer any more";
                end(mine, mine.taker == null ? new Result.NotTaken(why) : new Result.Exited(why));
                Thread.currentThread().interrupt();
            }
        }
        return mine.result;
    }
}
