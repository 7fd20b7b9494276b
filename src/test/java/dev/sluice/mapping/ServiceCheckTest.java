package dev.sluice.mapping;

import static dev.sluice.fixture.Mappings.aMapping;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.fixture.InMemoryMappingStore;
import dev.sluice.mapping.KafkaConfig.Registry;
import dev.sluice.mapping.SettingsRequest.Pollers;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All refusals in their order: with any two things wrong, a request is refused for the first of them. */
class ServiceCheckTest {

    private static final Scope CALLER = new Scope("111111111111", "us-west-2");
    private static final String UNSUPPORTED = " parameter for given event source mapping type.";

    /** @param text what the refusal says when nothing before it is wrong */
    private record Defect(String text, Consumer<RequestDraft> spoil) {
        @Override
        public String toString() {
            return text;
        }
    }

    private static final Defect ON_SUCCESS = new Defect("Unsupported DestinationConfig" + UNSUPPORTED, draft -> draft.onSuccess = true);
    private static final List<Defect> OF_CREATIONS_FIRST = List.of(ON_SUCCESS,
            new Defect("Unrecognized event source.", draft -> draft.source = false),
            new Defect("Required 'sourceAccessConfigurations' parameter is missing.", draft -> draft.access = false),
            new Defect("Required 'topics' parameter is missing.", draft -> draft.topics = false));
    private static final Defect INAPPLICABLE = new Defect("Unsupported 'parallelizationFactor'" + UNSUPPORTED,
            draft -> draft.inapplicable.add("parallelizationFactor"));
    private static final Defect OTHER_KIND = new Defect("Unsupported 'amazonManagedKafkaEventSourceConfig'" + UNSUPPORTED,
            draft -> draft.amazon = new KafkaConfig("g", null, null));
    private static final Defect GROUP = new Defect("Unsupported 'selfManagedKafkaEventSourceConfig.consumerGroupId'" + UNSUPPORTED,
            draft -> draft.consumerGroupId = "g");
    private static final Defect MODE = new Defect("Unsupported 'selfManagedKafkaEventSourceConfig.consumptionMode'" + UNSUPPORTED,
            draft -> draft.mode = KafkaSource.ConsumptionMode.STREAM);
    private static final Defect POSITION_OF_A_QUEUE = new Defect("Unsupported 'startingPosition'" + UNSUPPORTED, draft -> {
        draft.mode = KafkaSource.ConsumptionMode.QUEUE;
        draft.position = new SourceRequest.Position(StartingPosition.Type.LATEST, null);
    });
    private static final Defect POSITION = new Defect("Required 'startingPositionTimestamp' parameter is missing.",
            draft -> draft.position = new SourceRequest.Position(StartingPosition.Type.AT_TIMESTAMP, null));
    private static final List<Defect> OF_SETTINGS = List.of(
            new Defect("Unsupported 'sourceAccessConfigurations'" + UNSUPPORTED,
                    draft -> draft.accesses.add(new SourceAccessConfiguration("VIRTUAL_HOST", "v"))),
            new Defect("1 validation error detected: Value 'my-secret' at 'sourceAccessConfigurations.1.member.uRI' failed to satisfy"
                    + " constraint: Member must be the ARN of a Secrets Manager secret.",
                    draft -> draft.accesses.add(0, new SourceAccessConfiguration("BASIC_AUTH", "my-secret"))),
            new Defect("1 validation error detected: Value '59' at 'maximumRecordAgeInSeconds' failed to satisfy constraint: Member must"
                    + " be -1 or have value greater than or equal to 60.", draft -> draft.recordAge = 59),
            new Defect("1 validation error detected: Value '4' at 'provisionedPollerConfig.maximumPollers' failed to satisfy constraint:"
                    + " Member must have value greater than or equal to minimumPollers, 5.",
                    draft -> draft.pollers = new Pollers(5, 4, null)),
            new Defect("The provided destination config DestinationConfig(onSuccess=null, onFailure=OnFailure(destination=kafka://orders))"
                    + " is invalid.", draft -> draft.destination = "kafka://orders"),
            new Defect("Invalid filter pattern definition.", draft -> draft.filters.add("broken")),
            new Defect("Required 'selfManagedKafkaEventSourceConfig.schemaRegistryConfig.eventRecordFormat' parameter is missing.",
                    draft -> draft.registry = new Registry("https://registry", null, List.of(), List.of())),
            new Defect("Unsupported 'maximumRetryAttempts'" + UNSUPPORTED, draft -> draft.retries = 3),
            new Defect("Function does not exist", draft -> draft.function = "nobody"));

    private final InMemoryMappingStore store = new InMemoryMappingStore();
    private final EventSourceMappings mappings = new EventSourceMappings(store, new Fleet() {
        @Override
        public void start(EventSourceMapping mapping) {
        }

        @Override
        public void stop(EventSourceMapping mapping) {
        }
    }, arn -> arn.name().startsWith("my-"), Clock.systemUTC(), UUID::randomUUID,
            new SettingsRules(false, pattern -> Optional.of("no JSON").filter(problem -> pattern.equals("broken"))));

    private static List<Defect> ofCreations() {
        return Stream.of(OF_CREATIONS_FIRST, List.of(INAPPLICABLE, OTHER_KIND, POSITION_OF_A_QUEUE, POSITION), OF_SETTINGS)
                .flatMap(List::stream).toList();
    }

