package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.HandlerEndpoint.Received;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold for every delivery, whatever happened on the way. */
public final class DeliveryGuarantees {

    private DeliveryGuarantees() {
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

    /**
     * In order per partition: no record arrives for the first time after a later one of its partition did. A record may come again.
     */
    public static void assertInOrderPerPartition(List<Received> received) {
        Map<String, Long> highest = new HashMap<>();
        Map<String, Set<Long>> seen = new HashMap<>();
        for (Received record : received) {
            String partition = record.topic() + "-" + record.partition();
            boolean first = seen.computeIfAbsent(partition, name -> new HashSet<>()).add(record.offset());
            long before = highest.getOrDefault(partition, -1L);
            assertThat(!first || record.offset() > before)
                    .as("%s offset %d arrived for the first time after offset %d", partition, record.offset(), before).isTrue();
            highest.put(partition, Math.max(before, record.offset()));
        }
    }
}
