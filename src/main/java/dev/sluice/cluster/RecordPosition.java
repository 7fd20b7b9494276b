package dev.sluice.cluster;

/** Where was a record stored? {@code timestamp} is milliseconds since 1970, as the broker has it. Immutable. */
public record RecordPosition(int partition, long offset, long timestamp) {
}
