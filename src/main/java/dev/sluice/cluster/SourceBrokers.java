package dev.sluice.cluster;

import java.util.Objects;

/** What an event source means on this server: brokers, or nothing that could be polled. Immutable. */
public sealed interface SourceBrokers {

    record Found(Brokers brokers) implements SourceBrokers {
        public Found {
            Objects.requireNonNull(brokers, "brokers");
        }
    }

    /** Nobody can say yet, as of a secret that is still to be made; to be asked again. @param reason a sentence for the user; without secrets */
    record NotYet(String reason) implements SourceBrokers {
        public NotYet {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** @param reason a sentence for the user that names the source and the setting; without secrets */
    record Refused(String reason) implements SourceBrokers {
        public Refused {
            Objects.requireNonNull(reason, "reason");
        }
    }
}
