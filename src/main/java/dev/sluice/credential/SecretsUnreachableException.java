package dev.sluice.credential;

/** Who keeps the secrets, or gives out tokens for them, doesn't answer. The message is for the user, without secrets. */
public final class SecretsUnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SecretsUnreachableException(String message) {
        super(message);
    }
}
