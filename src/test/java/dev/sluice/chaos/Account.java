package dev.sluice.chaos;

import dev.sluice.fixture.AtLeastOnce;
import dev.sluice.fixture.DeliveryGuarantee;
import dev.sluice.fixture.InOrderPerPartition;
import dev.sluice.fixture.NeverPastUnfinished;
import dev.sluice.fixture.OneDeliveryPerPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** What became of every record of one mapping: the guarantees, fed with what the journal has of it. Confined to one thread. */
final class Account {

    private final TrackedMapping mapping;
    private final Map<TopicPartition, Map<Long, Payload>> log;
    private final AtLeastOnce atLeastOnce = new AtLeastOnce();
    private final InOrderPerPartition inOrder = new InOrderPerPartition();
    private final OneDeliveryPerPartition oneAtOnce = new OneDeliveryPerPartition();
    private final NeverPastUnfinished neverPast = new NeverPastUnfinished();
    private final List<DeliveryGuarantee> always = List.of(inOrder, oneAtOnce, neverPast);
    private final Map<Long, List<ReceivedRecord>> running = new HashMap<>();
    private final Map<Long, Integer> deliveries = new HashMap<>();
    private final Map<Long, Integer> failures = new HashMap<>();
    private final Set<Long> deadLetters;
    private final Set<Long> taken = new HashSet<>();
    private final List<String> altered = new ArrayList<>();
    private long attempts;
    private long samples;
    private long owed;

    /**
     * @param log all records of the mapping's topics by offset, ascending
     * @param starts where the mapping begins, partitions left out at 0
     * @param deadLetters the ids of the records in the destination's topic
     */
    Account(TrackedMapping mapping, Map<TopicPartition, Map<Long, Payload>> log, Map<TopicPartition, Long> starts, Set<Long> deadLetters) {
        this.mapping = mapping;
        this.log = log;
        this.deadLetters = deadLetters;
        log.forEach((partition, records) -> records.forEach((offset, payload) -> {
            if (mapping.variant().filters() && !payload.kind().equals(Variant.WANTED)) {
                return;
            }
            if (offset >= starts.getOrDefault(partition, 0L)) {
                always.forEach(each -> each.produced(partition, offset));
            }
            if (!mapping.deleting() && mapping.owedFrom() != null && offset >= mapping.owedFrom().getOrDefault(partition, 0L)) {
                owed++;
                atLeastOnce.produced(partition, offset);
            }
        }));
    }

    void tell(Journal.Entry entry) {
        if (entry instanceof Journal.Started started) {
            attempts++;
            running.put(started.attempt(), started.records());
            always.forEach(each -> each.attemptStarted(started.attempt(), ReceivedRecord.offsets(started.records())));
            started.records().forEach(this::compare);
        } else if (entry instanceof Journal.Ended ended) {
            ended(ended);
        } else if (entry instanceof Journal.Taken some) {
            some.offsets().forEach(offset -> {
                taken.add(payload(some.partition(), offset).id());
                atLeastOnce.finished(some.partition(), offset);
                always.forEach(each -> each.finished(some.partition(), offset));
            });
        } else if (entry instanceof Journal.Committed committed) {
            samples += committed.offsets().size();
            committed.offsets().forEach((partition, offset) -> always.forEach(each -> each.committed(partition, offset)));
        } else {
            always.forEach(DeliveryGuarantee::serverEnded);
        }
    }

    private void ended(Journal.Ended ended) {
        atLeastOnce.attemptEnded(ended.attempt(), ended.delivered());
        always.forEach(each -> each.attemptEnded(ended.attempt(), ended.delivered()));
        for (ReceivedRecord each : running.remove(ended.attempt())) {
            if (ended.delivered().getOrDefault(each.partition(), List.of()).contains(each.offset())) {
                deliveries.merge(each.payload().id(), 1, Integer::sum);
            } else if (mapping.variant().mayDrop(failures.merge(each.payload().id(), 1, Integer::sum))) {
                // From now on the server may give it up; whether the destination has it is seen at the end.
                always.forEach(guarantee -> guarantee.finished(each.partition(), each.offset()));
                if (!mapping.variant().deadLetters() || deadLetters.contains(each.payload().id())) {
                    atLeastOnce.finished(each.partition(), each.offset());
                }
            }
        }
    }

    private void compare(ReceivedRecord received) {
        Payload produced = payload(received.partition(), received.offset());
        if (!received.payload().equals(produced)) {
            altered.add(received + " was produced as " + produced);
        } else if (mapping.variant().filters() && !produced.kind().equals(Variant.WANTED)) {
            altered.add(received + " should have been filtered out");
        }
    }

    private Payload payload(TopicPartition partition, long offset) {
        return log.getOrDefault(partition, Map.of()).get(offset);
    }

    TrackedMapping mapping() {
        return mapping;
    }

    /** The records it had to deliver. */
    long owed() {
        return owed;
    }

    long attempts() {
        return attempts;
    }

    /** Different records that its function got. */
    long delivered() {
        return deliveries.size();
    }

    long deliveredAgain() {
        return deliveries.values().stream().filter(count -> count > 1).count();
    }

    /** Those of foreign members. */
    long taken() {
        return taken.size();
    }

    /** How many committed offsets were looked at. */
    long samples() {
        return samples;
    }

    List<String> lost() {
        return atLeastOnce.violations();
    }

    List<String> outOfOrder() {
        return inOrder.violations();
    }

    List<String> atOnce() {
        return oneAtOnce.violations();
    }

    List<String> committedPast() {
        return neverPast.violations();
    }

    /** What its function got that wasn't produced so, or wasn't for it. */
    List<String> altered() {
        return List.copyOf(altered);
    }
}
