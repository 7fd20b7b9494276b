package dev.sluice.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Which records of one partition are meant, by their offsets, so that they can be found again. Filters, transactions and compaction
 * leave gaps, so these are runs. Immutable.
 *
 * @param runs at least one, ascending, none touching the next
 */
public record PartitionOffsets(String topic, int partition, List<Run> runs) {

    /** Offsets without a gap, both ends included. */
    public record Run(long first, long last) {
        public Run {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException("a run of offsets from " + first + " to " + last);
            }
        }
    }

    public PartitionOffsets {
        Objects.requireNonNull(topic, "topic");
        runs = List.copyOf(runs);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("runs is empty");
        }
        for (int i = 1; i < runs.size(); i++) {
            if (runs.get(i).first() <= runs.get(i - 1).last()) {
                throw new IllegalArgumentException("runs are not ascending: " + runs);
            }
        }
    }

    /** The offsets of {@code records}; takes no look at each of them where none is missing in between. */
    public static PartitionOffsets of(PartitionRecords records) {
        int size = records.size();
        long first = records.offset(0);
        long last = records.offset(size - 1);
        if (last - first == size - 1) {
            return new PartitionOffsets(records.topic(), records.partition(), List.of(new Run(first, last)));
        }
        List<Run> runs = new ArrayList<>();
        long begin = first;
        long end = first;
        for (int i = 1; i < size; i++) {
            long offset = records.offset(i);
            if (offset != end + 1) {
                runs.add(new Run(begin, end));
                begin = offset;
            }
            end = offset;
        }
        runs.add(new Run(begin, end));
        return new PartitionOffsets(records.topic(), records.partition(), runs);
    }

    /** The offsets of each of them that has records. */
    public static List<PartitionOffsets> of(List<? extends PartitionRecords> records) {
        List<PartitionOffsets> offsets = new ArrayList<>(records.size());
        for (PartitionRecords partition : records) {
            if (partition.size() > 0) {
                offsets.add(of(partition));
            }
        }
        return offsets;
    }

    /** Reads what {@link #runsText} wrote. */
    public static PartitionOffsets parse(String topic, int partition, String runsText) {
        List<Run> runs = new ArrayList<>();
        for (String run : runsText.split(",")) {
            int dash = run.indexOf('-');
            runs.add(dash < 0 ? new Run(Long.parseLong(run), Long.parseLong(run))
                    : new Run(Long.parseLong(run.substring(0, dash)), Long.parseLong(run.substring(dash + 1))));
        }
        return new PartitionOffsets(topic, partition, runs);
    }

    /** {@code 5-9,11} for the offsets 5 to 9 and 11. */
    public String runsText() {
        return runs.stream().map(run -> run.first() == run.last() ? String.valueOf(run.first()) : run.first() + "-" + run.last())
                .collect(Collectors.joining(","));
    }

    public long first() {
        return runs.get(0).first();
    }

    public long last() {
        return runs.get(runs.size() - 1).last();
    }

    /** How many records these are. */
    public int count() {
        long count = 0;
        for (Run run : runs) {
            count += run.last() - run.first() + 1;
        }
        return Math.toIntExact(count);
    }

    /** How many of them are from {@code from} to {@code to}, both included. */
    public int countWithin(long from, long to) {
        // The first run that doesn't end before.
        int low = 0;
        int high = runs.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (runs.get(middle).last() < from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        long count = 0;
        for (int i = low; i < runs.size() && runs.get(i).first() <= to; i++) {
            count += Math.min(to, runs.get(i).last()) - Math.max(from, runs.get(i).first()) + 1;
        }
        return Math.toIntExact(count);
    }
}
