package dev.sluice.credential;

import java.util.Objects;
import java.util.function.Function;

/** What became of reading credentials. Immutable. */
public sealed interface CredentialAnswer {

    /** The answer for this one of the three; so that nobody who asks forgets one. */
    <T> T match(Function<Read, T> read, Function<Missing, T> missing, Function<Failed, T> failed);

    record Read(Credentials credentials) implements CredentialAnswer {
        public Read {
            Objects.requireNonNull(credentials, "credentials");
        }

        @Override
        public <T> T match(Function<Read, T> read, Function<Missing, T> missing, Function<Failed, T> failed) {
            return read.apply(this);
        }
    }

    /** A secret isn't there, or isn't of the form that its type has. @param reason a sentence for the user; without secrets */
    record Missing(String reason) implements CredentialAnswer {
        public Missing {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public <T> T match(Function<Read, T> read, Function<Missing, T> missing, Function<Failed, T> failed) {
            return missing.apply(this);
        }
    }

    /**
     * Who was asked doesn't answer or refuses.
     *
     * @param cause {@link InvalidCertificateException}, {@link SecretsUnreachableException}, or what Kafka's clients throw of log-ins
     */
    record Failed(RuntimeException cause) implements CredentialAnswer {
        public Failed {
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public <T> T match(Function<Read, T> read, Function<Missing, T> missing, Function<Failed, T> failed) {
            return failed.apply(this);
        }
    }
}
