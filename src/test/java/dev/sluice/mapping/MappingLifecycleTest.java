package dev.sluice.mapping;

import static dev.sluice.mapping.MappingState.CREATING;
import static dev.sluice.mapping.MappingState.DELETING;
import static dev.sluice.mapping.MappingState.DISABLED;
import static dev.sluice.mapping.MappingState.DISABLING;
import static dev.sluice.mapping.MappingState.ENABLED;
import static dev.sluice.mapping.MappingState.ENABLING;
import static dev.sluice.mapping.MappingState.UPDATING_DISABLED;
import static dev.sluice.mapping.MappingState.UPDATING_ENABLED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.MappingLifecycle.Effect;
import dev.sluice.mapping.MappingLifecycle.Event;
import dev.sluice.mapping.MappingLifecycle.Transition;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MappingLifecycleTest {

    private record Step(MappingState state, Event event) {
    }

    /** Every legal edge; what isn't here is illegal. */
    private static final Map<Step, Transition> LEGAL = new HashMap<>();

    static {
        edge(ENABLED, Event.UPDATE_REQUESTED, UPDATING_ENABLED, Effect.START);
        edge(ENABLED, Event.ENABLE_REQUESTED, UPDATING_ENABLED, Effect.START);
        edge(ENABLED, Event.DISABLE_REQUESTED, DISABLING, Effect.STOP);
        edge(ENABLED, Event.DELETE_REQUESTED, DELETING, Effect.STOP);
        edge(DISABLED, Event.UPDATE_REQUESTED, UPDATING_DISABLED, Effect.STOP);
        edge(DISABLED, Event.DISABLE_REQUESTED, UPDATING_DISABLED, Effect.STOP);
        edge(DISABLED, Event.ENABLE_REQUESTED, ENABLING, Effect.START);
        edge(DISABLED, Event.DELETE_REQUESTED, DELETING, Effect.STOP);

        edge(CREATING, Event.STARTED, ENABLED, Effect.NONE);
        edge(ENABLING, Event.STARTED, ENABLED, Effect.NONE);
        edge(UPDATING_ENABLED, Event.STARTED, ENABLED, Effect.NONE);
        edge(ENABLED, Event.STARTED, ENABLED, Effect.NONE);
        edge(DISABLING, Event.STOPPED, DISABLED, Effect.NONE);
        edge(UPDATING_DISABLED, Event.STOPPED, DISABLED, Effect.NONE);
        edge(DELETING, Event.STOPPED, DELETING, Effect.REMOVE);
        edge(CREATING, Event.FAILED, DISABLED, Effect.STOP);
        edge(ENABLING, Event.FAILED, DISABLED, Effect.STOP);
        edge(ENABLED, Event.FAILED, DISABLED, Effect.STOP);
        edge(UPDATING_ENABLED, Event.FAILED, DISABLED, Effect.STOP);

        edge(CREATING, Event.SERVER_RESTARTED, CREATING, Effect.START);
        edge(ENABLING, Event.SERVER_RESTARTED, ENABLING, Effect.START);
        edge(ENABLED, Event.SERVER_RESTARTED, ENABLED, Effect.START);
        edge(UPDATING_ENABLED, Event.SERVER_RESTARTED, UPDATING_ENABLED, Effect.START);
        edge(DISABLING, Event.SERVER_RESTARTED, DISABLING, Effect.STOP);
        edge(UPDATING_DISABLED, Event.SERVER_RESTARTED, UPDATING_DISABLED, Effect.STOP);
        edge(DELETING, Event.SERVER_RESTARTED, DELETING, Effect.STOP);
        edge(DISABLED, Event.SERVER_RESTARTED, DISABLED, Effect.NONE);
    }

    private static void edge(MappingState from, Event event, MappingState to, Effect effect) {
        LEGAL.put(new Step(from, event), new Transition(to, effect));
    }

    static Stream<Arguments> everyPair() {
        return Stream.of(MappingState.values())
                .flatMap(state -> Stream.of(Event.values()).map(event -> Arguments.of(state, event)));
    }

    @ParameterizedTest
    @MethodSource("everyPair")
    void takesTheLegalEdgesAndNoOther(MappingState state, Event event) {
        Transition expected = LEGAL.get(new Step(state, event));
        if (expected == null) {
            assertThat(MappingLifecycle.next(state, event)).isEmpty();
        } else {
            assertThat(MappingLifecycle.next(state, event)).contains(expected);
        }
    }

    @Test
    void refusesEveryRequestInATransitionalState() {
        for (MappingState state : MappingState.values()) {
            assertThat(MappingLifecycle.next(state, Event.UPDATE_REQUESTED).isPresent())
                    .as("update in %s", state).isEqualTo(!state.transitional());
            assertThat(MappingLifecycle.next(state, Event.DELETE_REQUESTED).isPresent())
                    .as("delete in %s", state).isEqualTo(!state.transitional());
        }
    }
}
