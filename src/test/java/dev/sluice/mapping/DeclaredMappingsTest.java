package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.InMemoryDeclarationStore;
import dev.sluice.testing.InMemoryMappingStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeclaredMappingsTest {

    private static final Scope OWNER = new Scope("000000000000", "us-east-1");

    private final InMemoryMappingStore store = new InMemoryMappingStore();
    private final EventSourceMappings mappings = new EventSourceMappings(store, new Fleet() {
        @Override
        public void start(EventSourceMapping mapping) {
            throw new AssertionError("nothing may start before resume");
        }

        @Override
        public void stop(EventSourceMapping mapping) {
            throw new AssertionError("nothing runs yet");
        }
    }, arn -> arn.name().equals("orders"), Clock.systemUTC(), UUID::randomUUID, false);
    private final InMemoryDeclarationStore declarations = new InMemoryDeclarationStore(store);
    private final DeclaredMappings declared = new DeclaredMappings(mappings, store, declarations);

    @Test
    void makesAMappingOnce() {
        declared.apply("m", OWNER, declaration("orders", 10));
        EventSourceMapping first = only();
        declared.apply("m", OWNER, declaration("orders", 10));

        assertThat(only()).isEqualTo(first);
        assertThat(first.state()).isEqualTo(MappingState.CREATING);
    }

    @Test
    void leavesWhatTheApiDidUntilTheDeclarationChanges() {
        declared.apply("m", OWNER, declaration("orders", 10));
        store.remove(only());
        declared.apply("m", OWNER, declaration("orders", 10));
        assertThat(store.all()).isEmpty();

        declared.apply("m", OWNER, declaration("orders", 11));
        assertThat(only().settings().batchSize()).isEqualTo(11);
    }

    @Test
    void aChangedBatchSizeKeepsTheGroupAndSoItsCommits() {
        declared.apply("m", OWNER, declaration("orders", 10));
        String group = only().source().consumerGroupId();
        declared.apply("m", OWNER, declaration("orders", 11));

        assertThat(only().source().consumerGroupId()).isEqualTo(group);
    }

    @Test
    void aRefusedDeclarationLeavesTheOldMappingAlone() {
        declared.apply("m", OWNER, declaration("orders", 10));
        EventSourceMapping old = only();

        assertThatThrownBy(() -> declared.apply("m", OWNER, declaration("unknown", 11))).isInstanceOf(MappingException.class);
        assertThat(only()).isEqualTo(old);
    }

    @Test
    void aStartThatBrokeOffChangesNothingAndDoesNotPreventTheNext() {
        declared.apply("m", OWNER, declaration("orders", 10));
        EventSourceMapping old = only();
        EventSourceMappings breaking = new EventSourceMappings(store, null, arn -> {
            throw new UncheckedIOException(new IOException("killed here, or the disk is full"));
        }, Clock.systemUTC(), UUID::randomUUID, false);
        assertThatThrownBy(() -> new DeclaredMappings(breaking, store, declarations).apply("m", OWNER, declaration("orders", 11)))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(only()).isEqualTo(old);
        declared.apply("m", OWNER, declaration("orders", 11));

        assertThat(only().source().consumerGroupId()).as("its commits would be lost with it").isEqualTo(old.source().consumerGroupId());
    }

    @Test
    void aChangeThatAnUpdateCouldMakeKeepsWhatIsApplied() {
        declared.apply("m", OWNER, declaration("orders", 10));
        EventSourceMapping old = only();
        store.recordStartingPositionApplied(old.id(), old.generation());
        declared.apply("m", OWNER, declaration("orders", 11));

        assertThat(only().id()).isEqualTo(old.id());
        assertThat(only().generation()).isEqualTo(old.generation() + 1);
        assertThat(only().status().startingPositionApplied()).isTrue();
    }

    @Test
    void anotherStartingPositionMakesANewMapping() {
        declared.apply("m", OWNER, declaration("orders", 10));
        EventSourceMapping old = only();
        declared.apply("m", OWNER, new EventSourceMappings.Create(FunctionReference.parse("orders").orElseThrow(), null,
                List.of("localhost:9092"), List.of("orders"), StartingPosition.LATEST, 10, null, null, null, null));

        assertThat(only().id()).isNotEqualTo(old.id());
        assertThat(only().status().startingPositionApplied()).isFalse();
    }

    private EventSourceMapping only() {
        assertThat(store.all()).hasSize(1);
        return store.all().get(0);
    }

    private static EventSourceMappings.Create declaration(String function, int batchSize) {
        return new EventSourceMappings.Create(FunctionReference.parse(function).orElseThrow(), null, List.of("localhost:9092"),
                List.of("orders"), null, batchSize, null, null, null, null);
    }
}
