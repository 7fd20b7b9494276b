package dev.sluice.queue;

import dev.sluice.cluster.Brokers;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FleetView;
import dev.sluice.mapping.ProvisionedPollers;
import dev.sluice.poller.Admins;
import dev.sluice.poller.FilterNotice;
import dev.sluice.poller.Session;
import dev.sluice.poller.ShareConsumption;
import java.time.Duration;
import java.util.List;

/**
 * Who polls for mappings in Queue mode, and how many? Thread-safe.
 *
 * <p>AWS: "Polling Kafka topics in Queue mode" in the AWS Lambda developer guide; KIP-932 for what lies below.
 */
public final class QueuePollers implements ShareConsumption {

    /** How far on-demand mode goes on AWS isn't written anywhere. */
    private static final int MOST_ON_DEMAND = 10;
    /** A group takes this many members (group.share.max.size), and others may want to join it. */
    private static final int MOST = 190;

    private final QueueContext context;
    private final ShareConsumers consumers;

    public QueuePollers(QueueContext context) {
        this(context, ShareConsumers.kafka());
    }

    QueuePollers(QueueContext context, ShareConsumers consumers) {
        this.context = context;
        this.consumers = consumers;
    }

    @Override
    public Lanes begin(EventSourceMapping mapping, Admins admins, Runnable more) {
        ProvisionedPollers provisioned = mapping.settings().provisionedPollers();
        int minimum = provisioned == null ? 1 : Math.min(MOST, provisioned.minimum());
        int maximum = provisioned == null ? MOST_ON_DEMAND : Math.min(MOST, provisioned.maximum());
        LaneGroup group = new LaneGroup(minimum, maximum, () -> context.functions().hasRoom(mapping.settings().functionArn()), more);
        FilterNotice notice = new FilterNotice(mapping);
        return new Lanes() {

            @Override
            public int wanted() {
                return group.wanted();
            }

            @Override
            public List<FleetView.PartitionDetail> described(Brokers brokers, List<FleetView.PartitionDetail> held) {
                return ShareOffsets.of(admins, brokers, mapping.source().consumerGroupId(), held);
            }

            @Override
            public Session session(Poller poller, Brokers brokers, Duration within) {
                if (group.wanted() <= poller.number()) {
                    return new ParkedLane(group, poller.number());
                }
                int slots = group.slots();
                return new QueueSession(mapping, consumers.create(mapping, brokers, poller.number(), slots), context,
                        new QueueSession.Place(group, poller, brokers, slots),
                        new ShareGroupEntry(mapping, brokers, admins, within, poller.stopping(),
                                context.joinsForeignGroups().test(mapping)),
                        new ReceivedShare(mapping, context.observer(), context.otherFormat(), notice));
            }
        };
    }
}
