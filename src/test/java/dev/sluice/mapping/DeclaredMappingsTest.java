package dev.sluice.mapping;

import static dev.sluice.fixture.SettingsRequests.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.InMemoryDeclarationStore;
import dev.sluice.fixture.InMemoryMappingStore;
import dev.sluice.mapping.Monitoring.MetricGroup;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import dev.sluice.mapping.SettingsRequest.Failures;
import dev.sluice.mapping.SettingsRequest.Logging;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeclaredMappingsTest {

    private static final Scope OWNER = new Scope("000000000000", "us-east-1");

    private static final SettingsRules RULES = new SettingsRules(false, pattern -> Optional.empty());

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
    }, arn -> arn.name().equals("orders"), Clock.systemUTC(), UUID::randomUUID, RULES);
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
        }, Clock.systemUTC(), UUID::randomUUID, RULES);
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
        declared.apply("m", OWNER, declaration("orders", StartingPosition.LATEST, settings().batchSize(10).build(), false));

        assertThat(only().id()).isNotEqualTo(old.id());
        assertThat(only().status().startingPositionApplied()).isFalse();
    }

    private EventSourceMapping only() {
        assertThat(store.all()).hasSize(1);
        return store.all().get(0);
    }

    // What 0.1.0 stored. Another text would apply the declaration again and undo what the API did since.
    @Test
    void aDeclarationWithoutNewMembersReadsAsAnOlderServerStoredIt() {
        declared.apply("m", OWNER, declaration("orders", 10));

        assertThat(declarations.find("m")).map(DeclarationStore.Declaration::text).contains(
                "[000000000000, us-east-1, orders, null, null, [localhost:9092], [orders], null, null, 10, null, null, null, null]");
    }

    @Test
    void everyNewMemberMakesAnotherDeclaration() {
        List<SettingsRequest> different = List.of(settings().filterPatterns("{}").build(), settings().filterPatterns().build(),
                settings().maximumRetryAttempts(3).build(), settings().maximumRecordAgeInSeconds(60).build(),
                settings().failures(new Failures(null, null, true, null, null)).build(),
                settings().failures(new Failures(null, null, null, true, null)).build(),
                settings().onFailureDestination("kafka://dead").build(), settings().provisionedPollers(1, null).build(),
                settings().logging(new Logging(SystemLogLevel.INFO)).build(), settings().metrics(MetricGroup.EVENT_COUNT).build());
        EventSourceMappings relaxed = new EventSourceMappings(store, null, arn -> true, Clock.systemUTC(), UUID::randomUUID,
                new SettingsRules(true, pattern -> Optional.empty()));
        Set<String> texts = new HashSet<>();
        for (SettingsRequest request : different) {
            new DeclaredMappings(relaxed, store, declarations).apply("m", OWNER, declaration("orders", null, request, false));
            texts.add(declarations.find("m").orElseThrow().text());
        }
        new DeclaredMappings(relaxed, store, declarations).apply("m", OWNER, declaration("orders", null, SettingsRequest.NONE, true));
        texts.add(declarations.find("m").orElseThrow().text());

        assertThat(texts).hasSize(different.size() + 1);
    }

    @Test
    void settingsOfADeclarationAreThoseOfItsMappingUntilTheyAreDeclaredNoMore() {
        declared.apply("m", OWNER, declaration("orders", null, settings().filterPatterns("{\"value\":{\"a\":[1]}}").build(), true));
        EventSourceMapping first = only();
        assertThat(first.settings().filterPatterns()).containsExactly("{\"value\":{\"a\":[1]}}");
        assertThat(first.settings().joinForeignGroups()).isTrue();

        declared.apply("m", OWNER, declaration("orders", null, SettingsRequest.NONE, false));
        assertThat(only().id()).as("the group stays").isEqualTo(first.id());
        assertThat(only().settings().filterPatterns()).isEmpty();
        assertThat(only().settings().joinForeignGroups()).isFalse();
    }

    @Test
    void whatNeedsProvisionedModeIsRefusedInADeclarationToo() {
        SettingsRequest retries = settings().maximumRetryAttempts(3).build();
        assertThatThrownBy(() -> declared.apply("m", OWNER, declaration("orders", null, retries, false)))
                .isInstanceOf(MappingException.InvalidParameter.class)
                .hasMessage("Unsupported 'maximumRetryAttempts' parameter for given event source mapping type.");
        assertThat(store.all()).isEmpty();
    }

    // Without one of them, the text must be what an older Sluice stored: else every mapping would be applied anew.
    @Test
    void aKeyARegistryAndTagsChangeADeclarationAndNothingElseDoes() {
        List<EventSourceMappings.Create> different = List.of(declaration("orders", 10),
                declaration("orders", null, settings().batchSize(10).kmsKeyArn("arn:k").build(), false),
                declaration("orders", null, settings().batchSize(10).provisionedPollers(1, 1).kafka(KafkaConfig.NONE,
                        new KafkaConfig(null, null, new KafkaConfig.Registry("https://r", SchemaRegistry.EventRecordFormat.JSON, List.of(),
                                List.of(new KafkaConfig.Validation(SchemaRegistry.Attribute.KEY)))))
                        .build(), false));
        long generation = 0;
        for (EventSourceMappings.Create each : different) {
            declared.apply("m", OWNER, each);
            declared.apply("m", OWNER, each);
            assertThat(only().generation()).isEqualTo(++generation);
        }
        EventSourceMappings.Create last = declaration("orders", 10);
        declared.apply("m", OWNER, last);
        declared.apply("m", OWNER, new EventSourceMappings.Create(last.function(), last.source(), last.enabled(), last.settings(),
                new Tags(Map.of("a", "1")), false));
        assertThat(store.tags(only().id())).contains(new Tags(Map.of("a", "1")));

        declared.apply("m", OWNER, last);
        assertThat(store.tags(only().id())).contains(Tags.NONE);
    }

    private static EventSourceMappings.Create declaration(String function, int batchSize) {
        return declaration(function, null, settings().batchSize(batchSize).build(), false);
    }

    private static EventSourceMappings.Create declaration(String function, StartingPosition position, SettingsRequest settings,
            boolean joinForeignGroups) {
        return new EventSourceMappings.Create(FunctionReference.parse(function).orElseThrow(),
                new SourceRequest(null, List.of("localhost:9092"), List.of("orders"),
                        SourceRequest.Position.of(position), null),
                null, settings, Tags.NONE, joinForeignGroups);
    }
}
