package dev.sluice.queue;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Which lanes of a mapping may fetch now, and how many lanes with how many slots are there to be?
 *
 * <p>Of each partition one lane at a time has a fetch open: when connections end, the broker gives a member's records at once to whoever has
 * one, and each hop counts as a delivery. Siblings that die together with their fetches open would hand records on to each other until they
 * are archived, seen by nobody. So a lane takes the turn of its partitions, polls until it has records (an empty poll goes on fetching by itself,
 * KAFKA-20015), and hands it on. Which partitions a member has is the brokers' choice: with fewer members than partitions no two have the same,
 * and a lane whose partitions are silent must not keep others from theirs.
 *
 * <p>A lane that joins has a fetch open before anybody knows its partitions. So lanes join only while there is more to do than those that are there
 * can do, where their first poll brings records; one that finds its partitions silent and another lane fetching from them ends at once.
 * Lanes are added while one whose poll was full finds nobody waiting for its turn, and the function has room; slots only when there are as many
 * lanes as there may be. Thread-safe; {@code this} guards the fields, and is not held while another is
 * woken.
 */
final class LaneGroup {

    /** AWS: a poller has up to 5 concurrent invocations. */
    static final int MOST_SLOTS = 5;

    /** One of them. {@link #wake} is thread-safe and never blocks; {@link #holds} may be asked by any thread. */
    interface Lane {

        /** Counted from 0 within the mapping. */
        int number();

        /** How brokers know its consumer. */
        String clientId();

        /** Whether it has records that are not finished. */
        boolean holds();

        /** It looks again at whether it may fetch. */
        void wake();
    }

    private final int minimum;
    private final BooleanSupplier functionHasRoom;
    private final Runnable more;

    /** Those that have a consumer, and what the brokers have assigned to them; null until that is known. */
    private final Map<Lane, Set<TopicPartition>> open = new HashMap<>();
    private final Set<Lane> fetching = new HashSet<>();
    private final Set<Lane> waiting = new HashSet<>();
    private int maximum;
    private int wanted = 1;
    private int slots = 1;
    private boolean fetched;

    /**
     * @param minimum lanes there are as soon as there is more to do than one can
     * @param functionHasRoom whether another invocation could start at once
     * @param more hears that there are to be more lanes
     */
    LaneGroup(int minimum, int maximum, BooleanSupplier functionHasRoom, Runnable more) {
        this.minimum = minimum;
        this.maximum = maximum;
        this.functionHasRoom = functionHasRoom;
        this.more = more;
    }

    synchronized int wanted() {
        return wanted;
    }

    /** How many batches a poll may bring. */
    synchronized int slots() {
        return slots;
    }

    /** Whether the brokers have answered a fetch: then the group has its place in its partitions, and nothing written from now on is missed. */
    synchronized boolean fetched() {
        return fetched;
    }

    synchronized void opened(Lane lane) {
        open.put(lane, null);
    }

    /** Whether this lane may fetch now, or has a fetch open; if not, it is woken when it may. */
    synchronized boolean takeTurn(Lane lane) {
        if (fetching.contains(lane)) {
            return true;
        }
        boolean free = open.get(lane) == null || fetching.stream().noneMatch(other -> sharePartitions(lane, other));
        if (free) {
            waiting.remove(lane);
            fetching.add(lane);
        } else {
            waiting.add(lane);
        }
        return free;
    }

    /** Of one that joins nobody knows it. */
    private boolean sharePartitions(Lane one, Lane other) {
        Set<TopicPartition> partitions = open.get(other);
        return partitions != null && !Collections.disjoint(partitions, open.get(one));
    }

    /** A lane's first fetch was answered. */
    synchronized void answered() {
        fetched = true;
    }

