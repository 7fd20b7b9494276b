package dev.sluice.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may run now, and who is next? At most {@code limit} items hold a slot; the others wait and are served round-robin over their
 * turns, in order within a turn. Thread-safe; never blocks.
 */
final class ConcurrencySlots<T> {

    /** What an item has got: its slot, a place in the queue for one, or nothing. */
    public enum Place { SLOT, QUEUE, NONE }

    /** Turns that wait, the next one first; no queue in it is empty. Guarded by this. */
    private final Map<String, Deque<T>> waiting = new LinkedHashMap<>();
    private int limit;
    private int taken;

    ConcurrencySlots(int limit) {
        this.limit = limit;
    }

    /** Takes a slot for the item, or lets it wait for one if it may and there is ever to be one. */
    synchronized Place take(String turn, T item, boolean mayWait) {
        if (taken < limit && waiting.isEmpty()) {
            taken++;
            return Place.SLOT;
        }
        if (!mayWait || limit == 0) {
            return Place.NONE;
        }
        waiting.computeIfAbsent(turn, t -> new ArrayDeque<>()).add(item);
        return Place.QUEUE;
    }

    /** Gives a slot back; the answer is the item that has it now. */
    synchronized Optional<T> release() {
        if (taken == 0) {
            throw new IllegalStateException("no slot is taken");
        }
        taken--;
        return next();
    }

    /** Changes the limit; the answer are the items that have a slot now. With a limit of 0, whoever waits is to be taken back. */
    synchronized List<T> limit(int newLimit) {
        limit = newLimit;
        List<T> served = new ArrayList<>();
        for (Optional<T> item = next(); item.isPresent(); item = next()) {
            served.add(item.get());
        }
        return served;
    }

    /** Takes a waiting item back; false when it has its slot already, or was never here. */
    synchronized boolean remove(String turn, T item) {
        Deque<T> queue = waiting.get(turn);
        if (queue == null || !queue.removeIf(queued -> queued == item)) {
            return false;
        }
        if (queue.isEmpty()) {
            waiting.remove(turn);
        }
        return true;
    }

    /** Takes all waiting items back. */
    synchronized List<T> removeAll() {
        List<T> all = new ArrayList<>();
        waiting.values().forEach(all::addAll);
        waiting.clear();
        return all;
    }

    /** Whether one that comes now would get a slot. */
    synchronized boolean hasRoom() {
        return taken < limit && waiting.isEmpty();
    }

    /** How many wait for a slot. */
    synchronized int waiting() {
        return waiting.values().stream().mapToInt(Deque::size).sum();
    }

    synchronized int taken() {
        return taken;
    }

    private Optional<T> next() {
        if (taken >= limit || waiting.isEmpty()) {
            return Optional.empty();
        }
        Iterator<Map.Entry<String, Deque<T>>> turns = waiting.entrySet().iterator();
        Map.Entry<String, Deque<T>> turn = turns.next();
        String name = turn.getKey();
        Deque<T> queue = turn.getValue();
        turns.remove();
        T item = queue.remove();
        if (!queue.isEmpty()) {
            waiting.put(name, queue);
        }
        taken++;
        return Optional.of(item);
    }
}
