package dev.sluice.dispatch;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who hears what comes of a delivery: its own listener, and then the observers. Called by one step of the delivery after the other. */
final class DeliveryListeners {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Delivery delivery;
    private final DeliveryListener listener;
    private final Surroundings surroundings;

    DeliveryListeners(Delivery delivery, DeliveryListener listener, Surroundings surroundings) {
        this.delivery = delivery;
        this.listener = listener;
        this.surroundings = surroundings;
    }

    void attempted(AttemptReport report, Supplier<DeliveryObserver.Attempt> observed) {
        listener.attempted(delivery, report);
        surroundings.watch(observer -> observer.attempted(delivery, observed.get()));
    }

    /** The on-failure destination has not taken the records. @param dropped whether they are gone for that */
    void destinationFailed(Throwable failure, Part part, boolean dropped) {
        listener.attempted(delivery, AttemptReport.destinationFailed(failure, part.size(), dropped));
        surroundings.watch(observer -> observer.destinationFailed(delivery, part.size(), AttemptReport.message(failure)));
    }

    /** It has taken them after all. @param last what the last invocation came to; null when there was none */
    void destinationWorks(@Nullable AttemptResult last) {
        listener.attempted(delivery, last == null ? AttemptReport.OK : last.report().again());
    }

    /** @param fate what became of them */
    void gaveUp(DeliveryPlan.Step.GiveUp step, Fate fate) {
        surroundings.watch(observer -> observer.gaveUp(delivery, step.condition(), step.part().records()));
        settled(fate, step.part());
    }

    /** @param part null or empty when there are none */
    void settled(Fate fate, @Nullable Part part) {
        if (part == null || part.records().isEmpty()) {
            return;
        }
        if (fate == Fate.SKIPPED) {
            LOG.warn("Mapping {} skips {} as it was asked to; more: sluice deliveries --mapping {} --failed",
                    delivery.batch().mapping().id(),
                    part, delivery.batch().mapping().id());
        }
        listener.settled(delivery, fate, part.records());
        surroundings.watch(observer -> observer.settled(delivery, fate, part.records()));
    }

    void ended() {
        listener.ended(delivery);
        surroundings.watch(observer -> observer.ended(delivery));
    }
}
