package dev.sluice.embedded;

import dev.sluice.fault.FatalFaults;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.security.auth.SecurityProtocol;
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
 * ones that end the calling thread only. A broker that can't go on (disk full) is taken down, so that clients are refused rather than
 * left waiting, and started again at the same addresses as soon as its directory can be written. When that is gone, or the broker
 * never came up though it could write, it completes {@link #failure()}.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {
    /** How long {@link #close()} waits. */
    public static final Duration CLOSE_PATIENCE = Duration.ofSeconds(8);
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final EmbeddedKafkaConfiguration configuration;
    private final BrokerStorage storage;
    private final FatalFaults faults;
    private final BrokerListeners.Addresses addresses;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<BrokerFailedException> failure = new CompletableFuture<>();

    // Guarded by this, which is not held while a broker starts or stops.
    private BrokerRun run;
    private boolean begun;
    private boolean closing;

    private EmbeddedKafka(EmbeddedKafkaConfiguration configuration, BrokerStorage storage, BrokerListeners listeners, FatalFaults faults) {
        this.configuration = configuration;
        this.storage = storage;
        this.faults = faults;
        this.addresses = listeners.addresses();
        this.run = new BrokerRun(configuration, storage, listeners, faults);
    }

    /**
     * Binds the ports of a broker that is not started yet.
     *
     * @throws PortInUseException when the client port or an advertised port is taken; nothing stays bound then
     * @throws java.io.UncheckedIOException when the host is no address of this machine, or the directory can't be written or is in use
     *     by another broker
     */
    public static EmbeddedKafka open(EmbeddedKafkaConfiguration configuration) {
        return open(configuration, FatalFaults.unheard());
    }

    /** @param faults told when a thread of the broker dies of what ends more than the broker */
    public static EmbeddedKafka open(EmbeddedKafkaConfiguration configuration, FatalFaults faults) {
        BrokerStorage storage = BrokerStorage.open(configuration.directory());
        try {
            return new EmbeddedKafka(configuration, storage, BrokerListeners.open(configuration), faults);
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    /** The address that people and other programs use: the first advertised one, else {@code localhost:PORT}; of its first listener. */
    public String bootstrapServers() {
        return addresses.first().toString();
    }

    /**
     * A way in.
     *
     * @param mechanisms by which clients can log in; empty of a listener that asks for no log-in
     * @param clientProperties a file of what its clients need, there once the broker has started; null for none
     */
    public record Listener(SecurityProtocol protocol, String bootstrapServers, List<String> mechanisms, Path clientProperties) {
        public Listener {
            mechanisms = List.copyOf(mechanisms);
        }
    }

    /** All that are meant for clients, in Kafka's order of their kinds. */
    public List<Listener> listeners() {
        return listeners(addresses, configuration.security());
    }

    /** What a client of this listener needs beside its address, a user's password too; the files are there once the broker has started. */
    public Map<String, String> clientSettings(Listener listener) {
        return ClientFiles.settings(configuration.security(), listener.protocol());
    }

    static List<Listener> listeners(BrokerListeners.Addresses addresses, BrokerSecurity security) {
        Path files = security.isPlaintextOnly() ? null : security.clientFiles();
        return addresses.known().entrySet().stream().map(known -> new Listener(known.getKey(), known.getValue().toString(),
                BrokerSettings.mechanisms(known.getKey()), files == null ? null : ClientFiles.properties(files, known.getKey()))).toList();
    }

    /** The address that clients within this JVM use; it works whatever is advertised. */
    public String localBootstrapServers() {
        return addresses.local().toString();
    }

    /** The port of its first listener, also where 0 was asked for. */
    public int port() {
        return addresses.ports().values().iterator().next();
    }

    /**
     * Starts the broker in the background. The future completes when it serves clients, or with a {@link BrokerFailedException}
     * when it can't, or was closed before it did. A second call changes nothing and returns the same future.
     */
    public synchronized CompletableFuture<Void> start() {
        if (!begun && !closing) {
            begun = true;
            BrokerRun first = run;
            first.start().thenRun(() -> started.complete(null));
            first.failure().thenAccept(why -> failed(first, why));
        }
        return started.copy();
    }

    /** In which the threads of the broker are that runs now. */
    synchronized ThreadGroup threads() {
        return run.threads();
    }

    /** Completes when the broker could not start or has stopped by itself, and can't be started again; never when it was closed. */
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
        BrokerRun last;
        synchronized (this) {
            closing = true;
            last = run;
            notifyAll();
        }
        last.close(patience);
        storage.close();
        started.completeExceptionally(new BrokerFailedException("The embedded Kafka broker was closed before it had started", null));
    }

    /** On a thread of the broker, which is taken down meanwhile. */
    private void failed(BrokerRun ended, BrokerFailedException why) {
        boolean everUp = started.isDone();
        faults.thread("embedded-kafka-restart", () -> {
            if (everUp || !storage.takesWrites()) {
                LOG.error("{}. It is started again as soon as its directory can be written", why.getMessage(), why.getCause());
                bringBack(ended, why);
            } else {
                giveUp(why);
            }
        }).start();
    }

    private void giveUp(BrokerFailedException why) {
        synchronized (this) {
            if (closing) {
                return;
            }
        }
        LOG.error("{}. The server goes on without it", why.getMessage(), why.getCause());
        started.completeExceptionally(why);
        failure.complete(why);
    }

    private void bringBack(BrokerRun ended, BrokerFailedException why) {
        BrokerRun last = ended;
        Duration pause = FIRST_PAUSE;
        try {
            while (true) {
                last.stopped().handle((nothing, notInGoodOrder) -> null).get();
                if (!pass(pause)) {
                    return;
                }
                if (!storage.isIntact()) {
                    giveUp(why);
                    return;
                }
                BrokerRun next = storage.takesWrites() ? next() : null;
                if (next != null) {
                    last = next;
                    if (cameUp(next)) {
                        return;
                    }
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        } catch (InterruptedException | ExecutionException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    /** Null when its ports can't be had now, or nobody wants it any more. */
    private synchronized BrokerRun next() {
        if (closing) {
            return null;
        }
        try {
            run = new BrokerRun(configuration, storage, BrokerListeners.openAgain(configuration, addresses), faults);
            return run;
        } catch (PortInUseException | UncheckedIOException taken) {
            LOG.warn("The embedded Kafka broker can't be started again yet: {}", taken.getMessage());
            return null;
        }
    }

    private boolean cameUp(BrokerRun next) throws InterruptedException {
        try {
            next.start().get();
        } catch (ExecutionException again) {
            LOG.warn("The embedded Kafka broker could not be started again yet: {}", again.getCause().getMessage());
            return false;
        }
        LOG.info("The embedded Kafka broker serves its clients again at {}", addresses.first());
        started.complete(null);
        next.failure().thenAccept(why -> failed(next, why));
        return true;
    }

    /** Waits; false when nobody wants the broker any more. */
    private synchronized boolean pass(Duration pause) throws InterruptedException {
        long until = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); left > 0 && !closing; left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return !closing;
    }
}