    /**
     * What the brokers say of each lane's partitions; those of which they say nothing yet keep what they had.
     *
     * @param byClient by the name that a lane's client has
     * @return whether they said it of the one who asks
     */
    boolean assigned(Map<String, Set<TopicPartition>> byClient, Lane asks) {
        synchronized (this) {
            open.replaceAll((lane, before) -> byClient.getOrDefault(lane.clientId(), before));
        }
        wakeWaiting();
        return byClient.containsKey(asks.clientId());
    }

    /** A lane has records. @param full whether its poll brought as many as it may, so that there are more */
    void handOn(Lane lane, boolean full) {
        boolean grown = false;
        synchronized (this) {
            fetching.remove(lane);
            if (full && noneWaitsFor(lane) && functionHasRoom.getAsBoolean()) {
                // Twice as many each time, as each takes a while to join.
                grown = grow(Math.max(minimum, wanted * 2));
            }
        }
        wakeWaiting();
        if (grown) {
            more.run();
        }
    }

    /** A lane has had its records for a while: somebody is to see what comes meanwhile, if the function has room for it. */
    void isHeldUp(Lane lane) {
        boolean grown;
        synchronized (this) {
            boolean seen = fetching.stream().anyMatch(other -> open.get(other) == null || sharePartitions(lane, other));
            grown = !seen && noneWaitsFor(lane) && functionHasRoom.getAsBoolean() && grow(wanted + 1);
        }
        if (grown) {
            more.run();
        }
    }

    /** With the lock held. */
    private boolean noneWaitsFor(Lane lane) {
        return open.get(lane) != null && waiting.stream().noneMatch(other -> open.get(other) == null || sharePartitions(other, lane));
    }

    /** With the lock held; whether there are to be more lanes. */
    private boolean grow(int lanes) {
        if (open.size() < wanted) {
            return false; // those that were asked for are still to come
        }
        if (wanted < maximum) {
            wanted = Math.min(maximum, lanes);
            notifyAll();
            return true;
        }
        if (slots < MOST_SLOTS) {
            slots++;
        }
        return false;
    }

    /**
     * A poll of this lane brought nothing: whether the lane is to end. It is when it has joined to no purpose, or has had nothing to do for
     * long. The last one ends first.
     */
    boolean retire(Lane lane, boolean idleForLong) {
        Lane next;
        synchronized (this) {
            boolean surplus = fetching.contains(lane) && open.get(lane) != null
                    && fetching.stream().anyMatch(other -> other != lane && sharePartitions(lane, other));
            if (lane.number() == 0 || lane.number() != wanted - 1 || !surplus && !idleForLong) {
                return false;
            }
            wanted--;
            slots = 1;
            next = open.keySet().stream().filter(other -> other.number() == wanted - 1).findFirst().orElse(null);
        }
        if (next != null) {
            next.wake(); // it may be surplus, too
        }
        return true;
    }

    /** The brokers take no more members than there are. */
    synchronized void isFull() {
        maximum = Math.max(1, open.size() - 1);
        wanted = Math.min(wanted, maximum);
    }

    /** A lane has no consumer any more. */
    void closed(Lane lane) {
        synchronized (this) {
            open.remove(lane);
            waiting.remove(lane);
            fetching.remove(lane);
            notifyAll();
        }
        wakeWaiting();
    }

    /** Waits until a lane of this number is wanted, or something else has changed, or the time is over. */
    synchronized void awaitWanted(int number, Duration atMost) throws InterruptedException {
        if (wanted <= number) {
            wait(atMost.toMillis());
        }
    }

    synchronized void wakeParked() {
        notifyAll();
    }

    /**
     * Waits until no lane but those that hold records has a consumer open, so that nobody takes in its end what a holder is about to give
     * back; or until the time is over.
     */
    synchronized void awaitIdleClosed(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (open.keySet().stream().anyMatch(lane -> !lane.holds())) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    private void wakeWaiting() {
        Set<Lane> woken;
        synchronized (this) {
            woken = Set.copyOf(waiting);
        }
        woken.forEach(Lane::wake);
    }
}
