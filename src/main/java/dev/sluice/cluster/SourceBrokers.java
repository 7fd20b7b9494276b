package dev.sluice.cluster;

import java.util.Objects;

/** What an event source means on this server: brokers, or nothing that could be polled. Immutable. */
public sealed interface SourceBrokers {

    record Found(Brokers brokers) implements SourceBrokers {
        public Found {
            Objects.requireNonNull(brokers, "brokers");
        }
    }

    /** @param reason a sentence for the user that names the source and the setting; without secrets */
    record Refused(String reason) implements SourceBrokers {
        public Refused {
            Objects.requireNonNull(reason, "reason");
        }
    }
}
