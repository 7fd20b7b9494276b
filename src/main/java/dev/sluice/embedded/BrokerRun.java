package dev.sluice.embedded;

import dev.sluice.fault.FatalFaults;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of the broker, from its start to its end, in good order or by a failure of its own. Closes the listeners, and leaves the
 * storage to its owner. Single-use; thread-safe.
 */
final class BrokerRun {
    private static final Duration STOP_PATIENCE = EmbeddedKafka.CLOSE_PATIENCE;
    private static final Duration FAILED_PATIENCE = Duration.ofSeconds(1);
    private static final Duration FOR_THE_LOGS = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(BrokerRun.class);

    private final EmbeddedKafkaConfiguration configuration;
    private final BrokerStorage storage;
    private final BrokerListeners listeners;
    private final FatalFaults faults;
    private final ThreadGroup threads = new ThreadGroup("embedded-kafka");
    private final BrokerThreads watched = new BrokerThreads(threads, this::report, this::threadEnded);
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<BrokerFailedException> failure = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    // Guarded by this.
    private Thread starter;
    private Thread stopper;
    private boolean closing;

    // Written by the starter, read by the stopper after started is done.
    private volatile Broker broker;

    BrokerRun(EmbeddedKafkaConfiguration configuration, BrokerStorage storage, BrokerListeners listeners, FatalFaults faults) {
        this.configuration = configuration;
        this.storage = storage;
        this.listeners = listeners;
        this.faults = faults;
    }

    ThreadGroup threads() {
        return threads;
    }

    /** Completes when the broker serves its clients, or with a {@link BrokerFailedException}. A second call changes nothing. */
    synchronized CompletableFuture<Void> start() {
        if (starter == null && !closing) {
            ExitGuard.watch(threads, why -> fail(why, null));
            starter = new Thread(threads, this::run, "embedded-kafka-start");
            starter.setDaemon(true);
            starter.start();
        }
        return started.copy();
    }

    /** Completes when the broker could not start or has stopped by itself; never when it was closed. */
    CompletableFuture<BrokerFailedException> failure() {
        return failure.copy();
    }

    /** Completes when all is taken down, which a failure does by itself. */
    CompletableFuture<Void> stopped() {
        return stopped.copy();
    }

    /** Returns after {@code patience} at the latest; what could not be stopped until then is left to end by itself, with a warning. */
    void close(Duration patience) {
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

    /** One of the broker's threads, which it can't do without. @param of null when nobody saw why */
    private void threadEnded(Thread thread, Throwable of) {
        fail("its thread " + thread.getName() + " has ended", of);
    }

    /** A page that could not be written to a mapped file is the disk's fault, and the broker's alone. */
    private void report(Throwable cause) {
        boolean mapped = cause instanceof InternalError && String.valueOf(cause.getMessage()).contains("unsafe memory access");
        if (!mapped) {
            faults.caught(cause);
        }
    }

    private void run() {
        try {
            boolean wasKilled = storage.format();
            broker = new Broker(BrokerSettings.of(configuration, listeners, certificates()), listeners, this::fail);
            broker.startup(wasKilled);
            watched.begin();
            started.complete(null);
        } catch (Throwable e) { // Kafka throws errors too, and so does our exit procedure.
            fail("it could not start", e);
            started.completeExceptionally(failure.getNow(new BrokerFailedException("The embedded Kafka broker was closed", e)));
        }
    }

    /** Made at the first start, which takes a second or two. Null when no listener needs any. */
    private BrokerCertificates certificates() {
        BrokerSecurity security = configuration.security();
        BrokerCertificates certificates = security.needsCertificates() ? BrokerCertificates.in(security.certificates(),
                listeners.addresses().known().values().stream().map(HostAndPort::host).toList()) : null;
        if (security.clientFiles() != null && !security.isPlaintextOnly()) {
            ClientFiles.write(security, EmbeddedKafka.listeners(listeners.addresses(), security), certificates);
        }
        return certificates;
    }

    private void fail(String why, Throwable cause) {
        if (cause != null) {
            report(cause);
        }
        synchronized (this) {
            if (closing) {
                return;
            }
        }
        String reason = cause == null ? why + "; the errors logged before say the reason" : why + " (" + root(cause) + ")";
        BrokerFailedException failed = new BrokerFailedException("The embedded Kafka broker with its data in "
                + configuration.directory() + " failed: " + reason, cause);
        if (failure.complete(failed)) {
            started.completeExceptionally(failed);
            stop(STOP_PATIENCE);
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
                running.shutdown(failure.isDone() ? FAILED_PATIENCE : forTakingLeave(patience));
            }
            free();
            stopped.complete(null);
        } catch (Throwable e) { // As in run().
            free();
            stopped.completeExceptionally(e);
        }
    }

    /** What Kafka may wait for its controller's answer; the rest is for closing the logs, and short. */
    private static Duration forTakingLeave(Duration patience) {
        Duration half = patience.dividedBy(2);
        return half.compareTo(FOR_THE_LOGS) < 0 ? half : patience.minus(FOR_THE_LOGS);
    }

    private void free() {
        watched.end();
        listeners.close();
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
