package dev.sluice.poller;

import dev.sluice.batching.RecordSlice;
import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.MappingBrokers;
import dev.sluice.cluster.SourceBrokers;
import dev.sluice.dispatch.EventWriter;
import dev.sluice.dispatch.PartitionOffsets;
import dev.sluice.dispatch.PastEvents;
import dev.sluice.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads records that were delivered before once more, by their offsets: with a consumer of its own for each question, without a group, so
 * that no mapping notices. Thread-safe; every question takes a bounded time.
 */
public final class RecordsByOffset implements PastEvents {

    private static final Duration POLL = Duration.ofMillis(200);

    private final MappingBrokers access;
    private final Duration patience;

    /** @param patience how long reading may take */
    public RecordsByOffset(MappingBrokers access, Duration patience) {
        this.access = access;
        this.patience = patience;
    }

    @Override
    public Found find(EventSourceMapping mapping, List<PartitionOffsets> records) {
        try {
            SourceBrokers source = access.of(mapping);
            return source.found().map(brokers -> find(mapping, brokers, records))
                    .orElseGet(() -> new Unreadable(source.obstacle().orElseThrow()));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return new Unreadable("the server is closing");
        }
    }

    private Found find(EventSourceMapping mapping, Brokers brokers, List<PartitionOffsets> records) {
        long deadline = System.nanoTime() + patience.toNanos();
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(config(mapping, brokers), new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<RecordSlice> slices = new ArrayList<>();
            for (PartitionOffsets wanted : records) {
                Search search = new Search(wanted);
                search.run(consumer, deadline);
                if (search.missing > 0) {
                    return new Gone(search.missing + " of the " + wanted.count() + " records of " + wanted.topic() + "-"
                            + wanted.partition() + " (offsets " + wanted.first() + " to " + wanted.last()
                            + ") are gone: retention or compaction has removed them since");
                }
                slices.add(RecordSlice.of(search.partition, search.found));
            }
            return new Event(event(new EventWriter(mapping.source().eventSource(), brokers.advertised()), slices));
        } catch (OutOfTimeException late) {
            return new Unreadable("Reading the records again from " + brokers.bootstrapServers() + " took over " + patience.toSeconds()
                    + " s; are the brokers up?");
        } catch (UnknownTopicOrPartitionException | InvalidTopicException deleted) {
            return new Gone("The records are gone: " + deleted.getMessage());
        } catch (KafkaException refused) {
            access.failed(brokers, refused);
            return new Unreadable("The records could not be read again from " + brokers.bootstrapServers() + ": "
                    + SourceProblem.of(refused).detail());
        }
    }

    private static byte[] event(EventWriter writer, List<RecordSlice> slices) {
        byte[] buffer = new byte[writer.length(slices)];
        int length = writer.write(slices, buffer);
        return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
    }

    /** As the mapping's own consumer reads, but for the group. */
    private Map<String, Object> config(EventSourceMapping mapping, Brokers brokers) {
        Map<String, Object> config = new HashMap<>(Consumers.config(mapping, brokers, "replay"));
        config.keySet().removeAll(Set.of(ConsumerConfig.GROUP_ID_CONFIG, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG));
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "sluice-replay-" + mapping.id());
        int millis = (int) Math.min(Integer.MAX_VALUE, patience.toMillis());
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        return config;
    }

    /** The brokers brought nothing for too long. */
    private static final class OutOfTimeException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What is found of one partition. */
    private static final class Search {

        /** A gap that is read over rather than jumped: a jump throws away what the consumer has fetched. */
        private static final long SMALL_GAP = 10_000;

        private final PartitionOffsets wanted;
        private final TopicPartition partition;
        private final List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        private int missing;

        Search(PartitionOffsets wanted) {
            this.wanted = wanted;
            this.partition = new TopicPartition(wanted.topic(), wanted.partition());
        }

        void run(Consumer<byte[], byte[]> consumer, long deadline) {
            if (consumer.partitionsFor(partition.topic(), left(deadline)).stream()
                    .noneMatch(known -> known.partition() == partition.partition())) {
                throw new UnknownTopicOrPartitionException("there is no partition " + partition + " any more");
            }
            long beginning = consumer.beginningOffsets(List.of(partition), left(deadline)).get(partition);
            long end = consumer.endOffsets(List.of(partition), left(deadline)).get(partition);
            // Removed by retention; or never written since the topic was made again.
            missing = wanted.countWithin(0, beginning - 1) + wanted.countWithin(end, Long.MAX_VALUE);
            if (missing == 0) {
                consumer.assign(List.of(partition));
                read(consumer, deadline);
                // The consumer went by without seeing them: compacted, or of no committed transaction.
                missing = wanted.count() - found.size();
            }
        }

        private void read(Consumer<byte[], byte[]> consumer, long deadline) {
            Iterator<PartitionOffsets.Run> runs = wanted.runs().iterator();
            PartitionOffsets.Run run = runs.next();
            long position = run.first();
            consumer.seek(partition, position);
            try {
                while (true) {
                    while (position > run.last()) {
                        if (!runs.hasNext()) {
                            return;
                        }
                        run = runs.next();
                    }
                    if (run.first() - position > SMALL_GAP) {
                        consumer.seek(partition, run.first());
                    }
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(min(POLL, left(deadline)))) {
                        if (wanted.countWithin(record.offset(), record.offset()) == 1) {
                            found.add(record);
                        }
                    }
                    position = consumer.position(partition, left(deadline));
                }
            } catch (OffsetOutOfRangeException removedMeanwhile) {
                // What is missing in found is counted as gone, like what was removed before.
            }
        }

        private static Duration min(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? one : other;
        }

        private static Duration left(long deadline) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new OutOfTimeException();
            }
            return Duration.ofNanos(left);
        }
    }
}
