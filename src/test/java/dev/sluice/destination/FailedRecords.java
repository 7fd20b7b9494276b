package dev.sluice.destination;

import dev.sluice.dispatch.EventWriter;
import dev.sluice.dispatch.FailedBatch;
import dev.sluice.dispatch.FailureCondition;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestRecords;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FailureHandling;
import java.time.Instant;
import java.util.List;

/** The batches that records which failed make. */
final class FailedRecords {

    static final Instant TIME = Instant.parse("2019-11-14T00:38:06.021Z");
    static final FailedBatch.LastResponse UNHANDLED = new FailedBatch.LastResponse(200, "$LATEST", "Unhandled");

    private FailedRecords() {
    }

    /** Of a mapping that sends to {@code destination}. */
    static FailedBatch batch(Mappings mapping, String destination, String bootstrapServers, TestRecords... records) {
        return batch(mapping.failureHandling(new FailureHandling(null, null, null, false, destination)).build(), bootstrapServers,
                FailureCondition.RETRY_ATTEMPTS_EXHAUSTED, UNHANDLED, records);
    }

    static FailedBatch batch(EventSourceMapping mapping, String bootstrapServers, FailureCondition condition,
            FailedBatch.LastResponse answer, TestRecords... records) {
        EventWriter writer = new EventWriter(mapping.source().eventSource(), bootstrapServers);
        List<PartitionRecords> all = List.of(records);
        return new FailedBatch(mapping, condition, answer == null ? null : "316aa6d0-8154-4c5f-9af7-85d5f4a6bc81",
                answer == null ? 0 : 3, answer, all, writer, writer.length(all), TIME);
    }
}
