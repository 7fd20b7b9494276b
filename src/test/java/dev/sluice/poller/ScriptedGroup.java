package dev.sluice.poller;

import dev.sluice.fixture.DeliveryGuarantees;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Two topics and a consumer group without a broker: what is written, who has which partition, what is committed. Tells the guarantees of
 * records and commits, under the names of {@link #told}. Confined to one thread.
 */
final class ScriptedGroup {

    static final List<TopicPartition> PARTITIONS =
            List.of(new TopicPartition("t", 0), new TopicPartition("t", 1), new TopicPartition("u", 0));

    private final Random random;
    private final DeliveryGuarantees guarantees;
    private final Map<TopicPartition, TreeMap<Long, byte[]>> log = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final Map<TopicPartition, Object> owners = new HashMap<>();
    private final Map<String, Integer> lives = new HashMap<>();

    ScriptedGroup(Random random, DeliveryGuarantees guarantees) {
        this.random = random;
        this.guarantees = guarantees;
        for (TopicPartition partition : PARTITIONS) {
            log.put(partition, new TreeMap<>());
            ends.put(partition, 0L);
        }
    }

    Set<TopicPartition> partitions() {
        return log.keySet();
    }

    /** How often a topic was made anew. */
    int life(String topic) {
        return lives.getOrDefault(topic, 0);
    }

    /** What the guarantees call a partition: a topic that was made anew is another one. */
    static TopicPartition told(TopicPartition partition, int life) {
        return new TopicPartition(partition.topic() + "#" + life, partition.partition());
    }

    private TopicPartition told(TopicPartition partition) {
        return told(partition, life(partition.topic()));
    }

    /** A topic that nobody has is deleted, with its records and the group's commits, and made anew. */
    void recreate(String topic) {
        for (TopicPartition partition : partitions()) {
            if (partition.topic().equals(topic)) {
                log.get(partition).keySet().forEach(offset -> guarantees.finished(told(partition), offset));
                log.get(partition).clear();
                ends.put(partition, 0L);
                committed.remove(partition);
            }
        }
        lives.merge(topic, 1, Integer::sum);
    }

    /**
     * Writes a record, sometimes after a gap as compaction and transactions leave it.
     *
     * @param delivered false when nobody is to get it
     */
    void produce(TopicPartition partition, byte[] value, boolean delivered) {
        long offset = ends.get(partition) + (random.nextInt(5) == 0 ? 1 + random.nextInt(3) : 0);
        log.get(partition).put(offset, value);
        ends.put(partition, offset + 1);
        guarantees.produced(told(partition), offset);
        if (!delivered) {
            guarantees.finished(told(partition), offset);
        }
    }

    /** Gives partitions to whom {@code members} says: those that lose some hear of it before those that win. */
    void assign(Map<Member, Set<TopicPartition>> members, Runnable eachRound) {
        members.forEach((member, wanted) -> {
            Set<TopicPartition> kept = new HashSet<>(member.assignment());
            kept.retainAll(wanted);
            member.schedulePollTask(() -> member.rebalance(kept));
        });
        eachRound.run();
        owners.clear();
        members.forEach((member, wanted) -> {
            wanted.forEach(partition -> owners.put(partition, member));
            member.schedulePollTask(() -> member.rebalance(wanted));
        });
        eachRound.run();
    }

    /** A foreign member has what nobody here has, reads some of it and commits. */
    void foreignMemberReads() {
        for (TopicPartition partition : partitions()) {
            if (owners.get(partition) == null && random.nextBoolean()) {
                long from = committed.getOrDefault(partition, 0L);
                long to = from + random.nextInt(4);
                Long last = null;
                for (long offset : log.get(partition).subMap(from, to).keySet()) {
                    guarantees.finished(told(partition), offset);
                    last = offset;
                }
                if (last != null) {
                    committed.put(partition, last + 1);
                    guarantees.committed(told(partition), last + 1);
                }
            }
        }
    }

    /** Whether everything is committed. */
    boolean done() {
        return ends.entrySet().stream().allMatch(end -> committed.getOrDefault(end.getKey(), 0L).equals(end.getValue()));
    }

    @Override
    public String toString() {
        return "ends " + ends + ", committed " + committed;
    }

    /** One consumer of the group. */
    final class Member extends MockConsumer<byte[], byte[]> {

        private final List<Runnable> commitsUnderWay = new ArrayList<>();

        Member() {
            super("none");
            partitions().forEach(partition -> updateBeginningOffsets(Map.of(partition, 0L)));
        }

        /** Loses what it has, as a member whose session ran out. */
        void expire(PollSession session) {
            schedulePollTask(() -> {
                Set<TopicPartition> had = new HashSet<>(assignment());
                owners.values().removeIf(owner -> owner == this);
                session.onPartitionsLost(had);
                rebalance(List.of());
            });
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            super.poll(Duration.ZERO); // runs the scheduled tasks, and throws a pending wake-up
            List<Runnable> ended = List.copyOf(commitsUnderWay);
            commitsUnderWay.clear();
            ended.forEach(Runnable::run);
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
            Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
            for (TopicPartition partition : assignment()) {
                if (paused().contains(partition)) {
                    continue;
                }
                long position = position(partition);
                long after = position;
                int most = random.nextInt(12);
                List<ConsumerRecord<byte[], byte[]>> some = new ArrayList<>();
                for (var entry : log.get(partition).tailMap(position).entrySet()) {
                    if (some.size() == most) {
                        break;
                    }
                    some.add(new ConsumerRecord<>(partition.topic(), partition.partition(), entry.getKey(), null, entry.getValue()));
                    after = entry.getKey() + 1;
                }
                if (after != position) {
                    records.put(partition, some);
                    next.put(partition, new OffsetAndMetadata(after));
                    seek(partition, after);
                }
            }
            return new ConsumerRecords<>(records, next);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> of, Duration timeout) {
            Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
            of.forEach(partition -> found.put(partition,
                    committed.containsKey(partition) ? new OffsetAndMetadata(committed.get(partition)) : null));
            return found;
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            if (random.nextInt(8) == 0) {
                throw new TimeoutException("the coordinator did not answer");
            }
            take(offsets);
        }

        @Override
        public synchronized void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            boolean fails = random.nextInt(8) == 0;
            boolean answerIsLost = random.nextInt(8) == 0;
            if (!fails) {
                try {
                    take(offsets);
                } catch (CommitFailedException notAMember) {
                    fails = true;
                }
            }
            Exception failure = fails || answerIsLost ? new TimeoutException("no answer in time") : null;
            commitsUnderWay.add(() -> callback.onComplete(offsets, failure));
        }

        private void take(Map<TopicPartition, OffsetAndMetadata> offsets) {
            if (offsets.keySet().stream().anyMatch(partition -> owners.get(partition) != this)) {
                throw new CommitFailedException("not of this generation");
            }
            offsets.forEach((partition, offset) -> {
                committed.put(partition, offset.offset());
                guarantees.committed(told(partition), offset.offset());
            });
        }

        @Override
        public synchronized void rebalance(Collection<TopicPartition> newAssignment) {
            if (!closed()) {
                super.rebalance(newAssignment);
            }
        }
    }
}
