package dev.sluice.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A TCP proxy on a port of its own that can treat its connections badly. Thread-safe. */
final class FaultyProxy implements AutoCloseable {

    private static final int BUFFER = 16 * 1024;
    private static final int SLOW_BUFFER = 1024;
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final int BACKLOG = 200;

    private final InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    private final int port;
    private final int target;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private boolean silent; // guarded by gate
    private volatile boolean slow;
    private volatile boolean closed;
    private ServerSocket server; // guarded by this
    private Future<?> acceptor; // guarded by this

    FaultyProxy(int port, int target) throws IOException {
        this.port = port;
        this.target = target;
        listen();
    }

    /** Takes connections again. */
    synchronized void listen() throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(loopback, port), BACKLOG);
        server = listening;
        acceptor = threads.submit(() -> accept(listening));
    }

    /** Takes no connections and closes those there are. */
    synchronized void refuse() throws IOException {
        server.close();
        try {
            // The system goes on listening for as long as a thread is in accept().
            acceptor.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IOException("the proxy could not accept connections", e.getCause());
        }
        cut(false);
    }

    /** Ends all connections: in good order, or by a reset. */
    void cut(boolean reset) {
        connections.forEach(connection -> connection.end(reset));
    }

    /** Nothing goes through, in either direction, and nothing is closed, until it may again. */
    void silence(boolean on) {
        synchronized (gate) {
            silent = on;
            gate.notifyAll();
        }
    }

    /** The connections of now are dead for good without anybody being told; new ones work. */
    void forget() {
        connections.forEach(connection -> connection.forgotten = true);
    }

    void slow(boolean on) {
        slow = on;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        server.close();
        cut(true);
        silence(false);
        threads.shutdownNow();
    }

    private void accept(ServerSocket listening) {
        while (true) {
            try {
                Socket client = listening.accept();
                threads.execute(() -> connect(client));
            } catch (IOException e) {
                if (listening.isClosed()) {
                    return;
                }
                throw new IllegalStateException("the proxy can't accept connections", e);
            }
        }
    }

    private void connect(Socket client) {
        Socket broker = new Socket();
        try {
            broker.connect(new InetSocketAddress(loopback, target), 2_000);
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
        } catch (IOException down) {
            // As a client of the broker would see it: no connection.
            new Connection(client, broker).end(true);
            return;
        }
        Connection connection = new Connection(client, broker);
        connections.add(connection);
        threads.execute(() -> connection.pump(broker, client));
        connection.pump(client, broker);
    }

    private final class Connection {
        private final Socket client;
        private final Socket broker;
        private volatile boolean forgotten;

        private Connection(Socket client, Socket broker) {
            this.client = client;
            this.broker = broker;
        }

        private void pump(Socket from, Socket to) {
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[BUFFER];
                for (int read = in.read(buffer, 0, limit()); read >= 0; read = in.read(buffer, 0, limit())) {
                    if (slow) {
                        LockSupport.parkNanos(SLOW_NANOS);
                    }
                    awaitLoud();
                    if (!forgotten) {
                        out.write(buffer, 0, read);
                    }
                }
            } catch (IOException ended) {
                // By one of the two, or by us.
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
            if (!forgotten || closed) {
                end(false);
            }
        }

        private int limit() {
            return slow ? SLOW_BUFFER : BUFFER;
        }

        private void end(boolean reset) {
            connections.remove(this);
            for (Socket socket : new Socket[] {client, broker}) {
                try {
                    if (reset && !socket.isClosed()) {
                        socket.setSoLinger(true, 0);
                    }
                    socket.close();
                } catch (IOException closedAlready) {
                    // There is nothing left to end.
                }
            }
        }
    }

    private void awaitLoud() throws InterruptedException {
        synchronized (gate) {
            while (silent) {
                gate.wait();
            }
        }
    }
}
