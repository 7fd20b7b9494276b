package dev.sluice.telemetry;

import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.dispatch.FailureCondition;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.PollerObserver;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who watches everything? Hands each observation to metrics, system log and journal; one that fails is logged and stops neither the
 * others nor what is watched, since no record may be lost for being counted. Thread-safe.
 */
public final class Telemetry implements DeliveryObserver, PollerObserver {

    private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);

    private final List<DeliveryObserver> ofDeliveries;
    private final List<PollerObserver> ofPollers;

    public Telemetry(List<DeliveryObserver> ofDeliveries, List<PollerObserver> ofPollers) {
        this.ofDeliveries = List.copyOf(ofDeliveries);
        this.ofPollers = List.copyOf(ofPollers);
    }

    @Override
    public void attempted(Delivery delivery, Attempt attempt) {
        each(ofDeliveries, observer -> observer.attempted(delivery, attempt));
    }

    @Override
    public void settled(Delivery delivery, Fate fate, List<? extends PartitionRecords> records) {
        each(ofDeliveries, observer -> observer.settled(delivery, fate, records));
    }

    @Override
    public void gaveUp(Delivery delivery, FailureCondition why, List<? extends PartitionRecords> records) {
        each(ofDeliveries, observer -> observer.gaveUp(delivery, why, records));
    }

    @Override
    public void destinationFailed(Delivery delivery, int records, String reason) {
        each(ofDeliveries, observer -> observer.destinationFailed(delivery, records, reason));
    }

    @Override
    public void ended(Delivery delivery) {
        each(ofDeliveries, observer -> observer.ended(delivery));
    }

    @Override
    public void polled(EventSourceMapping mapping, int records, int filteredOut) {
        each(ofPollers, observer -> observer.polled(mapping, records, filteredOut));
    }

    @Override
    public void filteredOut(EventSourceMapping mapping, FilteredOut filteredOut) {
        each(ofPollers, observer -> observer.filteredOut(mapping, filteredOut));
    }

    @Override
    public void committed(EventSourceMapping mapping, long records) {
        each(ofPollers, observer -> observer.committed(mapping, records));
    }

    @Override
    public void pollingFailed(EventSourceMapping mapping, String errorCode, String message) {
        each(ofPollers, observer -> observer.pollingFailed(mapping, errorCode, message));
    }

    @Override
    public void commitFailed(EventSourceMapping mapping, String errorCode, String message) {
        each(ofPollers, observer -> observer.commitFailed(mapping, errorCode, message));
    }

    @Override
    public void assigned(EventSourceMapping mapping, PollerAssignment assignment) {
        each(ofPollers, observer -> observer.assigned(mapping, assignment));
    }

    @Override
    public void positions(EventSourceMapping mapping, int poller, List<PartitionPosition> positions) {
        each(ofPollers, observer -> observer.positions(mapping, poller, positions));
    }

    @Override
    public void stopped(EventSourceMapping mapping, int poller) {
        each(ofPollers, observer -> observer.stopped(mapping, poller));
    }

    private static <T> void each(List<T> observers, Consumer<T> call) {
        for (T observer : observers) {
            try {
                call.accept(observer);
            } catch (RuntimeException e) {
                LOG.error("{} failed at an observation; this indicates a bug", observer.getClass().getSimpleName(), e);
            }
        }
    }
}
