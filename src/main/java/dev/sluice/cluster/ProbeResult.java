package dev.sluice.cluster;

import java.util.Objects;

/**
 * Can a cluster be used, and if not, why? The message is one sentence for a log or an API answer, without secrets. Immutable.
 */
public record ProbeResult(Kind kind, String message) {

    public enum Kind {
        /** Every broker answers and the topics exist. */
        REACHABLE,
        /** No bootstrap address can be resolved and accepts connections. */
        BOOTSTRAP_UNREACHABLE,
        /** A bootstrap address accepts connections, but doesn't speak Kafka, or not in time. */
        NOT_KAFKA,
        /** A bootstrap address speaks TLS where plaintext is configured, or the other way round, or no Kafka at all. */
        WRONG_LISTENER,
        /** The brokers answer, but refuse the credentials, the TLS handshake or the right to see a topic; or the settings are no good. */
        REFUSED,
        /** A bootstrap address answers, but a broker is advertised under an address that can't be reached from here. */
        ADVERTISED_UNREACHABLE,
        /** The brokers can be reached, a topic doesn't exist. */
        TOPIC_MISSING
    }

    public ProbeResult {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
    }

    public boolean reachable() {
        return kind == Kind.REACHABLE;
    }
}
