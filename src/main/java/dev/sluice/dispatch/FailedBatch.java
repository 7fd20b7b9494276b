package dev.sluice.dispatch;

import dev.sluice.mapping.EventSourceMapping;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which records an on-failure destination is told about, and why they are given up. Immutable, but {@link #writer} and the views in
 * {@link #records} are read by one thread at a time.
 *
 * @param mapping whose settings name the destination
 * @param requestId of the last invocation; null when there was none
 * @param approximateInvokeCount invocations these records were part of
 * @param lastResponse null when the function was never invoked with them, or never answered
 * @param records each partition once
 * @param writer makes the event that the function was, or would have been, invoked with
 * @param eventLength bytes that hold that event
 * @param time when they were given up
 */
public record FailedBatch(EventSourceMapping mapping, FailureCondition condition, @Nullable String requestId, int approximateInvokeCount,
        @Nullable LastResponse lastResponse, List<? extends PartitionRecords> records, EventWriter writer, int eventLength, Instant time) {

    public FailedBatch {
        records = List.copyOf(records);
    }

    /** {@code responseContext} of AWS's record; {@code functionError} is null when the function answered without one. */
    public record LastResponse(int statusCode, String executedVersion, @Nullable String functionError) {
    }

    /** ARN or {@code kafka://topic}. */
    public @Nullable String destination() {
        return mapping.settings().failureHandling().onFailureDestination();
    }

    public int size() {
        int size = 0;
        for (PartitionRecords partition : records) {
            size += partition.size();
        }
        return size;
    }
}
