package dev.sluice.mapping;

import static dev.sluice.mapping.MappingState.CREATING;
import static dev.sluice.mapping.MappingState.DELETING;
import static dev.sluice.mapping.MappingState.DISABLED;
import static dev.sluice.mapping.MappingState.DISABLING;
import static dev.sluice.mapping.MappingState.ENABLED;
import static dev.sluice.mapping.MappingState.ENABLING;
import static dev.sluice.mapping.MappingState.UPDATING_DISABLED;
import static dev.sluice.mapping.MappingState.UPDATING_ENABLED;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which state follows which, and what has to be done about it: the state machine of a mapping, as one pure function.
 *
 * <pre>
 * create               -> Creating  -started-> Enabled        create(Enabled=false) -> Disabled
 * Enabled  -disable->     Disabling -stopped-> Disabled
 * Disabled -enable->      Enabling  -started-> Enabled
 * Enabled  -update->      Updating  -started-> Enabled        (also Enabled=true on an enabled mapping)
 * Disabled -update->      Updating  -stopped-> Disabled       (also Enabled=false on a disabled one)
 * Enabled | Disabled -delete-> Deleting -stopped-> gone
 * Creating | Enabling | Updating | Enabled -failed-> Disabled
 * any state -server restarted-> the same state, and what was under way is done again
 * </pre>
 *
 * Everything else is no legal edge: a request is then refused with ResourceInUseException, a fact changes nothing.
 */
final class MappingLifecycle {

    /** What can happen to a mapping: requests of its owner, facts reported by the fleet, a restart of the server. */
    enum Event {
        UPDATE_REQUESTED, ENABLE_REQUESTED, DISABLE_REQUESTED, DELETE_REQUESTED, STARTED, STOPPED, FAILED, SERVER_RESTARTED
    }

    /** What the fleet or the store has to do once the state is stored. */
    enum Effect {
        NONE, START, STOP, REMOVE;

        /** What the fleet does of it. */
        void on(Fleet fleet, EventSourceMapping mapping) {
            switch (this) {
                case START -> fleet.start(mapping);
                case STOP -> fleet.stop(mapping);
                case NONE, REMOVE -> {}
            }
        }
    }

    /** @param state unchanged when {@code effect} is REMOVE: the row goes away */
    record Transition(MappingState state, Effect effect) {
    }

    private MappingLifecycle() {
    }

    /** The transition that {@code event} causes in {@code state}, or empty when there is none. */
    static Optional<Transition> next(MappingState state, Event event) {
        return Optional.ofNullable(switch (event) {
            case UPDATE_REQUESTED -> requested(state, UPDATING_ENABLED, UPDATING_DISABLED);
            case ENABLE_REQUESTED -> requested(state, UPDATING_ENABLED, ENABLING);
            case DISABLE_REQUESTED -> requested(state, DISABLING, UPDATING_DISABLED);
            case DELETE_REQUESTED -> requested(state, DELETING, DELETING);
            case STARTED -> switch (state) {
                case CREATING, ENABLING, UPDATING_ENABLED, ENABLED -> new Transition(ENABLED, Effect.NONE);
                case DISABLING, DISABLED, UPDATING_DISABLED, DELETING -> null;
            };
            case STOPPED -> switch (state) {
                case DISABLING, UPDATING_DISABLED -> new Transition(DISABLED, Effect.NONE);
                case DELETING -> new Transition(DELETING, Effect.REMOVE);
                case CREATING, ENABLING, ENABLED, UPDATING_ENABLED, DISABLED -> null;
            };
            case FAILED -> switch (state) {
                case CREATING, ENABLING, ENABLED, UPDATING_ENABLED -> new Transition(DISABLED, Effect.STOP);
                case DISABLING, DISABLED, UPDATING_DISABLED, DELETING -> null;
            };
            case SERVER_RESTARTED -> new Transition(state, switch (state) {
                case CREATING, ENABLING, ENABLED, UPDATING_ENABLED -> Effect.START;
                case DISABLING, UPDATING_DISABLED, DELETING -> Effect.STOP;
                case DISABLED -> Effect.NONE;
            });
        });
    }

    /** Requests are taken in the two states of rest only. */
    private static @Nullable Transition requested(MappingState state, MappingState fromEnabled, MappingState fromDisabled) {
        return switch (state) {
            case ENABLED -> leadingTo(fromEnabled);
            case DISABLED -> leadingTo(fromDisabled);
            case CREATING, ENABLING, DISABLING, UPDATING_ENABLED, UPDATING_DISABLED, DELETING -> null;
        };
    }

    private static Transition leadingTo(MappingState target) {
        boolean running = target == CREATING || target == ENABLING || target == UPDATING_ENABLED;
        return new Transition(target, running ? Effect.START : Effect.STOP);
    }
}
