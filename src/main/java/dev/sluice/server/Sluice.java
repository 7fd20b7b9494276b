package dev.sluice.server;

import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;

/** The server as one object: what it answers on, and how to end it. Placeholder until the parts are wired. */
public final class Sluice implements AutoCloseable {

    private Sluice() {
    }

    /** Starts a server; {@code readyLines} takes a line when the API accepts requests and one when the brokers answer. */
    public static Sluice start(ServerConfig config, PrintStream readyLines) {
        throw new StartFailedException("not wired yet", null);
    }

    public URI endpoint() {
        throw new UnsupportedOperationException();
    }

    public String bootstrapServers() {
        throw new UnsupportedOperationException();
    }

    public void awaitClosed() throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    public void close(Duration within) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(8));
    }
}
