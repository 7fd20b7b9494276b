package dev.sluice.api.http;

/** The port that was asked for is in use; the message names address and port. */
public final class PortTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String host;
    private final int port;

    PortTakenException(String host, int port, Throwable cause) {
        super("port " + port + " on " + host + " is in use by another program", cause);
        this.host = host;
        this.port = port;
    }

    /** The host as the caller gave it. */
    public String host() {
        return host;
    }

    public int port() {
        return port;
    }
}
