package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.HandlerEndpoint.Received;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What must hold for the deliveries of one mapping, whatever happened on the way: all guarantees together, told once. For tests that
 * only have what arrived at the end there are assertions on that. Not thread-safe.
 */
public final class DeliveryGuarantees implements DeliveryGuarantee {

    private final AtLeastOnce atLeastOnce = new AtLeastOnce();
    private final List<DeliveryGuarantee> always =
            List.of(new InOrderPerPartition(), new OneDeliveryPerPartition(), new NeverPastUnfinished());
    private final Map<Long, Map<TopicPartition, List<Long>>> running = new HashMap<>();

    @Override
    public void produced(TopicPartition partition, long offset) {
        atLeastOnce.produced(partition, offset);
        always.forEach(each -> each.produced(partition, offset));
    }

    @Override
    public void attemptStarted(long attempt, Map<TopicPartition, List<Long>> records) {
        running.put(attempt, records);
        atLeastOnce.attemptStarted(attempt, records);
        always.forEach(each -> each.attemptStarted(attempt, records));
    }

    /** The attempt is over with all of its records delivered, or none. */
    public void attemptEnded(long attempt, boolean success) {
        attemptEnded(attempt, success ? running.get(attempt) : Map.of());
    }

    @Override
    public void attemptEnded(long attempt, Map<TopicPartition, List<Long>> delivered) {
        running.remove(attempt);
        atLeastOnce.attemptEnded(attempt, delivered);
        always.forEach(each -> each.attemptEnded(attempt, delivered));
    }

    @Override
    public void finished(TopicPartition partition, long offset) {
        atLeastOnce.finished(partition, offset);
        always.forEach(each -> each.finished(partition, offset));
    }

    @Override
    public void committed(TopicPartition partition, long offset) {
        atLeastOnce.committed(partition, offset);
        always.forEach(each -> each.committed(partition, offset));
    }

    @Override
    public void serverEnded() {
        atLeastOnce.serverEnded();
        always.forEach(DeliveryGuarantee::serverEnded);
    }

    /** What broke the guarantees that hold at any moment; what is merely still to be delivered doesn't count. */
    @Override
    public List<String> violations() {
        List<String> all = new ArrayList<>();
        always.forEach(each -> all.addAll(each.violations()));
        return all;
    }

    /** The records that were neither delivered nor finished in another way. */
    public List<String> undelivered() {
        return atLeastOnce.violations();
    }

    /** At any moment. */
    public void assertKept() {
        assertThat(violations()).isEmpty();
    }

    /** At the end, when everything should have been delivered. */
    public void assertKeptAndAllDelivered() {
        assertKept();
        assertThat(undelivered()).isEmpty();
    }

    /** Nothing is lost: every value of {@code produced} arrived at least once. */
    public static void assertAtLeastOnce(List<Received> received, Iterable<String> produced) {
        Set<String> values = new HashSet<>();
        received.forEach(record -> values.add(record.value()));
        assertThat(values).containsAll(produced);
    }

    /** Nothing was delivered twice either: for runs without a failure or a crash. */
    public static void assertExactlyOnce(List<Received> received, Iterable<String> produced) {
        assertThat(received).extracting(Received::value).containsExactlyInAnyOrderElementsOf(produced);
    }

    /** In order per partition: no record arrives for the first time after a later one of its partition did. A record may come again. */
    public static void assertInOrderPerPartition(List<Received> received) {
        InOrderPerPartition inOrder = new InOrderPerPartition();
        received.forEach(record -> inOrder.produced(partition(record), record.offset()));
        for (int i = 0; i < received.size(); i++) {
            inOrder.attemptStarted(i, Map.of(partition(received.get(i)), List.of(received.get(i).offset())));
        }
        assertThat(inOrder.violations()).isEmpty();
    }

    private static TopicPartition partition(Received record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
