package dev.sluice.server;

import dev.sluice.api.control.DefaultCluster;
import dev.sluice.cluster.ProbeResult;
import dev.sluice.fault.FatalFaults;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the default cluster's brokers answer: asks often until they do for the first time, and says so then; seldom afterwards. The
 * brokers can't tell by themselves, so asking is the only way. Single-use; thread-safe.
 */
final class KafkaWatch implements DefaultCluster, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaWatch.class);

    private static final Duration ANSWER = Duration.ofSeconds(2);
    /** The first question loads Kafka's classes, and TLS's, perhaps on a busy machine. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(10);
    private static final Duration OFTEN = Duration.ofMillis(100);
    private static final Duration SELDOM = Duration.ofSeconds(5);
    /** Twice as long as a look may take after the one before it, and more: what was seen then says nothing of now. */
    private static final Duration LONG_AGO = Duration.ofSeconds(20);

    private final String bootstrapServers;
    private final Question question;
    private final PrintStream readyLines;
    private final LongSupplier nanos;
    private final FatalFaults faults;
    private final Thread thread;
    private final CountDownLatch firstUp = new CountDownLatch(1);
    private volatile boolean up;
    private volatile long lookedAt;
    private volatile boolean looked;

    /** Whether the cluster, as this JVM reaches it, can be used. */
    interface Question {
        ProbeResult ask(Duration patience) throws InterruptedException;
    }

    /** @param nanos a clock that never goes back */
    record Surroundings(FatalFaults faults, LongSupplier nanos) {
    }

    /** @param bootstrapServers the addresses as other programs know them */
    KafkaWatch(String bootstrapServers, Question question, PrintStream readyLines, Surroundings surroundings) {
        this.bootstrapServers = bootstrapServers;
        this.question = question;
        this.readyLines = readyLines;
        this.nanos = surroundings.nanos();
        this.faults = surroundings.faults();
        this.thread = surroundings.faults().thread("kafka-watch", this::watch);
    }

    void start() {
        thread.start();
    }

    /** Returns when the brokers have answered once. */
    void awaitUp() throws InterruptedException {
        firstUp.await();
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public boolean up() {
        return up && thread.isAlive() && age().filter(age -> age.compareTo(LONG_AGO) < 0).isPresent();
    }

    @Override
    public Optional<Duration> age() {
        return looked ? Optional.of(Duration.ofNanos(nanos.getAsLong() - lookedAt)) : Optional.empty();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void watch() {
        boolean everUp = false;
        String said = "";
        try {
            while (!Thread.currentThread().isInterrupted()) {
                ProbeResult result = look(looked ? ANSWER : FIRST_ANSWER);
                lookedAt = nanos.getAsLong();
                looked = true;
                up = result.reachable();
                if (up && !everUp) {
                    everUp = true;
                    readyLines.println("Kafka ready on " + bootstrapServers);
                    readyLines.flush();
                    firstUp.countDown();
                } else if (up && !said.isEmpty()) {
                    LOG.info("The brokers at {} answer again", bootstrapServers);
                } else if (!up && !said.equals(result.message())) {
                    LOG.warn("{}{}", result.message(), everUp ? "" : "; waiting for it");
                }
                said = up ? "" : result.message();
                TimeUnit.NANOSECONDS.sleep(pause(result, everUp).toNanos());
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever happens to one look, the next one comes: a watch that ends would call the brokers down for ever. */
    private ProbeResult look(Duration patience) throws InterruptedException {
        try {
            return question.ask(patience);
        } catch (RuntimeException | Error failure) {
            faults.caughtAndDiscarded(failure);
            LOG.debug("The look at {}", bootstrapServers, failure);
            return new ProbeResult(ProbeResult.Kind.NOT_KAFKA, "The brokers at " + bootstrapServers + " could not be asked: " + failure);
        }
    }

    /**
     * Until the next question. A log-in that is refused is tried seldom: each try is one in the broker's log, and may lock the user out.
     */
    static Duration pause(ProbeResult result, boolean everUp) {
        return everUp || result.kind() == ProbeResult.Kind.REFUSED || result.kind() == ProbeResult.Kind.WRONG_LISTENER ? SELDOM : OFTEN;
    }
}
