package dev.sluice.filter;

import dev.sluice.dispatch.PartitionRecords;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which members of a record, as events have it, a filter pattern may ask for beside its value; those that are one scalar each. */
enum RecordMember {
    TOPIC("topic") {
        @Override
        String scalar(PartitionRecords records, int index) {
            return FoundValues.quoted(records.topic());
        }
    },
    PARTITION("partition") {
        @Override
        String scalar(PartitionRecords records, int index) {
            return Integer.toString(records.partition());
        }
    },
    OFFSET("offset") {
        @Override
        String scalar(PartitionRecords records, int index) {
            return Long.toString(records.offset(index));
        }
    },
    TIMESTAMP("timestamp") {
        @Override
        String scalar(PartitionRecords records, int index) {
            return Long.toString(records.timestamp(index));
        }
    },
    TIMESTAMP_TYPE("timestampType") {
        @Override
        String scalar(PartitionRecords records, int index) {
            return FoundValues.quoted(records.timestampType(index));
        }
    };

    private final String member;

    RecordMember(String member) {
        this.member = member;
    }

    /** What a record has there, in the form of {@link FoundValues#scalars}. */
    abstract String scalar(PartitionRecords records, int index);

    static Optional<RecordMember> named(String name) {
        return Arrays.stream(values()).filter(member -> member.member.equals(name)).findFirst();
    }

    /** All of them, for people. */
    static String allowed() {
        return Arrays.stream(values()).map(member -> '"' + member.member + '"').collect(Collectors.joining(", "));
    }
}
