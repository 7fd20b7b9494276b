package dev.sluice.cluster;

import java.util.Objects;

/** Why was a record not stored? The message is for the one who sent it; it has no record content and no secrets. */
public final class RecordNotSentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public enum Reason {
        /** No broker answered in time, see the message. */
        BROKER_UNREACHABLE,
        /** The topic doesn't exist and the broker doesn't create it. */
        UNKNOWN_TOPIC,
        /** The topic has fewer partitions. */
        UNKNOWN_PARTITION,
        /** The topic's name is not one Kafka allows. */
        INVALID_TOPIC,
        /** The broker, or this client, takes no record of that size. */
        RECORD_TOO_LARGE,
        /** The broker refused it for another reason, such as a missing right. */
        REFUSED
    }

    private final Reason reason;

    RecordNotSentException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    public Reason reason() {
        return reason;
    }
}
