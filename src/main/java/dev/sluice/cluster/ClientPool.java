package dev.sluice.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which client of these brokers is there? One for each, made by the first who takes it and shared; one whose credentials have been replaced
 * goes when its last user does, so that nobody logs in for ever with what is no longer so. Thread-safe, single-use; clients are made and
 * ended without the pool's lock.
 */
public final class ClientPool<C> {

    private final Function<Brokers, C> make;
    private final Consumer<C> end;
    private final Predicate<Brokers> outdated;
    // Guarded by this.
    private final Map<Brokers, Entry> entries = new HashMap<>();
    private boolean closed;

    /** @param outdated asked when a user goes, and at {@link #dropOutdated} */
    public ClientPool(Function<Brokers, C> make, Consumer<C> end, Predicate<Brokers> outdated) {
        this.make = make;
        this.end = end;
        this.outdated = outdated;
    }

    /** @throws IllegalStateException when the pool is closed; and what making a client throws */
    public Lease take(Brokers brokers) {
        while (true) {
            Entry entry;
            synchronized (this) {
                if (closed) {
                    throw new IllegalStateException("closed");
                }
                entry = entries.computeIfAbsent(brokers, Entry::new);
                entry.users++;
            }
            Lease lease = new Lease(entry);
            try {
                lease.client = entry.client(make);
            } catch (RuntimeException | Error failed) {
                lease.discard();
                lease.close();
                throw failed;
            }
            if (lease.client != null) {
                return lease;
            }
            lease.close(); // somebody else has discarded it meanwhile
        }
    }

    /** Ends those without users, now, and the others when their last user goes. */
    public void dropOutdated() {
        List<Entry> ended = new ArrayList<>();
        synchronized (this) {
            entries.values().removeIf(entry -> outdated.test(entry.brokers) && entry.users == 0 && ended.add(entry));
        }
        ended.forEach(this::end);
    }

    /** Ends this client now: it is broken. */
    public void discard(C broken) {
        List<Entry> ended = new ArrayList<>();
        synchronized (this) {
            entries.values().removeIf(entry -> entry.client == broken && ended.add(entry));
        }
        ended.forEach(this::end);
    }

    /** Ends all clients, used or not, by {@code last}. */
    public void close(Consumer<C> last) {
        List<Entry> ended;
        synchronized (this) {
            closed = true;
            ended = List.copyOf(entries.values());
            entries.clear();
        }
        ended.forEach(entry -> entry.end(last));
    }

    private void end(Entry entry) {
        entry.end(end);
    }

    /** The use of a client until it is closed. */
    public final class Lease implements AutoCloseable {
        private final Entry entry;
        private C client;
        private boolean given;

        private Lease(Entry entry) {
            this.entry = entry;
        }

        public C client() {
            return client;
        }

        /** Ends the client now, also for its other users: it is broken. Whether nobody had before. */
        public boolean discard() {
            boolean first;
            synchronized (ClientPool.this) {
                first = entries.remove(entry.brokers, entry);
            }
            if (first) {
                end(entry);
            }
            return first;
        }

        @Override
        public void close() {
            boolean last;
            synchronized (ClientPool.this) {
                if (given) {
                    return;
                }
                given = true;
                entry.users--;
                last = entry.users == 0 && outdated.test(entry.brokers) && entries.remove(entry.brokers, entry);
            }
            if (last) {
                end(entry);
            }
        }
    }

    /** A client and how many use it; its own lock is for making it once. */
    private final class Entry {
        private final Brokers brokers;
        private int users;
        private volatile C client;
        private boolean over;

        Entry(Brokers brokers) {
            this.brokers = brokers;
        }

        /** Null when it has been ended. */
        synchronized C client(Function<Brokers, C> maker) {
            if (client == null && !over) {
                client = maker.apply(brokers);
            }
            return client;
        }

        void end(Consumer<C> by) {
            C last;
            synchronized (this) {
                over = true;
                last = client;
                client = null;
            }
            if (last != null) {
                by.accept(last);
            }
        }
    }
}
