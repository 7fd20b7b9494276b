package dev.sluice.testing;

import dev.sluice.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs a function in this JVM: takes its events from the server, one for each thread, and keeps what came. There is always a thread that
 * waits, up to as many as Lambda would run at once. Thread-safe; single-use.
 */
final class AttachedFunction implements AutoCloseable {

    private static final int MOST_AT_ONCE = 10;
    private static final int MOST_KEPT = 10_000;

    private final String name;
    private final String address;
    private final EventFunction function;
    private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
    private final Set<RuntimeConnection> connections = ConcurrentHashMap.newKeySet();
    /** Guarded by itself, as all that follows. */
    private final List<Event> events = new ArrayList<>();
    private final Set<Thread> busy = new LinkedHashSet<>();
    private Throwable lastThrown;
    private int threads;
    private int waiting;
    private boolean closed;

    AttachedFunction(String name, String address, EventFunction function) {
        this.name = name;
        this.address = address;
        this.function = function;
    }

    void start() {
        synchronized (events) {
            startThread();
        }
    }

    /** What it was invoked with, in the order in which it began. */
    List<Event> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** Where it is now, while it has an event, else what it threw last; empty when it did and is neither. */
    Optional<Throwable> state() {
        synchronized (events) {
            Optional<Throwable> running = busy.stream().findFirst().map(thread -> {
                Throwable where = new Throwable("The handler of function " + name + " is here, and has not returned");
                where.setStackTrace(thread.getStackTrace());
                return where;
            });
            return running.or(() -> Optional.ofNullable(lastThrown));
        }
    }

    @Override
    public void close() {
        synchronized (events) {
            closed = true;
        }
        connections.forEach(AttachedFunction::close);
    }

    private static void close(RuntimeConnection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // The server sees the end of it all the same.
            return;
        }
    }

    /** The lock is held. */
    private void startThread() {
        threads++;
        waiting++;
        Thread thread = new Thread(this::run, "sluice-" + name + "-" + threads);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        thread.start();
    }

    private void run() {
        try (RuntimeConnection connection = new RuntimeConnection(address)) {
            connections.add(connection);
            while (!isClosed()) {
                Event event = connection.next();
                taken(event);
                handle(connection, event);
                synchronized (events) {
                    waiting++;
                }
            }
        } catch (IOException gone) {
            // The function is no more, or the server isn't: whoever waits for a delivery is told why there is none.
            return;
        }
    }

    private boolean isClosed() {
        synchronized (events) {
            return closed;
        }
    }

    private void taken(Event event) {
        synchronized (events) {
            if (events.size() == MOST_KEPT) {
                events.remove(0);
            }
            events.add(event);
            busy.add(Thread.currentThread());
            waiting--;
            if (waiting == 0 && threads < MOST_AT_ONCE && !closed) {
                startThread();
            }
        }
    }

    private void handle(RuntimeConnection connection, Event event) throws IOException {
        byte[] answer;
        String errorType = null;
        try {
            Object returned = function.handle(event);
            answer = Json.print(returned instanceof Json json ? json : new Json(returned)).getBytes(StandardCharsets.UTF_8);
        } catch (Throwable thrown) { // an AssertionError in a handler is its error, too
            errorType = thrown.getClass().getName();
            answer = error(thrown).getBytes(StandardCharsets.UTF_8);
            synchronized (events) {
                lastThrown = thrown;
            }
        }
        synchronized (events) {
            busy.remove(Thread.currentThread());
        }
        // An interrupt that the handler has left belongs to nobody.
        Thread.interrupted();
        connection.answer(event.requestId(), answer, errorType);
    }

    /** As Lambda's Java runtime writes it. */
    private static String error(Throwable thrown) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("errorMessage", String.valueOf(thrown.getMessage()));
        document.put("errorType", thrown.getClass().getName());
        document.put("stackTrace", Arrays.stream(thrown.getStackTrace()).map(StackTraceElement::toString).toList());
        return Json.print(new Json(document));
    }
}
