package dev.sluice.mapping;

import static dev.sluice.fixture.SettingsRequests.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.InMemoryMappingStore;
import dev.sluice.mapping.KafkaConfig.Registry;
import dev.sluice.mapping.KafkaConfig.Validation;
import dev.sluice.mapping.SchemaRegistry.Attribute;
import dev.sluice.mapping.SchemaRegistry.EventRecordFormat;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What becomes of the settings of a mapping, from request to request. */
class EventSourceMappingSettingsTest {

    private static final Scope CALLER = new Scope("111111111111", "us-west-2");
    private static final String ARN = "arn:aws:kafka:us-west-2:111111111111:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    private static final FunctionReference FUNCTION = FunctionReference.parse("my-kafka-function").orElseThrow();
    private static final FunctionReference NOBODY = FunctionReference.parse("doesnotexist").orElseThrow();

    private final InMemoryMappingStore store = new InMemoryMappingStore();
    private final List<String> effects = new ArrayList<>();
    private final EventSourceMappings mappings = new EventSourceMappings(store, new Fleet() {
        @Override
        public void start(EventSourceMapping mapping) {
            effects.add("start " + mapping.generation());
        }

        @Override
        public void stop(EventSourceMapping mapping) {
            effects.add("stop " + mapping.generation());
        }
    }, arn -> arn.name().startsWith("my-"), Clock.systemUTC(), UUID::randomUUID,
            new SettingsRules(false, pattern -> Optional.of("it is broken").filter(problem -> pattern.contains("broken"))));

    // ministack PR#914
    @Test
    void keepsFiltersUntilAnUpdateClearsThem() {
        String uuid = mappings.create(CALLER, with(settings().filterPatterns("{\"value\":{\"a\":[1]}}").build())).id().toString();
        mappings.tell(id(uuid), 1, new Fact.Started());
        mappings.update(CALLER, uuid, new EventSourceMappings.Update(null, null, settings().batchSize(7).build()));
        mappings.tell(id(uuid), 2, new Fact.Started());
        assertThat(mappings.get(CALLER, uuid).settings().filterPatterns()).containsExactly("{\"value\":{\"a\":[1]}}");

        mappings.update(CALLER, uuid, new EventSourceMappings.Update(null, null, settings().filterPatterns().build()));
        assertThat(mappings.get(CALLER, uuid).settings().filterPatterns()).isEmpty();
    }

    @Test
    void asksForTheSettingsAfterTheSourceAndBeforeTheFunction() {
        SettingsRequest unsupported = settings().maximumRetryAttempts(3).build();

        assertThatThrownBy(() -> mappings.create(CALLER, new EventSourceMappings.Create(NOBODY,
                new SourceRequest(null, null, List.of("t"), null, null), null, unsupported, Tags.NONE, false)))
                .hasMessage("Unrecognized event source.");
        assertThatThrownBy(
                () -> mappings.create(CALLER, new EventSourceMappings.Create(NOBODY, source("t"), null, unsupported, Tags.NONE, false)))
                .hasMessage("Unsupported 'maximumRetryAttempts' parameter for given event source mapping type.");
        assertThat(store.all()).isEmpty();
    }

    @Test
    void aRefusedUpdateChangesNothing() {
        String uuid = running();
        EventSourceMapping before = mappings.get(CALLER, uuid);

        for (SettingsRequest refused : List.of(settings().filterPatterns("broken").build(),
                settings().onFailureDestination("kafka://t").provisionedPollers(1, 1).build(),
                settings().maximumRetryAttempts(3).build())) {
            assertThatThrownBy(() -> mappings.update(CALLER, uuid, new EventSourceMappings.Update(null, null, refused)))
                    .isInstanceOf(MappingException.InvalidParameter.class);
        }

        assertThat(mappings.get(CALLER, uuid)).isEqualTo(before);
        assertThat(effects).containsExactly("start 1");
    }

    // Measured on AWS (cdkd, September 2026): {} takes the registry away, a block that is empty or left out keeps it.
    @Test
    void keepsTheSchemaRegistryUntilAnUpdateTakesItAway() {
        Registry registry = new Registry("https://r", EventRecordFormat.JSON, List.of(), List.of(new Validation(Attribute.VALUE)));
        String uuid = mappings.create(CALLER, with(settings().provisionedPollers(1, 1).kafka(new KafkaConfig(null, null, registry),
                KafkaConfig.NONE).build())).id().toString();
        mappings.tell(id(uuid), 1, new Fact.Started());
        mappings.update(CALLER, uuid, new EventSourceMappings.Update(null, null, settings().batchSize(7).build()));
        mappings.tell(id(uuid), 2, new Fact.Started());
        assertThat(mappings.get(CALLER, uuid).settings().schemaRegistry())
                .isEqualTo(new SchemaRegistry("https://r", EventRecordFormat.JSON, List.of(), List.of(Attribute.VALUE)));

        EventSourceMappings.Update onDemand =
                new EventSourceMappings.Update(null, null, settings().provisionedPollers(SettingsRequest.Pollers.ON_DEMAND).build());
        assertThatThrownBy(() -> mappings.update(CALLER, uuid, onDemand)).hasMessage("Unsupported"
                + " 'amazonManagedKafkaEventSourceConfig.schemaRegistryConfig' parameter for given event source mapping type.");
        mappings.update(CALLER, uuid, new EventSourceMappings.Update(null, null,
                settings().kafka(new KafkaConfig(null, null, Registry.NONE), KafkaConfig.NONE).build()));
        mappings.tell(id(uuid), 3, new Fact.Started());
        assertThat(mappings.update(CALLER, uuid, onDemand).settings().schemaRegistry()).isNull();
    }

