package dev.sluice.embedded;

/** Why did the embedded broker fail to start, or stop by itself? The message is one sentence for a log or an API answer. */
public final class BrokerFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokerFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
