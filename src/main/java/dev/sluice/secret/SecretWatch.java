package dev.sluice.secret;

import dev.sluice.fault.FatalFaults;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When is a secret that somebody uses looked at again? At an interval, so that a password that was changed is found before the old one is
 * refused. Single-use; {@link #close} ends its thread.
 */
public final class SecretWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SecretWatch.class);

    private final Secrets secrets;
    private final Supplier<Set<String>> named;
    private final Duration interval;
    private final FatalFaults faults;
    private final Thread thread;

    /** @param named the ARNs that mappings and clusters name now; what they don't is forgotten */
    public SecretWatch(Secrets secrets, Supplier<Set<String>> named, Duration interval, FatalFaults faults) {
        this.secrets = secrets;
        this.named = named;
        this.interval = interval;
        this.faults = faults;
        this.thread = faults.thread("secret-watch", this::watch);
    }

    public void start() {
        thread.start();
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                TimeUnit.NANOSECONDS.sleep(interval.toNanos());
                look();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever happens to one look, the next one comes. */
    private void look() throws InterruptedException {
        try {
            secrets.lookAt(named.get());
        } catch (RuntimeException | Error failure) {
            faults.caughtAndDiscarded(failure);
            LOG.warn("The secrets in use could not be looked at: {}", failure.toString());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