    @Test
    void aBlockOfTheOtherKindTakesNoRegistryAway() {
        String uuid = running();

        assertThatThrownBy(() -> mappings.update(CALLER, uuid, new EventSourceMappings.Update(null, null,
                settings().kafka(KafkaConfig.NONE, new KafkaConfig(null, null, Registry.NONE)).build())))
                .hasMessage("Unsupported 'selfManagedKafkaEventSourceConfig' parameter for given event source mapping type.");
    }

    @Test
    void keepsTheKeyUntilAnUpdateClearsIt() {
        String uuid = mappings.create(CALLER, with(settings().kmsKeyArn("arn:aws:kms:k").build())).id().toString();
        mappings.tell(id(uuid), 1, new Fact.Started());
        mappings.update(CALLER, uuid, new EventSourceMappings.Update(null, null, settings().batchSize(7).build()));
        mappings.tell(id(uuid), 2, new Fact.Started());
        assertThat(mappings.get(CALLER, uuid).settings().kmsKeyArn()).isEqualTo("arn:aws:kms:k");

        assertThat(mappings.update(CALLER, uuid, new EventSourceMappings.Update(null, null, settings().kmsKeyArn("").build()))
                .settings().kmsKeyArn()).isNull();
    }

    @Test
    void storesTagsTogetherWithTheMapping() {
        MappingId id = mappings.create(CALLER, new EventSourceMappings.Create(FUNCTION, source("t"), null, SettingsRequest.NONE,
                new Tags(Map.of("team", "payments")), false)).id();

        assertThat(store.tags(id)).contains(new Tags(Map.of("team", "payments")));
    }

    @Test
    void anUpdateLeavesWhatOnlyDeclarationsSay() {
        MappingId id = mappings.create(CALLER,
                new EventSourceMappings.Create(FUNCTION, source("t"), null, SettingsRequest.NONE, Tags.NONE, true)).id();
        mappings.tell(id, 1, new Fact.Started());
        mappings.update(CALLER, id.toString(), new EventSourceMappings.Update(FunctionReference.parse("my-other").orElseThrow(), null,
                settings().batchSize(7).build()));

        MappingSettings after = mappings.get(CALLER, id.toString()).settings();
        assertThat(after.joinForeignGroups()).isTrue();
        assertThat(after.functionArn().name()).isEqualTo("my-other");
        assertThat(after.batchSize()).isEqualTo(7);
    }

    // Recorded for functions: what is in another region is not reachable.
    @Test
    void aFunctionOfAnotherRegionOrAccountIsNoneHere() {
        String uuid = running();
        FunctionReference elsewhere = FunctionReference.parse("arn:aws:lambda:eu-west-1:111111111111:function:my-f").orElseThrow();
        FunctionReference theirs = FunctionReference.parse("arn:aws:lambda:us-west-2:222222222222:function:my-f").orElseThrow();

        assertThatThrownBy(() -> mappings.create(CALLER, new EventSourceMappings.Create(elsewhere, source("u"), null, SettingsRequest.NONE,
                Tags.NONE, false))).isInstanceOf(MappingException.NotFound.class)
                .hasMessage("Functions from 'eu-west-1' are not reachable in this region ('us-west-2')");
        assertThatThrownBy(() -> mappings.update(CALLER, uuid, new EventSourceMappings.Update(theirs, null, SettingsRequest.NONE)))
                .isInstanceOf(MappingException.InvalidParameter.class).hasMessage("Function does not exist");
    }

    private String running() {
        MappingId id = mappings.create(CALLER, with(SettingsRequest.NONE)).id();
        mappings.tell(id, 1, new Fact.Started());
        return id.toString();
    }

    private static MappingId id(String uuid) {
        return MappingId.parse(uuid).orElseThrow();
    }

    private static SourceRequest source(String topic) {
        return new SourceRequest(ARN, null, List.of(topic), null, null);
    }

    private static EventSourceMappings.Create with(SettingsRequest settings) {
        return new EventSourceMappings.Create(FUNCTION, source("t"), null, settings, Tags.NONE, false);
    }
}
