package dev.sluice.embedded;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Is there a Kafka broker when the user has none? A real one, of the version of our client, as one KRaft node in this JVM.
 *
 * <p>{@link #open} binds its ports, so the addresses are known and a taken port is refused at once; {@link #start()} starts the
 * broker on a thread of its own; {@link #close()} ends it. Single-use: to restart, open another one on the same directory, which
 * keeps topics, records and group offsets, also after the process was killed.
 *
 * <p>The broker never ends this process. With the first broker, Kafka's exit and halt procedures are replaced for the whole JVM by
 * ones that end the calling thread only. A broker that can't go on (disk full, log directory gone) completes {@link #failure()}
 * and is taken down, so that clients are refused rather than left waiting.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {
    /** How long {@link #close()} waits. */
    public static final Duration CLOSE_PATIENCE = Duration.ofSeconds(8);
    private static final Duration FAILED_PATIENCE = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

    private final EmbeddedKafkaConfiguration configuration;
    private final BrokerStorage storage;
    private final BrokerListeners listeners;
    private final ThreadGroup threads = new ThreadGroup("embedded-kafka");
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<BrokerFailedException> failure = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    // Guarded by this.
    private Thread starter;
    private Thread stopper;
    private boolean closing;

    // Written by the starter, read by the stopper after started is done.
    private volatile Broker broker;

    private EmbeddedKafka(EmbeddedKafkaConfiguration configuration, BrokerStorage storage, BrokerListeners listeners) {
        this.configuration = configuration;
        this.storage = storage;
        this.listeners = listeners;
    }

    /**
     * Binds the ports of a broker that is not started yet.
     *
     * @throws PortInUseException when the client port or an advertised port is taken; nothing stays bound then
     * @throws java.io.UncheckedIOException when the host is no address of this machine, or the directory can't be written or is in use
     *     by another broker
     */
    public static EmbeddedKafka open(EmbeddedKafkaConfiguration configuration) {
        BrokerStorage storage = BrokerStorage.open(configuration.directory());
        try {
            return new EmbeddedKafka(configuration, storage, BrokerListeners.open(configuration));
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    /** The address that people and other programs use: the first advertised one, else {@code localhost:PORT}. */
    public String bootstrapServers() {
        return listeners.known().toString();
    }

    /** The address that clients within this JVM use; it works whatever is advertised. */
    public String localBootstrapServers() {
        return listeners.local().toString();
    }

    /** The client port, also where 0 was asked for. */
    public int port() {
        return listeners.clientPort();
    }

    /**
     * Starts the broker in the background. The future completes when it serves clients, or with a {@link BrokerFailedException}
     * when it can't, or was closed before it did. A second call changes nothing and returns the same future.
     */
    public synchronized CompletableFuture<Void> start() {
        if (starter == null && !closing) {
            ExitGuard.watch(threads, why -> fail(why, null));
            starter = new Thread(threads, this::run, "embedded-kafka-start");
            starter.setDaemon(true);
            starter.start();
        }
        return started.copy();
    }

    /** Completes when the broker could not start or has stopped by itself; never when it was closed. */
    public CompletableFuture<BrokerFailedException> failure() {
        return failure.copy();
    }

    /** As {@link #close(Duration)} with {@link #CLOSE_PATIENCE}. */
    @Override
    public void close() {
        close(CLOSE_PATIENCE);
    }

    /**
     * Stops the broker and frees its ports and its directory. Returns after {@code patience} at the latest; what could not be stopped
     * until then is left to end by itself, with a warning. Does nothing the second time but wait for the first.
     */
    public void close(Duration patience) {
        synchronized (this) {
            closing = true;
        }
        stop(patience);
        try {
            stopped.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            listeners.close();
            LOG.warn("The embedded Kafka broker did not stop within {} ms and is left to itself", patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            listeners.close();
        } catch (ExecutionException e) {
            LOG.warn("The embedded Kafka broker did not stop in good order", e.getCause());
        }
    }

    private void run() {
        try {
            boolean wasKilled = storage.format();
            broker = new Broker(BrokerSettings.of(configuration.directory(), listeners), listeners, this::fail);
            broker.startup(wasKilled);
            started.complete(null);
        } catch (Throwable e) { // Kafka throws errors too, and so does our exit procedure.
            fail("it could not start", e);
            started.completeExceptionally(failure.getNow(new BrokerFailedException("The embedded Kafka broker was closed", e)));
        }
    }

    private void fail(String why, Throwable cause) {
        synchronized (this) {
            if (closing) {
                return;
            }
        }
        String reason = cause == null ? why + "; the errors logged before say the reason" : why + " (" + root(cause) + ")";
        BrokerFailedException failed = new BrokerFailedException("The embedded Kafka broker with its data in "
                + configuration.directory() + " failed: " + reason, cause);
        if (failure.complete(failed)) {
            LOG.error("{}. The server goes on without it", failed.getMessage(), cause);
            started.completeExceptionally(failed);
            stop(CLOSE_PATIENCE);
        }
    }

    private synchronized void stop(Duration patience) {
        if (stopper != null) {
            return;
        }
        stopper = new Thread(() -> takeDown(patience), "embedded-kafka-stop");
        stopper.setDaemon(true);
        stopper.start();
    }

    private void takeDown(Duration patience) {
        try {
            Thread starting;
            synchronized (this) {
                starting = starter;
            }
            // Kafka can't be stopped while it starts, which takes a second or two; after a fault it would wait for ever.
            if (starting != null && starting != Thread.currentThread()) {
                if (failure.isDone()) {
                    starting.interrupt();
                }
                starting.join(Math.max(1, patience.toMillis() / 2));
                if (starting.isAlive()) {
                    starting.interrupt();
                }
            }
            Broker running = broker;
            if (running != null) {
                // A broker that has failed gets no answer when it takes leave of its controller.
                running.shutdown(failure.isDone() ? FAILED_PATIENCE : patience.dividedBy(2));
            }
            free();
            stopped.complete(null);
        } catch (Throwable e) { // As in run().
            free();
            stopped.completeExceptionally(e);
        }
    }

    private void free() {
        listeners.close();
        storage.close();
        started.completeExceptionally(new BrokerFailedException("The embedded Kafka broker was closed before it had started", null));
        synchronized (this) {
            if (closing) {
                ExitGuard.forget(threads);
            }
        }
    }

    private static String root(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root
                && (root instanceof CompletionException || root instanceof ExecutionException || root.getMessage() == null)) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
