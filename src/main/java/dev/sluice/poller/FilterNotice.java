package dev.sluice.poller;

import dev.sluice.batching.RecordSlice;
import dev.sluice.filter.RecordFilter.Refusal;
import dev.sluice.mapping.EventSourceMapping;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once, while a mapping polls with these filters, that they drop records for their format: such records are committed, and nobody
 * would ever see why the function wasn't called. Thread-safe.
 */
public final class FilterNotice {

    private static final Logger LOG = LoggerFactory.getLogger(FilterNotice.class);

    private final EventSourceMapping mapping;
    private final AtomicBoolean said = new AtomicBoolean();

    public FilterNotice(EventSourceMapping mapping) {
        this.mapping = mapping;
    }

    public void dropped(RecordSlice records, int index, Refusal refusal) {
        if (refusal.otherFormat() && said.compareAndSet(false, true)) {
            LOG.warn("Mapping {} does not deliver {}-{} offset {} to {}: {}. As on AWS such records are committed unseen; with"
                    + " filters.otherFormat: pass they are delivered. Others that follow are only counted; more: sluice mappings {}",
                    mapping.id(), records.topic(), records.partition(), records.offset(index), mapping.settings().functionArn().name(),
                    refusal.reason(), mapping.id());
        }
    }
}
