package dev.sluice.queue;

import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.LoopbackAddresses;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.poller.Admins;
import dev.sluice.poller.Session;
import dev.sluice.poller.SourceProblem;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ShareMemberDescription;
import org.apache.kafka.clients.admin.SupportedVersionRange;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Can these brokers hand a mapping's records out by a share group, who else is in it, and how often does it deliver a record? Asked before a
 * consumer is used: what it can't do it says once and is silent for ever after. Confined to a poller's thread.
 *
 * <p>KIP-932; {@code metadata.version} 28 came with Kafka 4.2, the first whose consumers can renew locks.
 */
final class ShareGroupEntry {

    private static final Logger LOG = LoggerFactory.getLogger(ShareGroupEntry.class);
    /** Kafka 4.1's: there share groups are a preview, which can neither renew locks nor limit records. */
    private static final short LAST_TOO_OLD = 27;
    /** The least that Kafka takes: who takes a limit to be higher than it is has records archived that nobody has taken. */
    private static final int LEAST_DELIVERY_LIMIT = 2;
    private static final int NAMED_MEMBERS = 3;
    /** Who asks has records to attend to. */
    private static final Duration MEANWHILE = Duration.ofSeconds(1);

    private final EventSourceMapping mapping;
    private final Brokers brokers;
    private final Admins admins;
    private final Duration within;
    private final BooleanSupplier stopping;
    private final boolean joinsForeignGroups;

    ShareGroupEntry(EventSourceMapping mapping, Brokers brokers, Admins admins, Duration within, BooleanSupplier stopping,
            boolean joinsForeignGroups) {
        this.mapping = mapping;
        this.brokers = brokers;
        this.admins = admins;
        this.within = within;
        this.stopping = stopping;
        this.joinsForeignGroups = joinsForeignGroups;
    }

    /** @throws ConfigException in a sentence for people, when they can't */
    void requireShareGroups() {
        FeatureMetadata features = ask(admin -> admin.describeFeatures().featureMetadata());
        SupportedVersionRange metadata = features.supportedFeatures().get("metadata.version");
        if (metadata == null || metadata.maxVersion() <= LAST_TOO_OLD) {
            throw new ConfigException("Queue mode needs Kafka 4.2 or newer, and " + brokers.bootstrapServers() + " is older.");
        }
        FinalizedVersionRange share = features.finalizedFeatures().get("share.version");
        if (share == null || share.maxVersionLevel() < 1) {
            throw new ConfigException("Share groups are off on " + brokers.bootstrapServers() + "; switch them on with kafka-features.sh"
                    + " --bootstrap-server " + brokers.bootstrapServers() + " upgrade --feature share.version=1.");
        }
    }

    /**
     * Why the group may not be joined; empty when it may.
     *
     * @throws ConfigException when it is no share group
     */
    Optional<SourceProblem> refusal() {
        Collection<ShareMemberDescription> members;
        try {
            members = members();
        } catch (AuthorizationException refused) {
            if (joinsForeignGroups) {
                return Optional.empty();
            }
            throw new GroupAuthorizationException(
                    "Sluice may not see who is in share group " + group() + " of " + brokers.bootstrapServers()
                            + ", and does not join it unseen: allow DESCRIBE of the group, or set joinForeignGroups ("
                            + refused.getMessage() + ")");
        }
        if (joinsForeignGroups || LoopbackAddresses.all(brokers) && LoopbackAddresses.all(advertised())) {
            return Optional.empty();
        }
        List<ShareMemberDescription> foreign =
                members.stream().filter(member -> !ShareConsumers.isOf(mapping, member.clientId())).toList();
        return foreign.isEmpty() ? Optional.empty()
                : Optional.of(
                        SourceProblem.foreignMembers("Share group", "records", group(), brokers.bootstrapServers(), described(foreign)));
    }

    private Collection<ShareMemberDescription> members() {
        try {
            return ask(admin -> admin.describeShareGroups(List.of(group())).describedGroups().get(group())).members();
        } catch (GroupIdNotFoundException none) {
            if (String.valueOf(none.getMessage()).contains("is not a share group")) {
                throw new ConfigException("Group " + group() + " on " + brokers.bootstrapServers()
                        + " is no share group, as Queue mode needs it; make a mapping with another ConsumerGroupId.");
            }
            return List.of();
        }
    }

    /** Which partitions the brokers have assigned to each member, by the name of its client. */
    Map<String, Set<TopicPartition>> assignments() {
        Map<String, Set<TopicPartition>> byClient = new HashMap<>();
        Collection<ShareMemberDescription> members = admins.ask(brokers, MEANWHILE, stopping,
                admin -> admin.describeShareGroups(List.of(group())).describedGroups().get(group())).members();
        for (ShareMemberDescription member : members) {
            byClient.put(member.clientId(), Set.copyOf(member.assignment().topicPartitions()));
        }
        return byClient;
    }

    private List<String> advertised() {
        return ask(admin -> admin.describeCluster().nodes()).stream().map(Node::host).toList();
    }

    private static String described(List<ShareMemberDescription> members) {
        String named = members.stream().map(member -> member.clientId() + " at " + member.host().replaceFirst("^/", "")).sorted()
                .limit(NAMED_MEMBERS).collect(Collectors.joining(", "));
        int rest = members.size() - NAMED_MEMBERS;
        return (members.size() == 1 ? "1 member" : members.size() + " members") + " (" + named + (rest > 0 ? " and " + rest + " more" : "")
                + ")";
    }

    /** How often the group delivers a record at most; the least there is where that is not to be seen. */
    int deliveryLimit() {
        ConfigResource config = new ConfigResource(ConfigResource.Type.GROUP, group());
        try {
            ConfigEntry limit = ask(admin -> admin.describeConfigs(List.of(config)).all()).get(config).get("share.delivery.count.limit");
            return limit == null || limit.value() == null ? LEAST_DELIVERY_LIMIT : Integer.parseInt(limit.value());
        } catch (AuthorizationException | UnsupportedVersionException notSeen) {
            LOG.warn("Mapping {} can't see how often group {} delivers a record ({}), and takes it to be {} times", mapping.id(), group(),
                    notSeen.getMessage(), LEAST_DELIVERY_LIMIT);
            return LEAST_DELIVERY_LIMIT;
        }
    }

    /** A topic that the brokers don't have, which a consumer would wait for without a word; null when all are there. */
    Session.MissingTopic missingTopic() {
        for (String topic : mapping.source().topics()) {
            try {
                ask(admin -> admin.describeTopics(List.of(topic)).allTopicNames());
            } catch (UnknownTopicOrPartitionException missing) {
                return new Session.MissingTopic(topic, null);
            }
        }
        return null;
    }

    private String group() {
        return mapping.source().consumerGroupId();
    }

    private <T> T ask(Function<Admin, KafkaFuture<T>> question) {
        return admins.ask(brokers, within, stopping, question);
    }
}
