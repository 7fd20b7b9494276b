package dev.sluice.poller;

import dev.sluice.mapping.Fact;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * What do the facts of all pollers of one generation say of their mapping? It has started with the first that has, failed once, and
 * has a problem with its source for as long as any poller has one. Thread-safe; {@code this} guards the fields, and keeps what is
 * passed on in order.
 */
final class MergedFacts {

    private final Fact.Listener mapping;
    private final IntConsumer topicPartitions;
    /** By the poller that has it; what it can't read by {@link #partitionsOf}. */
    private final Map<Integer, Fact.Problem> standing = new TreeMap<>();
    private final Set<Class<?>> toldOnce = new HashSet<>();
    private boolean worked;
    /** A delivery succeeded while another poller had a problem, and nothing was told since. */
    private boolean heldBack;

    /** @param topicPartitions hears how many partitions there are; called without a lock */
    MergedFacts(Fact.Listener mapping, IntConsumer topicPartitions) {
        this.mapping = mapping;
        this.topicPartitions = topicPartitions;
    }

    /** What one poller tells. */
    Fact.Listener of(int poller) {
        return fact -> {
            if (fact instanceof Fact.TopicPartitions partitions) {
                topicPartitions.accept(partitions.count());
            } else {
                tell(poller, fact);
            }
        };
    }

    private synchronized void tell(int poller, Fact fact) {
        if (fact instanceof Fact.Processed processed) {
            processed(poller, processed);
        } else if (fact instanceof Fact.Problem problem) {
            problem(poller, problem);
        } else if (fact instanceof Fact.SourceWorks) {
            sourceWorks(poller);
        } else if (fact instanceof Fact.Unreadable unreadable) {
            problem(partitionsOf(poller), unreadable.problem());
        } else if (fact instanceof Fact.Readable) {
            sourceWorks(partitionsOf(poller));
        } else if (toldOnce.add(fact.getClass())) {
            mapping.tell(fact);
        }
    }

    /** That a batch arrived is no news of the brokers another poller can't reach. What a function answers else is. */
    private void processed(int poller, Fact.Processed processed) {
        boolean anotherHasAProblem = standing.keySet().stream().anyMatch(other -> other != poller);
        heldBack = anotherHasAProblem && processed.ok();
        if (!heldBack) {
            mapping.tell(processed);
        } else {
            mapping.tell(standing.values().iterator().next()); // in place of what the function answered before
        }
    }

    private void problem(int poller, Fact.Problem problem) {
        standing.put(poller, problem);
        mapping.tell(problem);
    }

    private void sourceWorks(int poller) {
        boolean hadOne = standing.remove(poller) != null;
        if (!standing.isEmpty()) {
            if (hadOne) {
                mapping.tell(standing.values().iterator().next());
            }
        } else if (hadOne || !worked) { // the first time it ends what an earlier generation said
            mapping.tell(new Fact.SourceWorks());
            if (heldBack) {
                mapping.tell(new Fact.Processed(null, Fact.Processed.OK, ""));
            }
            heldBack = false;
        }
        worked = true;
    }

    /** Stands for what a poller can't read: that its brokers answer, and take what it delivers, is no end of that. */
    private static int partitionsOf(int poller) {
        return -1 - poller;
    }
}
