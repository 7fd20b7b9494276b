package dev.sluice.secret;

import dev.sluice.secret.SecretSource.Looked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is the secret of this ARN now, and is what I have still it? The one place that looks: once at a time for each secret, on a thread of
 * its own that nobody waits for longer than {@link Patience#answer}. What was found is kept for a while; a value that was refused somewhere
 * only for a moment, as it may be about to change. Thread-safe; {@link #close} interrupts what still looks.
 */
public final class Secrets implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);

    private final List<SecretSource> sources;
    private final LongSupplier nanos;
    private final Patience patience;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong versions = new AtomicLong();

    /**
     * @param kept how long a value is given out without another look
     * @param refused how long one that was refused, or that isn't there
     * @param answer how long whoever asks waits
     */
    public record Patience(Duration kept, Duration refused, Duration answer) {
        public static final Patience DEFAULT = new Patience(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(2));
    }

    /** @param sources in the order in which they are asked @param nanos a clock that never goes back */
    public Secrets(List<SecretSource> sources, LongSupplier nanos, Patience patience) {
        this.sources = List.copyOf(sources);
        this.nanos = Objects.requireNonNull(nanos, "nanos");
        this.patience = Objects.requireNonNull(patience, "patience");
    }

    /** Whether there is anywhere to look. */
    public boolean anySource() {
        return !sources.isEmpty();
    }

    /** Called whenever a secret was found to have another value, or is not looked at any more; on the thread that found it. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** What is kept, or what a look brings. While nobody answers, a value that was found before and not refused still holds. */
    public SecretAnswer get(String arn) throws InterruptedException {
        return get(arn, false);
    }

    private SecretAnswer get(String arn, boolean anew) throws InterruptedException {
        Kept entry = kept.computeIfAbsent(arn, Kept::new);
        CompletableFuture<SecretAnswer> look;
        synchronized (entry) {
            if (!anew && entry.answer != null && nanos.getAsLong() - entry.at < lasts(entry).toNanos()) {
                return entry.answer;
            }
            if (entry.looking == null) {
                entry.looking = new CompletableFuture<>();
                start(entry, entry.looking);
            }
            look = entry.looking;
        }
        try {
            return look.get(patience.answer().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return stillHolds(entry, new SecretAnswer.Unavailable("The secret " + arn + " could not be read within "
                    + patience.answer().toMillis() + " ms"));
        } catch (ExecutionException failed) { // an Error: what a look throws besides is told by look()
            throw new IllegalStateException(failed.getCause());
        }
    }

    private Duration lasts(Kept entry) {
        return entry.answer instanceof SecretAnswer.Found && !entry.refused ? patience.kept() : patience.refused();
    }

    private static SecretAnswer stillHolds(Kept entry, SecretAnswer otherwise) {
        synchronized (entry) {
            return entry.answer instanceof SecretAnswer.Found && !entry.refused ? entry.answer : otherwise;
        }
    }

    /** Called with the entry's lock. */
    private void start(Kept entry, CompletableFuture<SecretAnswer> looking) {
        Thread thread = new Thread(() -> {
            try {
                SecretAnswer answer = look(entry.arn);
                looking.complete(settle(entry, answer));
            } catch (Throwable failure) { // for whoever waits
                synchronized (entry) {
                    entry.looking = null;
                }
                looking.completeExceptionally(failure);
            }
        }, "sluice-secret");
        thread.setDaemon(true);
        entry.thread = thread;
        thread.start();
    }

    private SecretAnswer look(String arn) {
        List<String> reasons = new ArrayList<>();
        for (SecretSource source : sources) {
            try {
                Looked looked = source.look(arn);
                if (looked instanceof Looked.Text text) {
                    return new SecretAnswer.Found(new Secret(arn, 0, text.value()));
                } else if (looked instanceof Looked.Missing missing) {
                    return new SecretAnswer.Missing("The secret " + arn + " can't be read: " + missing.reason());
                } else if (looked instanceof Looked.Unavailable unavailable) {
                    return new SecretAnswer.Unavailable("The secret " + arn + " can't be read: " + unavailable.reason());
                } else if (looked instanceof Looked.NotHere notHere) {
                    reasons.add(notHere.reason());
                }
            } catch (InterruptedException | RuntimeException failed) {
                LOG.debug("Secret {}", arn, failed);
                return new SecretAnswer.Unavailable("The secret " + arn + " can't be read: " + failed.getClass().getSimpleName());
            }
        }
        return new SecretAnswer.Missing("There is no secret " + arn + ": " + String.join("; ", reasons));
    }

    /** What is given out from now on. */
    private SecretAnswer settle(Kept entry, SecretAnswer answer) {
        boolean changed = false;
        SecretAnswer settled;
        synchronized (entry) {
            entry.looking = null;
            entry.thread = null;
            Secret before = entry.answer instanceof SecretAnswer.Found found ? found.secret() : null;
            if (answer instanceof SecretAnswer.Unavailable && before != null) {
                entry.at = nanos.getAsLong() - lasts(entry).toNanos() + patience.refused().toNanos(); // asked again soon
                return stillHolds(entry, answer);
            }
            settled = answer;
            if (answer instanceof SecretAnswer.Found found) {
                boolean same = before != null && before.text().equals(found.secret().text());
                settled = same ? entry.answer
                        : new SecretAnswer.Found(new Secret(entry.arn, versions.incrementAndGet(), found.secret().text()));
                entry.refused &= same;
                changed = before != null && !same;
            }
            entry.answer = settled;
            entry.at = nanos.getAsLong();
        }
        if (changed) {
            LOG.info("Secret {} has another value", entry.arn);
            tell();
        }
        return settled;
    }

    /** Somebody was refused with this version: it is looked at anew before it is given out again. */
    public void refused(String arn, long version) {
        Kept entry = kept.get(arn);
        if (entry == null) {
            return;
        }
        synchronized (entry) {
            if (entry.answer instanceof SecretAnswer.Found found && found.secret().version() == version) {
                if (!entry.refused) {
                    entry.at = nanos.getAsLong() - patience.refused().toNanos();
                }
                entry.refused = true;
            }
        }
    }

    /** Somebody was let in with this version. */
    public void taken(String arn, long version) {
        Kept entry = kept.get(arn);
        if (entry == null) {
            return;
        }
        synchronized (entry) {
            if (entry.answer instanceof SecretAnswer.Found found && found.secret().version() == version) {
                entry.refused = false;
            }
        }
    }

    /** Whether this version is the last that was found; false of a secret that nobody looks at any more. */
    public boolean isCurrent(String arn, long version) {
        Kept entry = kept.get(arn);
        if (entry == null) {
            return false;
        }
        synchronized (entry) {
            return entry.answer instanceof SecretAnswer.Found found && found.secret().version() == version;
        }
    }

    /** Looks at each of these that was ever asked for, whatever is kept, and forgets all others. */
    public void lookAt(Set<String> named) throws InterruptedException {
        boolean forgotten = kept.keySet().retainAll(named);
        for (String arn : kept.keySet()) {
            get(arn, true);
        }
        if (forgotten) {
            tell();
        }
    }

    private void tell() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public void close() {
        kept.values().forEach(entry -> {
            synchronized (entry) {
                if (entry.thread != null) {
                    entry.thread.interrupt();
                }
            }
        });
    }

    /** What is known of one secret; its own lock guards all but the ARN, and is held for no look. */
    private static final class Kept {
        private final String arn;
        private SecretAnswer answer;
        private long at;
        private boolean refused;
        private CompletableFuture<SecretAnswer> looking;
        private Thread thread;

        Kept(String arn) {
            this.arn = arn;
        }
    }
}
