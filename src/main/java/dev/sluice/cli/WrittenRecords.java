package dev.sluice.cli;

import dev.sluice.json.Json;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/** Which records were written, partition by partition. Thread-safe: a signal asks on another thread. */
final class WrittenRecords {

    private final Map<String, Run> runs = new TreeMap<>();
    private long total;

    /** @param answer the {@code records} of an answer: topic, partition, offset */
    synchronized void add(Json answer) {
        for (Json record : answer.list("records")) {
            String partition = record.text("topic").orElse("") + "-" + record.number("partition").orElse(-1L);
            long offset = record.number("offset").orElse(-1L);
            runs.merge(partition, new Run(1, offset, offset), Run::plus);
            total++;
        }
    }

    synchronized long total() {
        return total;
    }

    synchronized void print(PrintStream out) {
        runs.forEach((partition, run) -> out.println(run.count == 1
                ? partition + " offset " + run.first
                : partition + " offsets " + run.first + " to " + run.last + " (" + run.count + " records)"));
        if (runs.size() > 1) {
            out.println(total + " records");
        }
    }

    private record Run(long count, long first, long last) {
        Run plus(Run other) {
            return new Run(count + other.count, Math.min(first, other.first), Math.max(last, other.last));
        }
    }
}
