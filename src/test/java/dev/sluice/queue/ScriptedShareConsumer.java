package dev.sluice.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.AcknowledgementCommitCallback;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.record.TimestampType;

/**
 * A share consumer and its group of one partition, as kafka-clients 4.4 and its broker were measured to behave in explicit mode: a poll wants
 * everything of the last one acknowledged, what is renewed comes back with the next poll and nothing new beside it, a commit is taken as a
 * whole or not at all, and a record that is released at the limit is archived. Confined to one thread.
 */
final class ScriptedShareConsumer implements ShareConsumer<byte[], byte[]> {

    static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final TopicIdPartition ID = new TopicIdPartition(Uuid.ONE_UUID, PARTITION);

    /** Where a record stands at the broker. */
    enum State { AVAILABLE, ACQUIRED, ACCEPTED, ARCHIVED }

    /** What the broker knows of one record. */
    static final class Standing {
        State state = State.AVAILABLE;
        int deliveries;
        long lockedUntil;
        ScriptedShareConsumer by;
    }

    /** The broker's side, which outlives a consumer. */
    static final class Group {
        final Map<Long, Standing> records = new TreeMap<>();
        final int deliveryLimit;
        final long lockNanos;
        final LongSupplier nanos;

        Group(int deliveryLimit, Duration lock, LongSupplier nanos) {
            this.deliveryLimit = deliveryLimit;
            this.lockNanos = lock.toNanos();
            this.nanos = nanos;
        }

        void produce(int count) {
            for (int i = 0; i < count; i++) {
                records.put((long) records.size(), new Standing());
            }
        }

        void expire() {
            records.values().stream().filter(each -> each.state == State.ACQUIRED && each.lockedUntil <= nanos.getAsLong())
                    .forEach(this::release);
        }

        void release(Standing record) {
            record.state = record.deliveries >= deliveryLimit ? State.ARCHIVED : State.AVAILABLE;
            record.by = null;
        }
    }

    private final Group group;
    private final int maxPollRecords;
    /** Of the last poll, without a terminal acknowledgement that was committed. */
    private final Map<Long, ConsumerRecord<byte[], byte[]>> open = new LinkedHashMap<>();
    private final Map<Long, AcknowledgeType> pending = new LinkedHashMap<>();
    private final Set<Long> renewing = new LinkedHashSet<>();
    int polls;

    ScriptedShareConsumer(Group group, int maxPollRecords) {
        this.group = group;
        this.maxPollRecords = maxPollRecords;
    }

    /** As {@code kill -9}: the broker sees the connection end. */
    void kill() {
        group.records.values().stream().filter(each -> each.by == this && each.state == State.ACQUIRED).forEach(group::release);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        polls++;
        if (open.keySet().stream().anyMatch(offset -> !pending.containsKey(offset) && !renewing.contains(offset))) {
            throw new IllegalStateException("All records must be acknowledged in explicit acknowledgement mode.");
        }
        if (!pending.isEmpty()) {
            commitSync();
        }
        if (!renewing.isEmpty()) {
            List<ConsumerRecord<byte[], byte[]>> again = renewing.stream().map(open::get).toList();
            renewing.clear();
            return records(again);
        }
        open.clear();
        group.expire();
        List<ConsumerRecord<byte[], byte[]>> acquired = new ArrayList<>();
        for (Map.Entry<Long, Standing> each : group.records.entrySet()) {
            Standing record = each.getValue();
            if (record.state == State.AVAILABLE && acquired.size() < maxPollRecords) {
                record.state = State.ACQUIRED;
                record.by = this;
                record.deliveries++;
                record.lockedUntil = group.nanos.getAsLong() + group.lockNanos;
                acquired.add(
                        new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), each.getKey(), 0, TimestampType.CREATE_TIME, 0, 1,
                                null, new byte[] {1}, new RecordHeaders(), Optional.empty(), Optional.of((short) record.deliveries)));
            }
        }
        acquired.forEach(record -> open.put(record.offset(), record));
        return records(acquired);
    }

    private static ConsumerRecords<byte[], byte[]> records(List<ConsumerRecord<byte[], byte[]>> of) {
        return of.isEmpty() ? ConsumerRecords.empty() : new ConsumerRecords<>(Map.of(PARTITION, of), Map.of());
    }

    @Override
    public void acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
        if (!open.containsKey(record.offset()) || renewing.contains(record.offset())) {
            throw new IllegalStateException("The record cannot be acknowledged.");
        }
        pending.put(record.offset(), type);
    }

    @Override
    public Map<TopicIdPartition, Optional<KafkaException>> commitSync() {
        if (pending.isEmpty()) {
            return Map.of();
        }
        group.expire();
        boolean valid = pending.keySet().stream().allMatch(offset -> group.records.get(offset).by == this);
        Map<Long, AcknowledgeType> sent = new HashMap<>(pending);
        pending.clear();
        sent.forEach((offset, type) -> {
            Standing record = group.records.get(offset);
            if (valid) {
                switch (type) {
                    case ACCEPT -> record.state = State.ACCEPTED;
                    case REJECT -> record.state = State.ARCHIVED;
                    case RELEASE -> group.release(record);
                    case RENEW -> record.lockedUntil = group.nanos.getAsLong() + group.lockNanos;
                }
            }
            if (valid && type == AcknowledgeType.RENEW) {
                renewing.add(offset);
            } else {
                open.remove(offset); // also where it was refused: the client has forgotten it
            }
        });
        return Map.of(ID, valid ? Optional.empty() : Optional.of(new InvalidRecordStateException("The record state is invalid.")));
    }

    @Override
    public Map<TopicIdPartition, Optional<KafkaException>> commitSync(Duration timeout) {
        return commitSync();
    }

    @Override
    public void commitAsync() {
        commitSync();
    }

    @Override
    public Set<String> subscription() {
        return Set.of(PARTITION.topic());
    }

    @Override
    public void subscribe(Collection<String> topics) {
        // There is one topic.
    }

    @Override
    public void unsubscribe() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void acknowledge(ConsumerRecord<byte[], byte[]> record) {
        acknowledge(record, AcknowledgeType.ACCEPT);
    }

    @Override
    public void acknowledge(String topic, int partition, long offset, AcknowledgeType type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setAcknowledgementCommitCallback(AcknowledgementCommitCallback callback) {
        // What was refused shows in the group.
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        return Uuid.ZERO_UUID;
    }

    @Override
    public Optional<Integer> acquisitionLockTimeoutMs() {
        return Optional.of((int) (group.lockNanos / 1_000_000));
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.of();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }

    @Override
    public void close(Duration timeout) {
        commitSync();
        kill();
    }

    @Override
    public void wakeup() {
        // Nothing here waits.
    }
}
