package dev.sluice.destination;

import dev.sluice.dispatch.PartitionRecords;

/** One of several records, as if it were the only one. Read by one thread at a time, as {@code all} is. */
record SingleRecord(PartitionRecords all, int position) implements PartitionRecords {

    @Override
    public String topic() {
        return all.topic();
    }

    @Override
    public int partition() {
        return all.partition();
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public long offset(int index) {
        return all.offset(position);
    }

    @Override
    public long timestamp(int index) {
        return all.timestamp(position);
    }

    @Override
    public String timestampType(int index) {
        return all.timestampType(position);
    }

    @Override
    public byte[] key(int index) {
        return all.key(position);
    }

    @Override
    public byte[] value(int index) {
        return all.value(position);
    }

    @Override
    public int headerCount(int index) {
        return all.headerCount(position);
    }

    @Override
    public String headerKey(int index, int header) {
        return all.headerKey(position, header);
    }

    @Override
    public byte[] headerValue(int index, int header) {
        return all.headerValue(position, header);
    }
}
