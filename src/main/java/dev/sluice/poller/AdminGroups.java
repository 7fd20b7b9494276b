package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;

/** Groups as Kafka's Admin knows them: one Admin for each cluster that was asked, until {@link #close}. Thread-safe. */
final class AdminGroups implements Groups, AutoCloseable {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Map<Brokers, Admin> admins = new ConcurrentHashMap<>();
    private volatile boolean closed;

    @Override
    public List<Member> members(Brokers brokers, String group, Patience patience) {
        try {
            return ask(brokers, patience, admin -> admin.describeConsumerGroups(List.of(group),
                    new DescribeConsumerGroupsOptions().timeoutMs(millis(patience))).describedGroups().get(group))
                    .members().stream().map(AdminGroups::member).toList();
        } catch (GroupIdNotFoundException none) {
            return List.of();
        }
    }

    @Override
    public void remove(Brokers brokers, String group, Collection<String> instanceIds, Patience patience) {
        RemoveMembersFromConsumerGroupOptions options =
                new RemoveMembersFromConsumerGroupOptions(instanceIds.stream().map(MemberToRemove::new).toList());
        options.timeoutMs(millis(patience));
        ask(brokers, patience, admin -> admin.removeMembersFromConsumerGroup(group, options).all());
    }

    @Override
    public List<String> advertisedHosts(Brokers brokers, Patience patience) {
        return ask(brokers, patience, admin -> admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis(patience))).nodes())
                .stream().map(Node::host).toList();
    }

    @Override
    public void close() {
        closed = true;
        admins.forEach(this::forget);
    }

    private <T> T ask(Brokers brokers, Patience patience, Function<Admin, KafkaFuture<T>> question) {
        long deadline = System.nanoTime() + patience.within().toNanos();
        while (true) {
            if (closed) {
                throw new WakeupException();
            }
            Admin admin = admins.computeIfAbsent(brokers, AdminGroups::admin);
            try {
                return await(question.apply(admin), deadline, patience);
            } catch (GroupIdNotFoundException | WakeupException noFailure) {
                throw noFailure;
            } catch (RuntimeException failure) {
                // What one Admin has got into must not outlast its cause. Where another question's failure has closed it, this one is
                // asked again: it has not failed.
                if (forget(brokers, admin) || System.nanoTime() - deadline >= 0) {
                    throw failure instanceof TimeoutException ? unanswered(brokers, patience) : failure;
                }
            }
        }
    }

    private static Admin admin(Brokers brokers) {
        Map<String, Object> settings = new HashMap<>(brokers.toClientSettings());
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "sluice-groups");
        settings.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        return Admin.create(settings);
    }

    /** Whether it was still in use. */
    private boolean forget(Brokers brokers, Admin admin) {
        boolean used = admins.remove(brokers, admin);
        admin.close(Duration.ZERO);
        return used;
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

    private static int millis(Patience patience) {
        return (int) Math.max(1, patience.within().toMillis());
    }

    private static Member member(MemberDescription description) {
        return new Member(description.clientId(), description.groupInstanceId().orElse(null), description.host());
    }
}