    private static List<Defect> ofUpdates() {
        return Stream.concat(Stream.of(ON_SUCCESS, INAPPLICABLE, OTHER_KIND, GROUP, MODE), OF_SETTINGS.stream()).toList();
    }

    @ParameterizedTest
    @MethodSource("ofCreations")
    void aCreationIsRefusedForTheFirstThingWrong(Defect first) {
        // There is a duplicate in any case: that is asked last.
        store.insert(aMapping().scope(CALLER).selfManagedKafka(RequestDraft.BROKER).topics("orders")
                .function(new FunctionArn(CALLER, "my-function", null)).build());
        List<Defect> later = ofCreations().subList(ofCreations().indexOf(first), ofCreations().size());

        for (Defect second : later) {
            RequestDraft draft = spoilt(second, first);
            assertThat(catchThrowable(() -> mappings.create(CALLER, draft.create()))).as("with also %s", second)
                    .isInstanceOf(MappingException.InvalidParameter.class).hasMessage(first.text());
        }
        assertThat(store.all()).hasSize(1);
        assertThat(catchThrowable(() -> mappings.create(CALLER, new RequestDraft().create())))
                .isInstanceOf(MappingException.Duplicate.class);
    }

    @ParameterizedTest
    @MethodSource("ofUpdates")
    void anUpdateIsRefusedForTheFirstThingWrong(Defect first) {
        EventSourceMapping seen = aMapping().scope(CALLER).selfManagedKafka(RequestDraft.BROKER).topics("orders")
                .function(new FunctionArn(CALLER, "my-other", null)).build();
        store.insert(seen);
        store.insert(aMapping().scope(CALLER).selfManagedKafka(RequestDraft.BROKER).topics("orders")
                .function(new FunctionArn(CALLER, "my-function", null)).build());

        for (Defect second : ofUpdates().subList(ofUpdates().indexOf(first), ofUpdates().size())) {
            RequestDraft draft = spoilt(second, first);
            assertThat(catchThrowable(() -> mappings.update(CALLER, seen.id().toString(), draft.update()))).as("with also %s", second)
                    .isInstanceOf(MappingException.InvalidParameter.class).hasMessage(first.text());
        }
        assertThat(store.find(seen.id())).contains(seen);
        assertThat(catchThrowable(() -> mappings.update(CALLER, seen.id().toString(), new RequestDraft().update())))
                .isInstanceOf(MappingException.Duplicate.class);
    }

    @Test
    void anUpdateCannotTakeTheAccessesAwayThatACreationNeeds() {
        EventSourceMapping seen = aMapping().scope(CALLER).selfManagedKafka(RequestDraft.BROKER).topics("orders").build();
        store.insert(seen);
        RequestDraft draft = new RequestDraft();
        draft.accesses.clear();
        assertThat(catchThrowable(() -> mappings.update(CALLER, seen.id().toString(), draft.update())))
                .hasMessage("Required 'sourceAccessConfigurations' parameter is missing.");
        draft.access = false;
        assertThatCode(() -> mappings.update(CALLER, seen.id().toString(), draft.update())).doesNotThrowAnyException();
    }

    @Test
    void aQueueHasNoPositionAndNoWindow() {
        RequestDraft draft = new RequestDraft();
        draft.mode = KafkaSource.ConsumptionMode.QUEUE;
        draft.position = new SourceRequest.Position(null, Instant.EPOCH);
        assertThat(catchThrowable(() -> mappings.create(CALLER, draft.create())))
                .hasMessage("Unsupported 'startingPositionTimestamp'" + UNSUPPORTED);
        draft.position = null;
        draft.window = Duration.ZERO;
        assertThat(catchThrowable(() -> mappings.create(CALLER, draft.create())))
                .hasMessage("Unsupported 'maximumBatchingWindowInSeconds'" + UNSUPPORTED);
        draft.window = null;
        assertThat(mappings.create(CALLER, draft.create()).source().startingPosition()).isNull();

        EventSourceMapping queue = aMapping().scope(CALLER).selfManagedKafka(RequestDraft.BROKER).topics("others")
                .function(new FunctionArn(CALLER, "my-other", null)).queue().build();
        store.insert(queue);
        RequestDraft update = new RequestDraft();
        update.window = Duration.ofSeconds(1);
        assertThat(catchThrowable(() -> mappings.update(CALLER, queue.id().toString(), update.update())))
                .hasMessage("Unsupported 'maximumBatchingWindowInSeconds'" + UNSUPPORTED);
        update.window = null;
        assertThatCode(() -> mappings.update(CALLER, queue.id().toString(), update.update())).doesNotThrowAnyException();
    }

    @Test
    void everyCheckHasItsDefectHere() {
        // The function is no service check of the table; the consumer group and the mode are asked in updates only.
        assertThat(ofCreations()).hasSize(ServiceCheck.values().length - 2 + 1);
        assertThat(ofUpdates()).containsOnlyOnce(GROUP, MODE);
    }

    @Test
    void aRequestWithNothingWrongIsTaken() {
        assertThatCode(() -> mappings.create(CALLER, new RequestDraft().create())).doesNotThrowAnyException();
    }

    private static RequestDraft spoilt(Defect... defects) {
        RequestDraft draft = new RequestDraft();
        for (Defect defect : defects) {
            defect.spoil().accept(draft);
        }
        return draft;
    }
}
