package dev.sluice.poller;

import dev.sluice.batching.RecordSlice;
import dev.sluice.dispatch.EventWriter;
import dev.sluice.filter.RecordFilter;
import dev.sluice.filter.RecordFilter.Refusal;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.PollerObserver;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which of the records that a poll brought wait for a batch: filters and measures them, and tells what didn't pass. Confined to the thread
 * that owns the consumer.
 */
final class ReceivedRecords {

    private final EventSourceMapping mapping;
    private final PollerObserver observer;
    private final RecordFilter filter;
    private final FilterNotice notice;

    // Of this poll.
    private int filteredOut;
    private int ofOtherFormat;
    private FilteredOut.Last last;

    ReceivedRecords(EventSourceMapping mapping, PollerContext context, FilterNotice notice) {
        this.mapping = mapping;
        this.observer = context.observer();
        this.filter = RecordFilter.of(mapping.settings().filterPatterns(), context.settings().otherFormat());
        this.notice = notice;
    }

    /** Keeps what passes the filters; the rest is finished. */
    void keep(AssignedPartition partition, List<ConsumerRecord<byte[], byte[]>> records, long now) {
        RecordSlice slice = RecordSlice.of(partition.partition(), records);
        int fixedLength = EventWriter.fixedLength(slice.topic(), slice.partition());
        int lastRefused = -1;
        Refusal lastRefusal = null;
        for (int i = 0; i < slice.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            Refusal refusal = filter.passesAll() ? null : filter.refusal(slice, i);
            if (refusal == null) {
                partition.tracker().received(record.offset());
                partition.buffer().add(record, EventWriter.recordLength(slice, i, fixedLength), now);
                continue;
            }
            partition.tracker().receivedFinished(record.offset());
            filteredOut++;
            if (refusal.otherFormat()) {
                ofOtherFormat++;
                notice.dropped(slice, i, refusal);
            }
            lastRefused = i;
            lastRefusal = refusal;
        }
        if (lastRefusal != null) {
            last = new FilteredOut.Last(slice.topic(), slice.partition(), slice.offset(lastRefused), lastRefusal.reason());
        }
    }

    /** Tells the observer of this poll, which brought so many records. */
    void tell(int polled) {
        observer.polled(mapping, polled, filteredOut);
        if (filteredOut > 0) {
            observer.filteredOut(mapping, new FilteredOut(filteredOut, ofOtherFormat, last));
            filteredOut = 0;
            ofOtherFormat = 0;
            last = null;
        }
    }
}
