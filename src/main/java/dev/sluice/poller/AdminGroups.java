package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import dev.sluice.mapping.FleetView;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Groups as Kafka's Admin knows them. Thread-safe. */
final class AdminGroups implements Groups {

    private final Admins admins;

    AdminGroups(Admins admins) {
        this.admins = admins;
    }

    @Override
    public List<Member> members(Brokers brokers, String group, Patience patience) {
        return described(brokers, group, patience).stream().map(AdminGroups::member).toList();
    }

    @Override
    public List<FleetView.Elsewhere> holders(Brokers brokers, String group, Patience patience) {
        return described(brokers, group, patience).stream().flatMap(member -> member.assignment().topicPartitions().stream()
                .map(partition -> new FleetView.Elsewhere(partition.topic(), partition.partition(), member.clientId(), member.host())))
                .toList();
    }

    private Collection<MemberDescription> described(Brokers brokers, String group, Patience patience) {
        try {
            return admins.ask(brokers, patience, admin -> admin.describeConsumerGroups(List.of(group),
                    new DescribeConsumerGroupsOptions().timeoutMs(millis(patience))).describedGroups().get(group)).members();
        } catch (GroupIdNotFoundException none) {
            return List.of();
        }
    }

    @Override
    public void remove(Brokers brokers, String group, Collection<String> instanceIds, Patience patience) {
        RemoveMembersFromConsumerGroupOptions options =
                new RemoveMembersFromConsumerGroupOptions(instanceIds.stream().map(MemberToRemove::new).toList());
        options.timeoutMs(millis(patience));
        admins.ask(brokers, patience, admin -> admin.removeMembersFromConsumerGroup(group, options).all());
    }

    @Override
    public List<String> advertisedHosts(Brokers brokers, Patience patience) {
        return admins
                .ask(brokers, patience, admin -> admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis(patience))).nodes())
                .stream().map(Node::host).toList();
    }

    private static int millis(Patience patience) {
        return (int) Math.max(1, patience.within().toMillis());
    }

    private static Member member(MemberDescription description) {
        return new Member(description.clientId(), description.groupInstanceId().orElse(null), description.host());
    }
}
