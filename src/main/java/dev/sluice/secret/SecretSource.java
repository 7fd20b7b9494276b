package dev.sluice.secret;

import java.util.Objects;

/**
 * Is a secret kept here, and what is its text? Thread-safe; may ask another system, so nobody calls it with a lock, and it hears an
 * interrupt or ends by itself within seconds.
 */
@FunctionalInterface
public interface SecretSource {

    Looked look(String arn) throws InterruptedException;

    /** What a look brought. */
    sealed interface Looked {

        /** The secret's text. Never printed. */
        record Text(String value) implements Looked {
            public Text {
                Objects.requireNonNull(value, "value");
            }

            @Override
            public String toString() {
                return "Text[…]";
            }
        }

        /** This source knows nothing of the secret; another may. @param reason for the user, as in "secrets has no entry for it" */
        record NotHere(String reason) implements Looked {
            public NotHere {
                Objects.requireNonNull(reason, "reason");
            }
        }

        /** This source is the one, and has no text for it: a file that isn't there. @param reason for the user; without secrets */
        record Missing(String reason) implements Looked {
            public Missing {
                Objects.requireNonNull(reason, "reason");
            }
        }

        /** Who would know doesn't answer. @param reason for the user; without secrets */
        record Unavailable(String reason) implements Looked {
            public Unavailable {
                Objects.requireNonNull(reason, "reason");
            }
        }
    }
}
