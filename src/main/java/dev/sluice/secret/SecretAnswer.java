package dev.sluice.secret;

import java.util.Objects;
import java.util.function.Function;

/** What became of asking for a secret. Immutable. */
public sealed interface SecretAnswer {

    /** The answer for this one of the three; so that nobody who asks forgets one. */
    <T> T match(Function<Secret, T> found, Function<Missing, T> missing, Function<Unavailable, T> unavailable);

    record Found(Secret secret) implements SecretAnswer {
        public Found {
            Objects.requireNonNull(secret, "secret");
        }

        @Override
        public <T> T match(Function<Secret, T> found, Function<Missing, T> missing, Function<Unavailable, T> unavailable) {
            return found.apply(secret);
        }
    }

    /** There is none. @param reason a sentence for the user that names the ARN and where it was looked for */
    record Missing(String reason) implements SecretAnswer {
        public Missing {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public <T> T match(Function<Secret, T> found, Function<Missing, T> missing, Function<Unavailable, T> unavailable) {
            return missing.apply(this);
        }
    }

    /** Who knows doesn't answer. @param reason a sentence for the user that names the ARN */
    record Unavailable(String reason) implements SecretAnswer {
        public Unavailable {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public <T> T match(Function<Secret, T> found, Function<Missing, T> missing, Function<Unavailable, T> unavailable) {
            return unavailable.apply(this);
        }
    }
}
