package dev.sluice.mapping;

import static dev.sluice.fixture.SettingsRequests.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.InMemoryMappingStore;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventSourceMappingsTest {

    private static final Scope CALLER = new Scope("111111111111", "us-west-2");
    private static final String ARN = "arn:aws:kafka:us-west-2:111111111111:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    private static final FunctionReference FUNCTION = FunctionReference.parse("my-kafka-function").orElseThrow();
    private static final FunctionReference NOBODY = FunctionReference.parse("doesnotexist").orElseThrow();
    private static final List<SourceAccessConfiguration> SUBNET =
            List.of(new SourceAccessConfiguration("VPC_SUBNET", "subnet:subnet-local"));

    private final InMemoryMappingStore store = new InMemoryMappingStore();
    private final List<String> effects = new ArrayList<>();
    private long nextId = 1;
    private final EventSourceMappings mappings = mappings(false);

    private EventSourceMappings mappings(boolean relaxed) {
        Fleet fleet = new Fleet() {
            @Override
            public void start(EventSourceMapping mapping) {
                effects.add("start " + mapping.generation());
            }

            @Override
            public void stop(EventSourceMapping mapping) {
                effects.add("stop " + mapping.generation());
            }
        };
        return new EventSourceMappings(store, fleet, arn -> arn.name().startsWith("my-"),
                Clock.fixed(Instant.parse("2026-11-22T10:00:00.123456Z"), ZoneOffset.UTC), () -> new UUID(0, nextId++),
                new SettingsRules(relaxed, pattern -> Optional.empty()));
    }

    @Test
    void createsAnMskMappingWithAwsDefaults() {
        EventSourceMapping created = mappings.create(CALLER, msk("AWSKafkaTopic"));

        assertThat(created.state()).isEqualTo(MappingState.CREATING);
        assertThat(created.source().startingPosition()).isEqualTo(StartingPosition.TRIM_HORIZON);
        assertThat(created.source().consumerGroupId()).isEqualTo(created.id().toString());
        assertThat(created.settings().batchSize()).isEqualTo(100);
        assertThat(created.settings().maximumBatchingWindow()).isNull();
        assertThat(created.settings().functionArn()).hasToString("arn:aws:lambda:us-west-2:111111111111:function:my-kafka-function");
        assertThat(created.status().lastModified()).isEqualTo(Instant.parse("2026-11-22T10:00:00.123Z"));
        assertThat(mappings.get(CALLER, created.id().toString())).isEqualTo(created);
        assertThat(effects).containsExactly("start 1");
    }

    @Test
    void aMappingCreatedDisabledIsDisabledAtOnceAndStartsNothing() {
        EventSourceMapping created = mappings.create(CALLER, new EventSourceMappings.Create(FUNCTION, source("t"), false,
                SettingsRequest.NONE, Tags.NONE, false));

        assertThat(created.state()).isEqualTo(MappingState.DISABLED);
        assertThat(effects).isEmpty();
    }

    @Test
    void tellsObserversOfEveryChangeThatIsStoredAndGoesOnWhenOneThrows() {
        List<String> told = new ArrayList<>();
        mappings.tellChanges((before, after) -> {
            throw new IllegalStateException("a broken observer");
        });
        mappings.tellChanges((before, after) -> {
            MappingId id = (after == null ? before : after).id();
            assertThat(store.find(id)).as("what is told is stored").isEqualTo(Optional.ofNullable(after));
            told.add((before == null ? "-" : before.state() + " " + before.generation()) + " > "
                    + (after == null ? "-" : after.state() + " " + after.generation()));
        });

        EventSourceMapping created = mappings.create(CALLER, msk("AWSKafkaTopic"));
        String uuid = created.id().toString();
        mappings.tell(created.id(), 1, new Fact.Started());
        mappings.tell(created.id(), 1, new Fact.Started());
        mappings.update(CALLER, uuid, new EventSourceMappings.Update(null, null, SettingsRequest.NONE));
        mappings.tell(created.id(), 1, new Fact.Started());
        mappings.tell(created.id(), 2, new Fact.Started());
        mappings.tell(created.id(), 2, new Fact.Failed(StateTransitionReason.USER_INITIATED, "gone"));
        mappings.delete(CALLER, uuid);
        mappings.tell(created.id(), 3, new Fact.Stopped());

        assertThat(told).containsExactly("- > CREATING 1", "CREATING 1 > ENABLED 1", "ENABLED 1 > UPDATING_ENABLED 2",
                "UPDATING_ENABLED 2 > ENABLED 2",
                "ENABLED 2 > DISABLED 2", "DISABLED 2 > DELETING 3", "DELETING 3 > -");
        assertThat(effects).as("no effect is lost").contains("start 1", "start 2", "stop 3");
    }

    // The checks' order: recordings of AWS show the source before the function.
    @Test
    void asksForTheSourceBeforeTheFunction() {
        assertThatThrownBy(() -> mappings.create(CALLER, new EventSourceMappings.Create(NOBODY,
                new SourceRequest(null, null, List.of("t"), null, null), null, SettingsRequest.NONE, Tags.NONE, false)))
                .isInstanceOf(MappingException.InvalidParameter.class).hasMessage("Unrecognized event source.");
    }

    @Test
    void refusesAnUnknownFunctionInAwsWords() {
        assertThatThrownBy(() -> mappings.create(CALLER, new EventSourceMappings.Create(NOBODY, source("t"), null,
                SettingsRequest.NONE, Tags.NONE, false)))
                .isInstanceOf(MappingException.InvalidParameter.class).hasMessage("Function does not exist");
    }

    @Test
    void refusesAStartingPositionInTheFuture() {
        SourceRequest tomorrow = new SourceRequest(source("t").eventSourceArn(), null, List.of("t"),
                SourceRequest.Position.of(StartingPosition.atTimestamp(Instant.parse("2026-11-23T10:00:00Z"))), null);
        SourceRequest now = new SourceRequest(source("t").eventSourceArn(), null, List.of("t"),
                SourceRequest.Position.of(StartingPosition.atTimestamp(Instant.parse("2026-11-22T10:00:00.123Z"))), null);

        assertThatThrownBy(() -> mappings.create(CALLER,
                new EventSourceMappings.Create(FUNCTION, tomorrow, null, SettingsRequest.NONE, Tags.NONE, false)))
                .isInstanceOf(MappingException.InvalidParameter.class)
                .hasMessage("StartingPositionTimestamp is 2026-11-23T10:00:00Z; it must not be in the future.");
        assertThat(mappings.create(CALLER, new EventSourceMappings.Create(FUNCTION, now, null, SettingsRequest.NONE, Tags.NONE, false))
                .state())
                .isEqualTo(MappingState.CREATING);
    }

    @Test
    void refusesASelfManagedSourceWithoutAccessConfigurationsAndSaysWhatWorksOnAws() {
        assertThatThrownBy(() -> mappings.create(CALLER, selfManaged(List.of("kafka:1000"), null)))
                .isInstanceOfSatisfying(MappingException.InvalidParameter.class, refused -> {
                    assertThat(refused).hasMessage("Required 'sourceAccessConfigurations' parameter is missing.");
                    assertThat(refused.hint()).hasValueSatisfying(hint -> assertThat(hint)
                            .contains("Type=VPC_SUBNET,URI=subnet:subnet-local").contains("--relaxed"));
                });
        assertThat(mappings(true).create(CALLER, selfManaged(List.of("kafka:1000"), null)).state()).isEqualTo(MappingState.CREATING);
    }

    // localstack#9219. Recorded on AWS, 2024-09-03: one shared broker is enough, and the text names the brokers of the request.
    @Test
    void refusesADuplicateWithTheRecordedText() {
        EventSourceMapping first = mappings.create(CALLER, selfManaged(List.of("kafka:1000"), SUBNET));

        assertThatThrownBy(() -> mappings.create(CALLER, selfManaged(List.of("kafka:1000", "kafka:2000"), SUBNET)))
                .isInstanceOf(MappingException.Duplicate.class)
                .hasMessage("An event source mapping with event source (\"kafka:1000,kafka:2000\"), function"
                        + " (\"arn:aws:lambda:us-west-2:111111111111:function:my-kafka-function\"), topics (\"topic\") already exists."
                        + " Please update or delete the existing mapping with UUID " + first.id());
    }

    // localstack#10103
    @Test
    void takesTwoFunctionsWithGroupsOfTheirOwnOnOneTopic() {
        EventSourceMapping one = mappings.create(CALLER, grouped("my-one", "group-one"));
        EventSourceMapping two = mappings.create(CALLER, grouped("my-two", "group-two"));

        assertThat(List.of(one, two)).extracting(mapping -> mapping.source().consumerGroupId()).containsExactly("group-one", "group-two");
        assertThat(mappings.list(CALLER, ARN, null, null, 100).mappings()).containsExactly(one, two);
        assertThat(effects).containsExactly("start 1", "start 1");
    }

    @Test
    void goesFromCreatingToEnabledWhenTheFleetStarted() {
        String uuid = mappings.create(CALLER, msk("t")).id().toString();
        mappings.tell(id(uuid), 1, new Fact.Started());

        assertThat(mappings.get(CALLER, uuid).state()).isEqualTo(MappingState.ENABLED);
    }

    @Test
    void refusesUpdateAndDeleteWhileCreating() {
        String uuid = mappings.create(CALLER, msk("t")).id().toString();

        assertThatThrownBy(() -> mappings.update(CALLER, uuid, enabled(false))).isInstanceOf(MappingException.InUse.class);
        assertThatThrownBy(() -> mappings.delete(CALLER, uuid)).isInstanceOf(MappingException.InUse.class);
    }

    @Test
    void everyRequestRaisesTheGenerationAndAnOlderReportChangesNothing() {
        String uuid = running("t");
        EventSourceMapping disabling = mappings.update(CALLER, uuid, enabled(false));
        assertThat(disabling.state()).isEqualTo(MappingState.DISABLING);
        assertThat(disabling.generation()).isEqualTo(2);

        mappings.tell(id(uuid), 1, new Fact.Started());
        mappings.tell(id(uuid), 1, new Fact.Failed(StateTransitionReason.EVENT_SOURCE_AUTHN_ERROR, "refused"));
        mappings.tell(id(uuid), 1, new Fact.Stopped());
        mappings.tell(id(uuid), 1, new Fact.Result("PROBLEM: late"));
        assertThat(mappings.get(CALLER, uuid)).isEqualTo(disabling);

        mappings.tell(id(uuid), 2, new Fact.Stopped());
        assertThat(mappings.get(CALLER, uuid).state()).isEqualTo(MappingState.DISABLED);
        assertThat(effects).containsExactly("start 1", "stop 2");
    }

    @Test
    void anUpdateChangesOnlyWhatIsSentAndLeadsBackToEnabled() {
        String uuid = running("t");
        EventSourceMapping updated = mappings.update(CALLER, uuid,
                new EventSourceMappings.Update(null, null, settings().batchSize(7).maximumBatchingWindow(Duration.ofSeconds(2)).build()));

        assertThat(updated.state()).isEqualTo(MappingState.UPDATING_ENABLED);
        assertThat(updated.settings().batchSize()).isEqualTo(7);
        assertThat(updated.settings().functionArn().name()).isEqualTo("my-kafka-function");
        mappings.tell(id(uuid), 2, new Fact.Started());
        assertThat(mappings.get(CALLER, uuid).state()).isEqualTo(MappingState.ENABLED);
    }

    @Test
    void anUpdateOfADisabledMappingLeadsBackToDisabled() {
        String uuid = running("t");
        mappings.update(CALLER, uuid, enabled(false));
        mappings.tell(id(uuid), 2, new Fact.Stopped());
        EventSourceMapping updated = mappings.update(CALLER, uuid, new EventSourceMappings.Update(null, null,
                settings().batchSize(7).build()));

        assertThat(updated.state().awsName()).isEqualTo("Updating");
        mappings.tell(id(uuid), 3, new Fact.Stopped());
        assertThat(mappings.get(CALLER, uuid).state()).isEqualTo(MappingState.DISABLED);
    }

    @Test
    void aDeletedMappingIsShownDeletingAndThenGone() {
        String uuid = running("t");
        assertThat(mappings.delete(CALLER, uuid).state()).isEqualTo(MappingState.DELETING);
        mappings.tell(id(uuid), 2, new Fact.Stopped());

        assertThatThrownBy(() -> mappings.get(CALLER, uuid)).isInstanceOf(MappingException.NotFound.class);
    }

    @Test
    void aFailureDisablesWithItsCodeAndOnlyEnablingStartsAgain() {
        String uuid = running("t");
        mappings.tell(id(uuid), 1, new Fact.Failed(StateTransitionReason.FUNCTION_CONFIG_NOT_VALID, "gone"));
        EventSourceMapping failed = mappings.get(CALLER, uuid);
        assertThat(failed.state()).isEqualTo(MappingState.DISABLED);
        assertThat(failed.status().reason()).isEqualTo(StateTransitionReason.FUNCTION_CONFIG_NOT_VALID);

        mappings.tell(id(uuid), 1, new Fact.Started());
        assertThat(mappings.get(CALLER, uuid).state()).isEqualTo(MappingState.DISABLED);
        assertThat(mappings.update(CALLER, uuid, enabled(true)).status().reason()).isEqualTo(StateTransitionReason.USER_INITIATED);
        assertThat(effects).containsExactly("start 1", "stop 1", "start 2");
    }

    @Test
    void resumesEachStateAfterARestart() {
        String creating = mappings.create(CALLER, msk("creating")).id().toString();
        String disabled = running("disabled");
        mappings.update(CALLER, disabled, enabled(false));
        mappings.tell(id(disabled), 2, new Fact.Stopped());
        String deleting = running("deleting");
        mappings.delete(CALLER, deleting);
        effects.clear();
        mappings.resume();

        assertThat(effects).containsExactly("start 1", "stop 2");
        mappings.tell(id(creating), 1, new Fact.Started());
        mappings.tell(id(deleting), 2, new Fact.Stopped());
        assertThat(mappings.get(CALLER, creating).state()).isEqualTo(MappingState.ENABLED);
        assertThatThrownBy(() -> mappings.get(CALLER, deleting)).isInstanceOf(MappingException.NotFound.class);
    }

    @Test
    void otherAccountsAndRegionsSeeNothing() {
        String uuid = running("t");

        assertThatThrownBy(() -> mappings.get(new Scope("222222222222", "us-west-2"), uuid))
                .isInstanceOf(MappingException.NotFound.class).hasMessage("The resource you requested does not exist.");
        assertThatThrownBy(() -> mappings.get(CALLER, "no-uuid")).isInstanceOf(MappingException.NotFound.class);
        assertThat(mappings.list(new Scope("111111111111", "eu-west-1"), null, null, null, 100).mappings()).isEmpty();
    }

    @Test
    void listsPageByPage() {
        for (int i = 0; i < 5; i++) {
            mappings.create(CALLER, msk("topic-" + i));
        }
        EventSourceMappings.Page first = mappings.list(CALLER, ARN, FUNCTION, null, 2);
        EventSourceMappings.Page second = mappings.list(CALLER, ARN, FUNCTION, first.next(), 2);
        EventSourceMappings.Page third = mappings.list(CALLER, ARN, FUNCTION, second.next(), 2);

        assertThat(first.mappings()).hasSize(2);
        assertThat(second.mappings()).hasSize(2).doesNotContainAnyElementsOf(first.mappings());
        assertThat(third.mappings()).hasSize(1);
        assertThat(third.next()).isNull();
        assertThat(mappings.list(CALLER, "arn:aws:kafka:other", FUNCTION, null, 2).mappings()).isEmpty();
    }

    private static EventSourceMappings.Create grouped(String function, String group) {
        return new EventSourceMappings.Create(FunctionReference.parse(function).orElseThrow(),
                new SourceRequest(ARN, null, List.of("t"), null, group), null, SettingsRequest.NONE, Tags.NONE, false);
    }

    private String running(String topic) {
        MappingId id = mappings.create(CALLER, msk(topic)).id();
        mappings.tell(id, 1, new Fact.Started());
        return id.toString();
    }

    private static MappingId id(String uuid) {
        return MappingId.parse(uuid).orElseThrow();
    }

    private static SourceRequest source(String topic) {
        return new SourceRequest(ARN, null, List.of(topic), null, null);
    }

    private static EventSourceMappings.Create msk(String topic) {
        return new EventSourceMappings.Create(FUNCTION, source(topic), null, SettingsRequest.NONE, Tags.NONE, false);
    }

    private static EventSourceMappings.Create selfManaged(List<String> brokers, List<SourceAccessConfiguration> access) {
        return new EventSourceMappings.Create(FUNCTION, new SourceRequest(null, brokers, List.of("topic"), null, null), null,
                settings().sourceAccessConfigurations(access).build(), Tags.NONE, false);
    }

    private static EventSourceMappings.Update enabled(boolean enabled) {
        return new EventSourceMappings.Update(null, enabled, SettingsRequest.NONE);
    }
}
