package dev.sluice.dispatch;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which records of a batch go to the function together, and how often that has failed. Immutable.
 *
 * @param records each partition once, none empty
 * @param failures invocations that failed with these records and count as attempts
 * @param notReached attempts that didn't reach the function, which no limit counts
 * @param invoked invocations that these records were part of
 */
record Part(List<? extends PartitionRecords> records, int failures, int notReached, Invoked invoked) {

    /** How often, and what came of the last one; whose request id and response are null before the first. */
    record Invoked(int times, @Nullable String requestId, FailedBatch.@Nullable LastResponse response) {

        static final Invoked NEVER = new Invoked(0, null, null);

        private Invoked by(AttemptResult last) {
            return new Invoked(times + 1, last.requestId(), last.response());
        }
    }

    static Part of(Batch batch) {
        return new Part(batch.records(), 0, 0, Invoked.NEVER);
    }

    int size() {
        int size = 0;
        for (PartitionRecords partition : records) {
            size += partition.size();
        }
        return size;
    }

    Part failed(AttemptResult result) {
        return new Part(records, failures + 1, notReached, invoked.by(result));
    }

    /** It was part of an invocation that counts neither for nor against it. */
    Part invokedBy(AttemptResult result) {
        return new Part(records, failures, notReached, invoked.by(result));
    }

    Part didNotReach() {
        return new Part(records, failures, notReached + 1, invoked);
    }

    /** Attempts of whatever kind that didn't get it delivered. */
    int tries() {
        return failures + notReached;
    }

    /** Its first and its second half, which have failed as often as it has: a split is no retry. */
    List<Part> halves() {
        BitSet first = new BitSet();
        first.set(0, (size() + 1) / 2);
        BitSet second = new BitSet();
        second.set((size() + 1) / 2, size());
        return List.of(only(first), only(second));
    }

    /** The part of these records alone; {@code chosen} counts through all partitions. */
    Part only(BitSet chosen) {
        List<PartitionRecords> some = new ArrayList<>(records.size());
        int before = 0;
        for (PartitionRecords partition : records) {
            BitSet here = chosen.get(before, before + partition.size());
            int count = here.cardinality();
            if (count == partition.size()) {
                some.add(partition);
            } else if (count > 0) {
                some.add(Selection.of(partition, here.stream().toArray()));
            }
            before += partition.size();
        }
        return new Part(some, failures, notReached, invoked);
    }

    boolean isFromShareGroup() {
        return records.get(0).deliveryCount(0) > 0;
    }

    /** Those that were handed out so often. */
    BitSet withDeliveryCount(IntPredicate wanted) {
        BitSet found = new BitSet();
        int at = 0;
        for (PartitionRecords partition : records) {
            for (int i = 0; i < partition.size(); i++) {
                found.set(at++, wanted.test(partition.deliveryCount(i)));
            }
        }
        return found;
    }

    /** How often the one was handed out that was so most often; 0 where nobody counts. */
    int deliveryCount() {
        int most = 0;
        for (PartitionRecords partition : records) {
            for (int i = 0; i < partition.size(); i++) {
                most = Math.max(most, partition.deliveryCount(i));
            }
        }
        return most;
    }

    /** All records but {@code chosen}. */
    Part without(BitSet chosen) {
        BitSet others = (BitSet) chosen.clone();
        others.flip(0, size());
        return only(others);
    }

    /** The records stamped before {@code oldest}; one without a timestamp never ages. */
    BitSet olderThan(long oldest) {
        BitSet old = new BitSet();
        int at = 0;
        for (PartitionRecords partition : records) {
            for (int i = 0; i < partition.size(); i++) {
                old.set(at++, partition.timestamp(i) >= 0 && partition.timestamp(i) < oldest);
            }
        }
        return old;
    }

    /** The place of a record, counted through all partitions; -1 when it isn't among them. */
    int indexOf(String partitionName, long offset) {
        int before = 0;
        for (PartitionRecords partition : records) {
            if (named(partition, partitionName)) {
                int low = 0;
                int high = partition.size() - 1;
                while (low <= high) {
                    int middle = low + high >>> 1;
                    if (partition.offset(middle) == offset) {
                        return before + middle;
                    } else if (partition.offset(middle) < offset) {
                        low = middle + 1;
                    } else {
                        high = middle - 1;
                    }
                }
                return -1;
            }
            before += partition.size();
        }
        return -1;
    }

    private static boolean named(PartitionRecords partition, String name) {
        return name.length() > partition.topic().length() && name.startsWith(partition.topic())
                && name.equals(partition.topic() + "-" + partition.partition());
    }

    /** For logs: how many records, and where the first is. */
    @Override
    public String toString() {
        PartitionRecords first = records.get(0);
        return size() + (size() == 1 ? " record, " : " records, beginning with ") + first.topic() + "-" + first.partition() + " offset "
                + first.offset(0);
    }
}
