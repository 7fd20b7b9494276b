package dev.sluice.cluster;

import java.util.Objects;

/** Why could a topic not be read, or the topics not be listed? The message is for who asked. */
public final class TopicNotReadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public enum Reason {
        /** No broker answered in time. */
        BROKER_UNREACHABLE,
        /** Too many read at once. */
        BUSY,
        /** There is no such topic. */
        UNKNOWN_TOPIC,
        /** The topic has no such partition. */
        UNKNOWN_PARTITION,
        /** The brokers refused it. */
        REFUSED
    }

    private final Reason reason;

    TopicNotReadException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    public Reason reason() {
        return reason;
    }
}
