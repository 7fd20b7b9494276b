package dev.sluice.testing;

/**
 * What did the filters of a mapping keep from its function, and why the last of it? Immutable.
 *
 * @param mapping its UUID
 * @param records how many
 * @param lastReason why the last one of them didn't pass
 * @param lastOffset of that one, in {@code lastTopic} and {@code lastPartition}
 */
public record Filtered(String mapping, long records, String lastReason, String lastTopic, int lastPartition, long lastOffset) {
}
