package dev.sluice.cluster;

import dev.sluice.mapping.Trouble;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** What an event source means on this server: brokers, or nothing that could be polled. Immutable. */
public sealed interface SourceBrokers {

    /** The answer for this one of the four; so that nobody who asks forgets one. */
    <T> T match(Function<Brokers, T> found, Function<NotYet, T> notYet, Function<Refused, T> refused, Function<Failed, T> failed);

    /** The brokers, when there are some. */
    default Optional<Brokers> found() {
        return match(Optional::of, notYet -> Optional.empty(), refused -> Optional.empty(), failed -> Optional.empty());
    }

    /** Why there are none, as a sentence for the user; empty when there are. */
    default Optional<String> obstacle() {
        return match(found -> Optional.empty(), notYet -> Optional.of(notYet.reason()), refused -> Optional.of(refused.reason()),
                failed -> Optional.of(String.valueOf(failed.cause().getMessage())));
    }

    record Found(Brokers brokers) implements SourceBrokers {
        public Found {
            Objects.requireNonNull(brokers, "brokers");
        }

        @Override
        public <T> T match(Function<Brokers, T> found, Function<NotYet, T> notYet, Function<Refused, T> refused,
                Function<Failed, T> failed) {
            return found.apply(brokers);
        }
    }

    /** Nobody can say yet, as of a secret that is still to be made; to be asked again. @param reason a sentence for the user; without secrets */
    record NotYet(Trouble trouble, String reason) implements SourceBrokers {
        public NotYet {
            Objects.requireNonNull(trouble, "trouble");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public <T> T match(Function<Brokers, T> found, Function<NotYet, T> notYet, Function<Refused, T> refused,
                Function<Failed, T> failed) {
            return notYet.apply(this);
        }
    }

    /** @param reason a sentence for the user that names the source and the setting; without secrets */
    record Refused(String reason) implements SourceBrokers {
        public Refused {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public <T> T match(Function<Brokers, T> found, Function<NotYet, T> notYet, Function<Refused, T> refused,
                Function<Failed, T> failed) {
            return refused.apply(this);
        }
    }

    /**
     * The brokers are known, and a client of theirs would fail.
     *
     * @param cause what the client would throw, as of credentials that were just refused, or
     *     {@link dev.sluice.credential.InvalidCertificateException}, {@link dev.sluice.credential.SecretsUnreachableException}
     */
    record Failed(RuntimeException cause) implements SourceBrokers {
        public Failed {
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public <T> T match(Function<Brokers, T> found, Function<NotYet, T> notYet, Function<Refused, T> refused,
                Function<Failed, T> failed) {
            return failed.apply(this);
        }
    }
}
