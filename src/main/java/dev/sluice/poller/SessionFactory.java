package dev.sluice.poller;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import java.util.function.BooleanSupplier;

/** In which way does a poller consume? Makes one session after the other, and keeps what one of them hands to the next. */
interface SessionFactory {

    /** The next session, with a consumer of its own. Throws what making a consumer throws. @param shared of the cluster that it is to poll */
    Session begin(PollLoop.Shared shared);

    /** In Queue mode. @param stopping whether the poller is to stop, and needs no answer any more */
    static SessionFactory ofQueue(ShareConsumption.Lanes lanes, Membership membership, Fact.Listener facts, BooleanSupplier stopping) {
        ShareConsumption.Poller poller = new ShareConsumption.Poller(membership.id().number(), facts, stopping);
        return shared -> lanes.session(poller, membership.brokers(), shared.patience().within());
    }

    /** In Stream mode. @param stopping whether the poller is to stop, and needs no answer any more */
    static SessionFactory ofStream(EventSourceMapping mapping, Membership membership, PollerContext context, Fact.Listener facts,
            BooleanSupplier stopping) {
        UnreadablePartitions unreadable = new UnreadablePartitions(mapping, facts, context.nanos());
        return new SessionFactory() {

            private PollLoop.Shared ofCluster;
            private PollSession.Standing standing;

            @Override
            public Session begin(PollLoop.Shared shared) {
                if (shared != ofCluster) {
                    ofCluster = shared;
                    unreadable.forget();
                    standing = new PollSession.Standing(new GroupEntry(mapping, membership, context, shared.patience(), stopping),
                            unreadable);
                }
                String instanceId = context.brokers().takesStaticMembers(membership.brokers()) ? membership.id().instanceId() : null;
                return new PollSession(mapping, context.consumers().create(mapping, membership.brokers(), instanceId), context, shared,
                        standing, new PollSession.Announcements(membership.id().number(), membership.brokers(), facts));
            }
        };
    }
}
