package dev.sluice.queue;

import dev.sluice.batching.RecordBuffer;
import dev.sluice.batching.RecordSlice;
import dev.sluice.dispatch.EventWriter;
import dev.sluice.filter.OtherFormat;
import dev.sluice.filter.RecordFilter;
import dev.sluice.filter.RecordFilter.Refusal;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.PollerObserver;
import dev.sluice.poller.FilterNotice;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Which of the records that a poll brought are for the function? What the filters refuse is accepted at once. Confined to a lane's thread. */
final class ReceivedShare {

    private final EventSourceMapping mapping;
    private final PollerObserver observer;
    private final RecordFilter filter;
    private final FilterNotice notice;

    ReceivedShare(EventSourceMapping mapping, PollerObserver observer, OtherFormat otherFormat, FilterNotice notice) {
        this.mapping = mapping;
        this.observer = observer;
        this.filter = RecordFilter.of(mapping.settings().filterPatterns(), otherFormat);
        this.notice = notice;
    }

    /** Those that pass, measured, by partition. */
    List<RecordBuffer> keep(ConsumerRecords<byte[], byte[]> polled, Held held, long now) {
        List<RecordBuffer> buffers = new ArrayList<>();
        int filteredOut = 0;
        int ofOtherFormat = 0;
        FilteredOut.Last last = null;
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
            RecordSlice slice = RecordSlice.of(partition, records);
            int fixedLength = EventWriter.fixedLength(slice.topic(), slice.partition());
            RecordBuffer buffer = new RecordBuffer(partition);
            for (int i = 0; i < slice.size(); i++) {
                Refusal refusal = filter.passesAll() ? null : filter.refusal(slice, i);
                if (refusal == null) {
                    buffer.add(records.get(i), EventWriter.recordLength(slice, i, fixedLength), now);
                    continue;
                }
                held.refuse(records.get(i));
                filteredOut++;
                if (refusal.otherFormat()) {
                    ofOtherFormat++;
                    notice.dropped(slice, i, refusal);
                }
                last = new FilteredOut.Last(slice.topic(), slice.partition(), slice.offset(i), refusal.reason());
            }
            if (buffer.size() > 0) {
                buffers.add(buffer);
            }
        }
        observer.polled(mapping, polled.count(), filteredOut);
        if (filteredOut > 0) {
            observer.filteredOut(mapping, new FilteredOut(filteredOut, ofOtherFormat, last));
        }
        return buffers;
    }
}
