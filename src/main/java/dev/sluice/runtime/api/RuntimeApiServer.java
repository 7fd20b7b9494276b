package dev.sluice.runtime.api;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Where the processes' requests come in: one HTTP server, started with the first process, and a port for each, which tells whose
 * request it is. Thread-safe; single-use. A request takes a thread only while something is done for it.
 */
final class RuntimeApiServer implements AutoCloseable {

    /** Every port has one that selects; those that aren't needed are never started. */
    private static final int MOST_THREADS = 4096;
    private static final long CLOSE_MILLIS = 500;

    private final Map<Connector, Conversation> conversations = new ConcurrentHashMap<>();
    private Server server;
    private boolean closed;

    /** Listens for one process, on a free port. */
    RuntimeApiPort open(Conversation conversation) throws IOException {
        return open(conversation, "127.0.0.1", 0);
    }

    /** @param port 0 for a free one */
    RuntimeApiPort open(Conversation conversation, String host, int port) throws IOException {
        ServerConnector connector = connector(host, port);
        OpenConnections connections = new OpenConnections();
        connector.addEventListener(connections);
        connector.addEventListener(closing(conversation));
        conversations.put(connector, conversation);
        try {
            connector.start();
        } catch (Exception e) {
            close(connector);
            throw new IOException("the Runtime API can't listen on a port: " + e, e);
        }
        return new RuntimeApiPort(connector.getLocalPort(), connections, () -> close(connector));
    }

    /** Runs it on a thread that must not be held for long. */
    synchronized void after(long millis, Runnable action) {
        if (server != null && !closed) {
            server.getScheduler().schedule(action, millis, TimeUnit.MILLISECONDS);
        }
    }

    int openPorts() {
        return conversations.size();
    }

    @Override
    public void close() {
        Server stopping;
        synchronized (this) {
            closed = true;
            stopping = server;
        }
        if (stopping != null) {
            conversations.keySet().forEach(connector -> close((ServerConnector) connector));
            stop(stopping);
        }
    }

    private synchronized ServerConnector connector(String host, int port) throws IOException {
        if (closed) {
            throw new IOException("no process can be started any more: the server is being closed");
        }
        if (server == null) {
            server = started();
        }
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        // Lambda takes a context of 3583 bytes in base64, which is sent decoded; names and ids are short.
        http.setResponseHeaderSize(16 * 1024);
        ServerConnector connector = new ServerConnector(server, 0, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        // A process may wait for its next event, and work at one, for as long as it wants.
        connector.setIdleTimeout(-1);
        // Not stopped with the server, as added when that runs already: close(connector) is.
        server.addConnector(connector);
        return connector;
    }

    private static Connection.Listener closing(Conversation conversation) {
        return new Connection.Listener() {
            @Override
            public void onClosed(Connection connection) {
                conversation.closed(connection);
            }
        };
    }

    private Server started() throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 1);
        threads.setName("runtime-api");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setStopTimeout(CLOSE_MILLIS);
        Server starting = new Server(threads);
        starting.setHandler(new RuntimeApi(conversations, this::after));
        try {
            starting.start();
        } catch (Exception e) {
            stop(starting);
            throw new IOException("the Runtime API did not start: " + e, e);
        }
        return starting;
    }

    private void close(ServerConnector connector) {
        stop(connector);
        synchronized (this) {
            if (conversations.remove(connector) != null) {
                server.removeConnector(connector);
            }
        }
    }

    private static void stop(LifeCycle part) {
        try {
            part.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the Runtime API did not stop", e);
        }
    }
}
