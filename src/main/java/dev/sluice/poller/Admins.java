package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.ClientPool;
import dev.sluice.poller.Groups.Patience;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Who is asked what no consumer can tell? One of Kafka's Admins for each cluster that was asked, until {@link #close}. Thread-safe.
 */
public final class Admins implements AutoCloseable {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ClientPool<Admin> admins;
    private volatile boolean closed;

    /** @param outdated whether brokers' credentials have been replaced */
    Admins(Predicate<Brokers> outdated) {
        admins = new ClientPool<>(Admins::admin, admin -> admin.close(Duration.ZERO), outdated);
    }

    /** Those whose credentials have been replaced log in no more, once nobody asks them. */
    void dropOutdated() {
        admins.dropOutdated();
    }

    @Override
    public void close() {
        closed = true;
        admins.close(admin -> admin.close(Duration.ZERO));
    }

    /**
     * The answer; throws what the Admin throws, and a WakeupException when the caller has given up meanwhile.
     *
     * @param givenUp whether the caller has lost interest in it
     */
    public <T> T ask(Brokers brokers, Duration within, BooleanSupplier givenUp, Function<Admin, KafkaFuture<T>> question) {
        return ask(brokers, new Patience(within, givenUp), question);
    }

    /** The answer; throws what the Admin throws, and a WakeupException when the caller has given up meanwhile. */
    <T> T ask(Brokers brokers, Patience patience, Function<Admin, KafkaFuture<T>> question) {
        long deadline = System.nanoTime() + patience.within().toNanos();
        while (true) {
            if (closed) {
                throw new WakeupException();
            }
            try (ClientPool<Admin>.Lease lease = take(brokers)) {
                try {
                    return await(question.apply(lease.client()), deadline, patience);
                } catch (GroupIdNotFoundException | WakeupException noFailure) {
                    throw noFailure;
                } catch (RuntimeException failure) {
                    // What one Admin has got into must not outlast its cause. Where another question's failure has closed it, this one is
                    // asked again: it has not failed.
                    if (lease.discard() || System.nanoTime() - deadline >= 0) {
                        throw failure instanceof TimeoutException ? unanswered(brokers, patience) : failure;
                    }
                }
            }
        }
    }

    private ClientPool<Admin>.Lease take(Brokers brokers) {
        try {
            return admins.take(brokers);
        } catch (IllegalStateException closing) {
            throw new WakeupException();
        }
    }

    private static Admin admin(Brokers brokers) {
        Map<String, Object> settings = new HashMap<>(brokers.toClientSettings());
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "sluice-admin");
        settings.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        return Admin.create(settings);
    }

    private static <T> T await(KafkaFuture<T> answer, long deadline, Patience patience) {
        while (true) {
            if (patience.givenUp().getAsBoolean()) {
                throw new WakeupException();
            }
            long left = deadline - System.nanoTime();
            try {
                return answer.get(Math.max(1, Math.min(LOOK_NANOS, left)), TimeUnit.NANOSECONDS);
            } catch (java.util.concurrent.TimeoutException notYet) {
                if (left <= LOOK_NANOS) {
                    throw new TimeoutException("no answer in time"); // told by unanswered()
                }
            } catch (InterruptedException interrupted) {
                throw new InterruptException(interrupted); // sets the thread's flag again
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof RuntimeException own ? own : new KafkaException(failed.getCause());
            }
        }
    }

    /** In our words: Kafka's name the thread and the call inside its client. */
    private static TimeoutException unanswered(Brokers brokers, Patience patience) {
        return new TimeoutException(brokers.bootstrapServers() + " has not answered within " + patience.within().toMillis() + " ms");
    }
}
