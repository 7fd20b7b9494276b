package dev.sluice.server;

/** Why is the server gone that nobody closed? It couldn't go on, and closed itself; the message is one sentence, its log says more. */
public final class ServerEndedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    ServerEndedException(String reason) {
        super(reason == null ? "The server can't go on and ends: there was no memory even to say more" : reason);
    }
}
