package dev.sluice.testing;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What must hold for the deliveries of one mapping? One guarantee, told what happens in the order in which it happens, and asked at any
 * time what broke it. What doesn't concern a guarantee it ignores. Not thread-safe: whoever tells it of several threads holds a lock.
 *
 * <p>A record is told as produced before anything else is told of it, and per partition in the order of its offsets. Records below the
 * mapping's starting position are not told, or are told as {@link #finished}.
 */
public interface DeliveryGuarantee {

    /** The record exists and is the mapping's to deliver. */
    default void produced(TopicPartition partition, long offset) {
    }

    /** The function was called with these records; {@code attempt} is a number that no other attempt has. */
    default void attemptStarted(long attempt, Map<TopicPartition, List<Long>> records) {
    }

    /** The call is over, {@code delivered} of its records with success: all, none, or what a partial answer leaves. */
    default void attemptEnded(long attempt, Map<TopicPartition, List<Long>> delivered) {
    }

    /** The record is done with in another way: filtered out, dropped by rule, taken by the destination or by a foreign member. */
    default void finished(TopicPartition partition, long offset) {
    }

    /** The group's offset was seen to be {@code offset}: the next one it reads. */
    default void committed(TopicPartition partition, long offset) {
    }

    /** The server is gone, killed or stopped: its calls may go on at the function, but nobody waits for them. */
    default void serverEnded() {
    }

    /** What broke the guarantee so far, each in a sentence; empty while it holds. */
    List<String> violations();
}
