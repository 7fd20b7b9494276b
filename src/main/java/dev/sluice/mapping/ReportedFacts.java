package dev.sluice.mapping;

import dev.sluice.mapping.MappingLifecycle.Effect;
import dev.sluice.mapping.MappingLifecycle.Event;
import dev.sluice.mapping.MappingLifecycle.Transition;
import java.time.Instant;
import java.util.function.Supplier;

/** What becomes of a mapping's row when the fleet tells a fact? The one place where facts turn into states. Thread-safe. */
final class ReportedFacts implements FleetReports {

    private final MappingStore store;
    private final Fleet fleet;
    private final MappingChanges changes;
    private final Supplier<Instant> now;

    ReportedFacts(MappingStore store, Fleet fleet, MappingChanges changes, Supplier<Instant> now) {
        this.store = store;
        this.fleet = fleet;
        this.changes = changes;
        this.now = now;
    }

    @Override
    public void tell(MappingId id, long generation, Fact.Stored fact) {
        if (fact instanceof Fact.Result result) {
            store.recordProcessingResult(id, generation, result.lastProcessingResult());
        } else if (fact instanceof Fact.StartingPositionApplied) {
            store.recordStartingPositionApplied(id, generation);
        } else if (fact instanceof Fact.Started) {
            changeState(id, generation, Event.STARTED, StateTransitionReason.USER_INITIATED);
        } else if (fact instanceof Fact.Stopped) {
            changeState(id, generation, Event.STOPPED, StateTransitionReason.USER_INITIATED);
        } else if (fact instanceof Fact.Failed failed) {
            failed(id, generation, failed);
        } else {
            throw new IllegalStateException("nobody knows what to do with " + fact); // FactTest tells every fact
        }
    }

    private void failed(MappingId id, long generation, Fact.Failed failed) {
        boolean news = store.find(id).filter(row -> row.generation() == generation)
                .flatMap(row -> MappingLifecycle.next(row.state(), Event.FAILED)).isPresent();
        if (news) { // before the state, which nobody should find without
            store.recordFailure(id, generation, new MappingFailure(now.get(), failed.cause()));
        }
        changeState(id, generation, Event.FAILED, failed.reason());
    }

    private void changeState(MappingId id, long generation, Event event, StateTransitionReason reason) {
        while (true) {
            EventSourceMapping seen = store.find(id).filter(row -> row.generation() == generation).orElse(null);
            if (seen == null) {
                return; // of an older generation
            }
            Transition transition = MappingLifecycle.next(seen.state(), event).orElse(null);
            if (transition == null) {
                return; // said again
            }
            if (transition.effect() == Effect.REMOVE) {
                if (store.remove(seen)) {
                    changes.removed(seen);
                    return;
                }
                continue;
            }
            if (transition.state() == seen.state()) {
                return;
            }
            EventSourceMapping updated = seen.with(seen.settings(), status(seen.status(), transition.state(), event, reason));
            if (store.replace(seen, updated).done()) {
                changes.reported(seen, updated);
                transition.effect().on(fleet, updated);
                return;
            }
        }
    }

    /** LastModified is the time of the last request, so facts leave it alone; only a failure changes the reason. */
    private static MappingStatus status(MappingStatus old, MappingState state, Event event, StateTransitionReason reason) {
        return new MappingStatus(state, event == Event.FAILED ? reason : old.reason(), old.lastProcessingResult(),
                old.lastModified(), old.generation(), old.startingPositionApplied());
    }
}
