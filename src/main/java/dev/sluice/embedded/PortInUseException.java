package dev.sluice.embedded;

/** Which port of the embedded broker is taken by another program? Thrown before anything has been started. */
public final class PortInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int port;

    PortInUseException(String host, int port, Throwable cause) {
        super("Port " + port + " on " + host + " is in use", cause);
        this.port = port;
    }

    public int port() {
        return port;
    }
}
