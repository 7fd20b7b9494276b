package dev.sluice.dispatch;

/** Some of the records of a partition, seen as if there were no others. As thread-safe as what it selects from. */
final class Selection implements PartitionRecords {

    private final PartitionRecords all;
    private final int[] indexes;

    private Selection(PartitionRecords all, int[] indexes) {
        this.all = all;
        this.indexes = indexes;
    }

    /**
     * Some of {@code from}, which may be a selection itself: then it is one of the same records, as a batch of which a little is left after
     * each of thousands of attempts would become a chain too long for the stack.
     *
     * @param indexes ascending, and kept
     */
    static Selection of(PartitionRecords from, int[] indexes) {
        if (!(from instanceof Selection some)) {
            return new Selection(from, indexes);
        }
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = some.indexes[indexes[i]];
        }
        return new Selection(some.all, indexes);
    }

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
        return indexes.length;
    }

    @Override
    public long offset(int index) {
        return all.offset(indexes[index]);
    }

    @Override
    public int deliveryCount(int index) {
        return all.deliveryCount(indexes[index]);
    }

    @Override
    public long timestamp(int index) {
        return all.timestamp(indexes[index]);
    }

    @Override
    public String timestampType(int index) {
        return all.timestampType(indexes[index]);
    }

    @Override
    public byte[] key(int index) {
        return all.key(indexes[index]);
    }

    @Override
    public byte[] value(int index) {
        return all.value(indexes[index]);
    }

    @Override
    public int headerCount(int index) {
        return all.headerCount(indexes[index]);
    }

    @Override
    public String headerKey(int index, int header) {
        return all.headerKey(indexes[index], header);
    }

    @Override
    public byte[] headerValue(int index, int header) {
        return all.headerValue(indexes[index], header);
    }
}
