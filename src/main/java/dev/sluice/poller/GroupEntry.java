package dev.sluice.poller;

import dev.sluice.cluster.LoopbackAddresses;
import dev.sluice.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a poller may join its group, and who else is in it. On a cluster that isn't this machine's own, a group with members of
 * others is not joined: a laptop must not take partitions from production. Confined to the poller's thread.
 */
final class GroupEntry {

    private static final Logger LOG = LoggerFactory.getLogger(GroupEntry.class);

    /** A rebalance waits for this answer; without it the poller waits for its invocations, which is never wrong. */
    private static final Duration DURING_A_REBALANCE = Duration.ofSeconds(1);
    private static final int NAMED_MEMBERS = 3;

    private final EventSourceMapping mapping;
    private final Membership membership;
    private final PollerContext context;
    private final BrokerPatience patience;
    private final BooleanSupplier stopping;
    private boolean cleared;
    private boolean onLoopback;

    /** @param stopping whether the poller is to stop, and needs no answer any more */
    GroupEntry(EventSourceMapping mapping, Membership membership, PollerContext context, BrokerPatience patience,
            BooleanSupplier stopping) {
        this.mapping = mapping;
        this.membership = membership;
        this.context = context;
        this.patience = patience;
        this.stopping = stopping;
        this.cleared = membership.id().number() > 0 || mapping.generation() == 1 && !membership.resumed();
    }

    /**
     * Removes the members that earlier pollers of this mapping left in the group when they could not leave it, as after
     * {@code kill -9}: those with higher numbers perhaps never come back, and would keep their partitions unread for the 45 s of
     * their sessions. The first poller's own membership stays, so that it takes its place without a wait, unless the group has to
     * be empty to take the starting position.
     */
    void clear(boolean startingPositionApplied) {
        if (cleared) {
            return;
        }
        try {
            List<String> left = context.groups().members(membership.brokers(), group(), patience()).stream().map(Groups.Member::instanceId)
                    .filter(id -> membership.id().numberOf(id).orElse(-1) >= (startingPositionApplied ? 1 : 0)).toList();
            if (!left.isEmpty()) {
                LOG.info("Mapping {} removes from group {} what an earlier run left there: {}", mapping.id(), group(), left);
                context.groups().remove(membership.brokers(), group(), left, patience());
            }
        } catch (AuthorizationException | UnsupportedVersionException refused) {
            LOG.warn("Mapping {} can't remove members that an earlier run may have left in group {}: {}; their partitions then wait for"
                    + " the end of their sessions", mapping.id(), group(), refused.getMessage());
        }
        cleared = true;
    }

    /** Why the group may not be joined; empty when it may. Throws what the consumer and Kafka's Admin throw. */
    Optional<SourceProblem> refusal(Consumer<byte[], byte[]> consumer) {
        if (context.settings().joinsForeignGroups().test(mapping)) {
            return Optional.empty();
        }
        onLoopback = onLoopback || LoopbackAddresses.all(membership.brokers()) && LoopbackAddresses.all(advertised(consumer));
        if (onLoopback) {
            return Optional.empty();
        }
        List<Groups.Member> foreign;
        try {
            foreign = foreign(patience());
        } catch (AuthorizationException refused) {
            // Who may not describe a group may not join it either with Kafka's own authorizer: it ends as that would.
            throw new GroupAuthorizationException("Sluice may not see who is in group " + group() + " of "
                    + membership.brokers().bootstrapServers() + ", and does not join it unseen: allow DESCRIBE of the group, or set"
                    + " joinForeignGroups (" + refused.getMessage() + ")");
        }
        return foreign.isEmpty() ? Optional.empty()
                : Optional.of(SourceProblem.foreignMembers(group(), membership.brokers().bootstrapServers(), describe(foreign)));
    }

    /**
     * How long running invocations hold a rebalance up. A member doesn't learn where its partitions go; but in a group of this server's
     * pollers alone the next owner knows of the invocation by its lease, and nobody need wait.
     *
     * @param any whether one runs in what is given up
     */
    Duration patienceForRunning(boolean any) {
        boolean free = mapping.settings().pollers() > 1 && any && isOursAlone();
        return free ? Duration.ZERO : context.settings().revokeTimeout();
    }

    /** Whether every member is a poller of this server, so that whatever partition is given up stays here; false when nobody can tell. */
    boolean isOursAlone() {
        try {
            return foreign(new Groups.Patience(DURING_A_REBALANCE, () -> false)).isEmpty();
        } catch (KafkaException unknown) {
            LOG.debug("Mapping {} can't tell who is in group {}", mapping.id(), group(), unknown);
            return false;
        }
    }

    private List<Groups.Member> foreign(Groups.Patience wait) {
        return context.groups().members(membership.brokers(), group(), wait).stream()
                .filter(member -> !isOurs(member)).toList();
    }

    /** Old brokers know no names of members; there what the client calls itself has to do. */
    private boolean isOurs(Groups.Member member) {
        return membership.id().isOfThisServer(member.instanceId()) || member.instanceId() == null
                && !context.brokers().takesStaticMembers(membership.brokers()) && member.clientId().equals(Consumers.clientId(mapping));
    }

    /** As brokers name themselves: behind a forwarded port, localhost is another machine. */
    private List<String> advertised(Consumer<byte[], byte[]> consumer) {
        List<String> hosts = new ArrayList<>();
        for (String topic : mapping.source().topics()) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic, patience.within());
            if (partitions != null) { // as older clients answer for an unknown topic
                partitions.stream().flatMap(partition -> Stream.concat(Stream.ofNullable(partition.leader()),
                        Stream.of(partition.replicas()))).map(Node::host).forEach(hosts::add);
            }
        }
        return hosts.isEmpty() ? context.groups().advertisedHosts(membership.brokers(), patience()) : hosts;
    }

    private static String describe(List<Groups.Member> members) {
        String named = members.stream().map(member -> member.clientId() + " at " + host(member)).sorted().limit(NAMED_MEMBERS)
                .collect(Collectors.joining(", "));
        int rest = members.size() - NAMED_MEMBERS;
        return (members.size() == 1 ? "1 member" : members.size() + " members") + " (" + named + (rest > 0 ? " and " + rest + " more" : "")
                + ")";
    }

    /** The broker writes {@code /10.0.0.5}. */
    private static String host(Groups.Member member) {
        return member.host().startsWith("/") ? member.host().substring(1) : member.host();
    }

    private Groups.Patience patience() {
        return new Groups.Patience(patience.within(), stopping);
    }

    private String group() {
        return mapping.source().consumerGroupId();
    }
}
