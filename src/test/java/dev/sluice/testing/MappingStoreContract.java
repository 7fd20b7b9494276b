package dev.sluice.testing;

import static dev.sluice.testing.Mappings.aMapping;
import static dev.sluice.testing.Mappings.like;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingFailure;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.MappingState;
import dev.sluice.mapping.MappingStore;
import dev.sluice.mapping.MappingStore.Replacement;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.mapping.StateTransitionReason;
import dev.sluice.resource.FunctionArn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link MappingStore} does. A store's test extends this and says how to get an empty one. Here: the changes. */
public abstract class MappingStoreContract extends MappingTagsContract {

    static Stream<EventSourceMapping> shapes() {
        return Stream.of(
                aMapping().build(),
                aMapping().selfManagedKafka("b:9092", "a:9092", "a:9093").topics("z", "a", "m").consumerGroupId("my-group")
                        .scope(ELSEWHERE).function(new FunctionArn(ELSEWHERE, "g", "live"))
                        .startingPosition(StartingPosition.LATEST).batchSize(10_000).maximumBatchingWindow(Duration.ZERO)
                        .sourceAccessConfigurations(new SourceAccessConfiguration("VPC_SUBNET", "subnet:subnet-2"),
                                new SourceAccessConfiguration("VPC_SUBNET", "subnet:subnet-1"),
                                new SourceAccessConfiguration("VPC_SUBNET", "subnet:subnet-2"))
                        .reason(StateTransitionReason.EVENT_SOURCE_AUTHN_ERROR)
                        .lastProcessingResult("PROBLEM: 'ü' \u0001 \uD83D\uDE00; --").generation(Long.MAX_VALUE)
                        .startingPositionApplied(true).build(),
                aMapping().maximumBatchingWindow(Duration.ofSeconds(300)).created(Instant.EPOCH)
                        .startingPosition(StartingPosition.atTimestamp(Instant.parse("9999-12-31T23:59:59.999999Z")))
                        .lastModified(Instant.parse("1969-12-31T23:59:59.000001Z")).build());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void findsAMappingAsItWasInserted(EventSourceMapping mapping) {
        assertThat(store().insert(mapping)).isEmpty();

        assertThat(store().find(mapping.id())).contains(mapping);
        assertThat(store().all()).containsExactly(mapping);
    }

    @Test
    void keepsWhyAMappingIsDisabledAsLongAsItIsThatGeneration() {
        EventSourceMapping mapping = insert(aMapping().state(MappingState.ENABLED));
        MappingFailure first = new MappingFailure(Instant.parse("2026-11-24T10:00:00.123Z"), "first 'ü'");
        MappingFailure second = new MappingFailure(Instant.parse("2026-11-24T10:00:01Z"), "second");
        long generation = mapping.generation();

        assertThat(store().failure(mapping.id(), generation)).isEmpty();
        assertThat(store().recordFailure(mapping.id(), generation, first)).isTrue();
        assertThat(store().failure(mapping.id(), generation)).contains(first);
        assertThat(store().recordFailure(mapping.id(), generation, second)).isTrue();
        assertThat(store().recordFailure(mapping.id(), generation + 1, first)).isFalse();

        assertThat(store().failure(mapping.id(), generation)).contains(second);
        assertThat(store().failure(mapping.id(), generation + 1)).isEmpty();
        assertThat(store().find(mapping.id())).contains(mapping);
        assertThat(store().remove(mapping)).isTrue();
        assertThat(store().failure(mapping.id(), generation)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(MappingState.class)
    void keepsEveryState(MappingState state) {
        EventSourceMapping mapping = insert(aMapping().state(state));

        assertThat(store().find(mapping.id())).map(EventSourceMapping::state).contains(state);
    }

    @ParameterizedTest
    @EnumSource(StateTransitionReason.class)
    void keepsEveryReason(StateTransitionReason reason) {
        EventSourceMapping mapping = insert(aMapping().reason(reason));

        assertThat(store().find(mapping.id())).map(found -> found.status().reason()).contains(reason);
    }

    @Test
    void keepsEveryKindOfEventSource() {
        List<Class<?>> kinds = List.of(insert(aMapping()), insert(aMapping().selfManagedKafka("a:9092"))).stream()
                .map(mapping -> store().find(mapping.id()).orElseThrow().source().eventSource().getClass())
                .collect(Collectors.toList());

        assertThat(kinds).containsExactlyInAnyOrder(EventSource.class.getPermittedSubclasses());
    }

    @Test
    void keepsTimesToTheMicrosecond() {
        EventSourceMapping mapping = insert(aMapping().created(Instant.parse("2026-01-01T00:00:00.123456789Z"))
                .lastModified(Instant.parse("1969-01-01T00:00:00.123456789Z"))
                .startingPosition(StartingPosition.atTimestamp(Instant.parse("2025-01-01T00:00:00.123456789Z"))));

        assertThat(store().find(mapping.id())).contains(like(mapping)
                .created(Instant.parse("2026-01-01T00:00:00.123456Z"))
                .lastModified(Instant.parse("1969-01-01T00:00:00.123456Z"))
                .startingPosition(StartingPosition.atTimestamp(Instant.parse("2025-01-01T00:00:00.123456Z"))).build());
    }

    @Test
    void returnsTheMappingThatANewOneDuplicatesAndKeepsOnlyThat() {
        EventSourceMapping stored = insert(aMapping().selfManagedKafka("a:9092", "b:9092").topics("t", "u"));
        EventSourceMapping duplicate = aMapping().selfManagedKafka("b:9092", "c:9092").topics("u", "v")
                .consumerGroupId("other").build();

        assertThat(store().insert(duplicate)).contains(stored);

        assertThat(store().all()).containsExactly(stored);
    }

    @Test
    void returnsTheOldestOfSeveralMappingsThatANewOneDuplicates() {
        insert(aMapping().selfManagedKafka("b:9092").created(Mappings.CREATED.plusSeconds(1)));
        EventSourceMapping oldest = insert(aMapping().selfManagedKafka("a:9092"));

        assertThat(store().insert(aMapping().selfManagedKafka("a:9092", "b:9092").build())).contains(oldest);
    }

    @Test
    void takesMappingsThatDifferInSourceTopicFunctionQualifierOrScope() {
        List<EventSourceMapping> different = List.of(
                aMapping().build(),
                aMapping().mskCluster(Mappings.MSK_ARN + "x").build(),
                aMapping().selfManagedKafka("a:9092").build(),
                aMapping().topics("other").build(),
                aMapping().function("other").build(),
                aMapping().function(new FunctionArn(Mappings.SCOPE, "my-kafka-function", "live")).build(),
                aMapping().function(new FunctionArn(ELSEWHERE, "my-kafka-function", null)).build(),
                aMapping().scope(ELSEWHERE).build());

        assertThat(different).allSatisfy(mapping -> assertThat(store().insert(mapping)).isEmpty());
    }

    @Test
    void takesTheSameMappingAgainOnceItIsRemoved() {
        EventSourceMapping mapping = insert(aMapping());
        store().remove(mapping);

        assertThat(store().insert(mapping)).isEmpty();
        assertThat(store().find(mapping.id())).contains(mapping);
    }

    @Test
    void replacesAMappingThatIsAsItWasSeen() {
        EventSourceMapping seen = insert(aMapping().sourceAccessConfigurations(new SourceAccessConfiguration("A", "1")));
        EventSourceMapping bystander = insert(aMapping().topics("other"));
        EventSourceMapping updated = like(seen).function("g").batchSize(7).maximumBatchingWindow(Duration.ofSeconds(2))
                .sourceAccessConfigurations(new SourceAccessConfiguration("B", "2"), new SourceAccessConfiguration("A", "1"))
                .state(MappingState.UPDATING_ENABLED).reason(StateTransitionReason.FUNCTION_CONFIG_NOT_VALID)
                .lastProcessingResult("OK").lastModified(Mappings.CREATED.plusSeconds(9)).generation(2)
                .startingPositionApplied(true).build();

        assertThat(store().replace(seen, updated).done()).isTrue();

        assertThat(store().all()).containsExactlyInAnyOrder(updated, bystander);
    }

    @Test
    void replacesNothingWhenGenerationOrStateHasMovedOnOrTheMappingIsGone() {
        EventSourceMapping stored = insert(aMapping().generation(2).state(MappingState.ENABLED));
        EventSourceMapping updated = like(stored).generation(3).batchSize(7).build();

        assertThat(store().replace(like(stored).generation(1).build(), updated).done()).isFalse();
        assertThat(store().replace(like(stored).generation(3).build(), updated).done()).isFalse();
        assertThat(store().replace(like(stored).state(MappingState.DISABLED).build(), updated).done()).isFalse();
        EventSourceMapping unknown = aMapping().build();
        assertThat(store().replace(unknown, unknown).done()).isFalse();

        assertThat(store().all()).containsExactly(stored);
    }

    @Test
    void refusesToReplaceOneMappingByAnother() {
        EventSourceMapping seen = insert(aMapping());

        assertThatThrownBy(() -> store().replace(seen, aMapping().build())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(seen.id().toString());
        assertThat(store().all()).containsExactly(seen);
    }

    @Test
    void replacingKeepsWhatWasRecordedSinceTheMappingWasSeen() {
        EventSourceMapping seen = insert(aMapping().state(MappingState.CREATING));
        store().recordStartingPositionApplied(seen.id(), 1);
        store().recordProcessingResult(seen.id(), 1, "OK");

        assertThat(store().replace(seen, like(seen).state(MappingState.ENABLED).build()).done()).isTrue();

        assertThat(store().find(seen.id())).contains(like(seen).state(MappingState.ENABLED).lastProcessingResult("OK")
                .startingPositionApplied(true).build());
    }

    @Test
    void replacingPutsItsOwnProcessingResultOverARecordedOne() {
        EventSourceMapping seen = insert(aMapping());
        store().recordProcessingResult(seen.id(), 1, "OK");

        store().replace(seen, like(seen).lastProcessingResult("PROBLEM: x").build());

        assertThat(store().find(seen.id())).map(found -> found.status().lastProcessingResult()).contains("PROBLEM: x");
    }

    @Test
    void removesAMappingThatIsAsItWasSeen() {
        EventSourceMapping seen = insert(aMapping());
        EventSourceMapping bystander = insert(aMapping().topics("other"));

        assertThat(store().remove(seen)).isTrue();
        assertThat(store().remove(seen)).isFalse();

        assertThat(store().all()).containsExactly(bystander);
    }

    @Test
    void removesNothingWhenGenerationOrStateHasMovedOn() {
        EventSourceMapping stored = insert(aMapping().generation(2).state(MappingState.DELETING));

        assertThat(store().remove(like(stored).generation(1).build())).isFalse();
        assertThat(store().remove(like(stored).state(MappingState.ENABLED).build())).isFalse();

        assertThat(store().all()).containsExactly(stored);
    }

    @Test
    void recordsAProcessingResultAndNothingElse() {
        EventSourceMapping stored = insert(aMapping().generation(2));

        assertThat(store().recordProcessingResult(stored.id(), 2, "OK")).isTrue();

        assertThat(store().find(stored.id())).contains(like(stored).lastProcessingResult("OK").build());
    }

    @Test
    void recordsAnAppliedStartingPositionAndNothingElse() {
        EventSourceMapping stored = insert(aMapping().generation(2));

        assertThat(store().recordStartingPositionApplied(stored.id(), 2)).isTrue();
        assertThat(store().recordStartingPositionApplied(stored.id(), 2)).isTrue();

        assertThat(store().find(stored.id())).contains(like(stored).startingPositionApplied(true).build());
    }

    @Test
    void recordsNothingOfAnOlderGenerationOrAnUnknownMapping() {
        EventSourceMapping stored = insert(aMapping().generation(2));

        assertThat(store().recordProcessingResult(stored.id(), 1, "OK")).isFalse();
        assertThat(store().recordStartingPositionApplied(stored.id(), 1)).isFalse();
        MappingId unknown = new MappingId(UUID.randomUUID());
        assertThat(store().recordProcessingResult(unknown, 1, "OK")).isFalse();
        assertThat(store().recordStartingPositionApplied(unknown, 1)).isFalse();

        assertThat(store().all()).containsExactly(stored);
    }

    @Test
    void letsExactlyOneOfManyThreadsReplaceWhatTheyAllSaw() throws Exception {
        EventSourceMapping seen = insert(aMapping());

        List<Boolean> replaced = together(8, i -> store().replace(seen, like(seen).generation(2).batchSize(i + 1).build()).done());

        assertThat(replaced).containsOnlyOnce(true);
        assertThat(store().find(seen.id())).map(found -> found.settings().batchSize()).contains(replaced.indexOf(true) + 1);
    }

    @Test
    void refusesAReplacementThatGoesToTheFunctionOfADuplicate() {
        EventSourceMapping other = insert(aMapping().function("g"));
        EventSourceMapping seen = insert(aMapping().function("f"));

        assertThat(store().replace(seen, like(seen).function("g").generation(2).build())).isEqualTo(new Replacement.Duplicate(other));
        assertThat(store().find(seen.id())).contains(seen);
        assertThat(store().replace(seen, like(seen).function("h").generation(2).build())).isEqualTo(new Replacement.Done());
    }

    // Who lost a race has to read the row again before anything else is said: the duplicate may not be one any more.
    @Test
    void tellsAnOutdatedReplacementBeforeADuplicate() {
        insert(aMapping().function("g"));
        EventSourceMapping seen = insert(aMapping().function("f"));

        assertThat(store().replace(like(seen).state(MappingState.DISABLED).build(), like(seen).function("g").build()))
                .isEqualTo(new Replacement.Outdated());
    }

    @Test
    void twoReplacementsAtOnceMakeNoDuplicates() throws Exception {
        List<EventSourceMapping> mappings = IntStream.range(0, 8).mapToObj(i -> insert(aMapping().function("f" + i))).toList();

        List<Boolean> replaced = together(8, i -> store().replace(mappings.get(i),
                like(mappings.get(i)).function("g").generation(2).build()).done());

        assertThat(replaced).containsOnlyOnce(true);
        assertThat(store().all()).filteredOn(mapping -> mapping.settings().functionArn().name().equals("g")).hasSize(1);
    }

    @Test
    void letsExactlyOneOfManyThreadsInsertADuplicate() throws Exception {
        List<Boolean> inserted = together(8, i -> store().insert(aMapping().build()).isEmpty());

        assertThat(inserted).containsOnlyOnce(true);
        assertThat(store().all()).hasSize(1);
    }
}
