package dev.sluice.poller;

import dev.sluice.mapping.EventSourceMapping;
import java.util.function.BooleanSupplier;

/**
 * In which way does a poller consume its mapping's source? Makes one session after the other, and keeps what one of them hands to the next.
 * Confined to the poller's thread.
 */
interface Sessions {

    /** The next session, with a consumer of its own. Throws what making a consumer throws. */
    Session begin();

    /** @param stopping whether the poller is to stop, and needs no answer any more */
    static Sessions of(EventSourceMapping mapping, Membership membership, PollerContext context, PollLoop.Shared shared,
            LoopReports reports, BooleanSupplier stopping) {
        PollSession.Standing standing = new PollSession.Standing(
                new GroupEntry(mapping, membership, context, shared.patience(), stopping),
                new UnreadablePartitions(mapping, reports, context.nanos()));
        return () -> new PollSession(mapping,
                context.consumers().create(mapping, membership.brokers(), membership.id().instanceId()), context, shared, standing,
                new PollSession.Announcements(membership.id().number(), membership.brokers(), reports));
    }
}
