package dev.sluice.filter;

import dev.sluice.dispatch.PartitionRecords;

/** Whether a record's topic, partition, offset, timestamp or timestamp type is what a filter pattern asks for. Thread-safe. */
final class MetadataRule {

    /** What was said of a topic: records come partition by partition, and each of a topic would be compared anew. */
    private record OfTopic(String topic, boolean holds) {
    }

    private final RecordMember member;
    private final ScalarRule rule;
    private volatile OfTopic last; // immutable, and any thread's answer is every thread's

    MetadataRule(RecordMember member, ScalarRule rule) {
        this.member = member;
        this.rule = rule;
    }

    boolean holds(PartitionRecords records, int index) {
        if (member != RecordMember.TOPIC) {
            return compare(records, index);
        }
        OfTopic known = last;
        if (known == null || !known.topic().equals(records.topic())) {
            known = new OfTopic(records.topic(), compare(records, index));
            last = known;
        }
        return known.holds();
    }

    private boolean compare(PartitionRecords records, int index) {
        return rule.match(FoundValues.ofScalar(member.scalar(records, index))) != Match.NO;
    }
}
