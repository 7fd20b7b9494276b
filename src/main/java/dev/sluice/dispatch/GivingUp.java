package dev.sluice.dispatch;

import dev.sluice.dispatch.DeliveryPlan.Step;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where records of one delivery go that no function takes: to the on-failure destination, or nowhere. Used by one step of the delivery
 * after the other.
 */
final class GivingUp {

    private static final Logger LOG = LoggerFactory.getLogger(GivingUp.class);

    private final Batch batch;
    private final Surroundings surroundings;

    /** Hears what came of it, on whatever thread it came. */
    interface Listener {

        /**
         * @param fate null when the destination didn't take the records, and they are still here
         * @param failure of the destination; null when there was none
         */
        void ended(@Nullable Fate fate, @Nullable Throwable failure);
    }

    GivingUp(Batch batch, Surroundings surroundings) {
        this.batch = batch;
        this.surroundings = surroundings;
    }

    /** Never blocks, and throws nothing. {@code listener} may be called before this returns. */
    void begin(Step.GiveUp step, int eventLength, Listener listener) {
        String destination = batch.mapping().settings().failureHandling().onFailureDestination();
        if (destination == null) {
            LOG.warn("Mapping {} drops {} ({}); more: sluice deliveries --mapping {} --failed", batch.mapping().id(), step.part(),
                    reason(step, eventLength), batch.mapping().id());
            listener.ended(Fate.DROPPED, null);
            return;
        }
        CompletionStage<Void> sending;
        try {
            sending = surroundings.onFailure().destination().send(failedBatch(step, eventLength));
        } catch (RuntimeException | Error e) { // whatever it is, the records are still here
            surroundings.faults().caught(e);
            sending = CompletableFuture.failedFuture(e);
        }
        sending.whenComplete((accepted, failure) -> {
            if (failure == null) {
                LOG.warn("Mapping {} sent {} to {} ({}); more: sluice deliveries --mapping {} --failed", batch.mapping().id(), step.part(),
                        destination, reason(step, eventLength), batch.mapping().id());
                listener.ended(Fate.SENT_TO_DESTINATION, null);
            } else {
                notTaken(step, failure instanceof CompletionException wrapped && wrapped.getCause() != null ? wrapped.getCause() : failure,
                        listener);
            }
        });
    }

    private void notTaken(Step.GiveUp step, Throwable failure, Listener listener) {
        LOG.debug("The destination of mapping {}", batch.mapping().id(), failure);
        if (surroundings.onFailure().dropWhenUnavailable()) {
            LOG.error("Mapping {} drops {}: {}; more: sluice deliveries --mapping {} --failed", batch.mapping().id(), step.part(),
                    AttemptReport.message(failure), batch.mapping().id());
            listener.ended(Fate.DROPPED, failure);
        } else {
            listener.ended(null, failure);
        }
    }

    private static String reason(Step.GiveUp step, int eventLength) {
        return step.condition() == FailureCondition.MAXIMUM_PAYLOAD_SIZE_EXCEEDED
                ? step.condition().awsName() + ": an event of " + eventLength + " bytes" : step.condition().awsName();
    }

    private FailedBatch failedBatch(Step.GiveUp step, int eventLength) {
        Part.Invoked invoked = step.part().invoked();
        return new FailedBatch(batch.mapping(), step.condition(), invoked.requestId(),
                Math.max(invoked.times(), step.part().deliveryCount()), invoked.response(),
                step.part().records(), batch.writer(), eventLength, surroundings.clock().timestamp());
    }
}
