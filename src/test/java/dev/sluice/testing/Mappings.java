package dev.sluice.testing;

import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FailureHandling;
import dev.sluice.mapping.KafkaSource;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.MappingSettings;
import dev.sluice.mapping.MappingState;
import dev.sluice.mapping.MappingStatus;
import dev.sluice.mapping.Monitoring;
import dev.sluice.mapping.ProvisionedPollers;
import dev.sluice.mapping.SchemaRegistry;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.mapping.StateTransitionReason;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Event source mappings for tests: {@code Mappings.aMapping().topics("orders").build()}. What isn't said is a valid default: a
 * new UUID, the account 000000000000 in us-east-1, one MSK topic from its start, generation 1, Enabled. Not thread-safe.
 */
public final class Mappings {

    public static final Scope SCOPE = new Scope("000000000000", "us-east-1");
    public static final String MSK_ARN =
            "arn:aws:kafka:us-east-1:000000000000:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    public static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");

    private MappingId id = new MappingId(UUID.randomUUID());
    private Scope scope = SCOPE;
    private Instant created = CREATED;
    private EventSource eventSource = new EventSource.MskCluster(MSK_ARN);
    private List<String> topics = List.of("orders");
    private StartingPosition startingPosition = StartingPosition.TRIM_HORIZON;
    private String consumerGroupId;
    private FunctionArn functionArn = new FunctionArn(SCOPE, "my-kafka-function", null);
    private int batchSize = MappingSettings.DEFAULT_BATCH_SIZE;
    private Duration maximumBatchingWindow;
    private List<SourceAccessConfiguration> sourceAccessConfigurations = List.of();
    private List<String> filterPatterns = List.of();
    private FailureHandling failureHandling = FailureHandling.DEFAULT;
    private ProvisionedPollers provisionedPollers;
    private Monitoring monitoring = Monitoring.DEFAULT;
    private String kmsKeyArn;
    private SchemaRegistry schemaRegistry;
    private boolean joinForeignGroups;
    private MappingState state = MappingState.ENABLED;
    private StateTransitionReason reason = StateTransitionReason.USER_INITIATED;
    private String lastProcessingResult = MappingStatus.NO_RECORDS_PROCESSED;
    private Instant lastModified = CREATED;
    private long generation = 1;
    private boolean startingPositionApplied;

    private Mappings() {
    }

    public static Mappings aMapping() {
        return new Mappings();
    }

    /** Begins with everything as in {@code mapping}. */
    public static Mappings like(EventSourceMapping mapping) {
        Mappings copy = new Mappings();
        copy.id = mapping.id();
        copy.scope = mapping.scope();
        copy.created = mapping.created();
        copy.eventSource = mapping.source().eventSource();
        copy.topics = mapping.source().topics();
        copy.startingPosition = mapping.source().startingPosition();
        copy.consumerGroupId = mapping.source().consumerGroupId();
        copy.functionArn = mapping.settings().functionArn();
        copy.batchSize = mapping.settings().batchSize();
        copy.maximumBatchingWindow = mapping.settings().maximumBatchingWindow();
        copy.sourceAccessConfigurations = mapping.settings().sourceAccessConfigurations();
        copy.filterPatterns = mapping.settings().filterPatterns();
        copy.failureHandling = mapping.settings().failureHandling();
        copy.provisionedPollers = mapping.settings().provisionedPollers();
        copy.monitoring = mapping.settings().monitoring();
        copy.kmsKeyArn = mapping.settings().kmsKeyArn();
        copy.schemaRegistry = mapping.settings().schemaRegistry();
        copy.joinForeignGroups = mapping.settings().joinForeignGroups();
        copy.state = mapping.status().state();
        copy.reason = mapping.status().reason();
        copy.lastProcessingResult = mapping.status().lastProcessingResult();
        copy.lastModified = mapping.status().lastModified();
        copy.generation = mapping.status().generation();
        copy.startingPositionApplied = mapping.status().startingPositionApplied();
        return copy;
    }

    public Mappings id(MappingId newId) {
        id = newId;
        return this;
    }

    /** @param uuid in its canonical form */
    public Mappings id(String uuid) {
        return id(new MappingId(UUID.fromString(uuid)));
    }

    public Mappings scope(Scope newScope) {
        scope = newScope;
        return this;
    }

    public Mappings created(Instant newCreated) {
        created = newCreated;
        return this;
    }

    public Mappings mskCluster(String arn) {
        eventSource = new EventSource.MskCluster(arn);
        return this;
    }

    public Mappings selfManagedKafka(String... bootstrapServers) {
        eventSource = new EventSource.SelfManagedKafka(List.of(bootstrapServers));
        return this;
    }

    public Mappings topics(String... newTopics) {
        topics = List.of(newTopics);
        return this;
    }

    public Mappings startingPosition(StartingPosition newStartingPosition) {
        startingPosition = newStartingPosition;
        return this;
    }

    /** By default the UUID, as on AWS. */
    public Mappings consumerGroupId(String newConsumerGroupId) {
        consumerGroupId = newConsumerGroupId;
        return this;
    }

    /** A function of {@link #SCOPE}. */
    public Mappings function(String name) {
        return function(new FunctionArn(SCOPE, name, null));
    }

    public Mappings function(FunctionArn newFunctionArn) {
        functionArn = newFunctionArn;
        return this;
    }

    public Mappings batchSize(int newBatchSize) {
        batchSize = newBatchSize;
        return this;
    }

    public Mappings maximumBatchingWindow(Duration newMaximumBatchingWindow) {
        maximumBatchingWindow = newMaximumBatchingWindow;
        return this;
    }

    public Mappings sourceAccessConfigurations(SourceAccessConfiguration... configurations) {
        sourceAccessConfigurations = List.of(configurations);
        return this;
    }

    public Mappings filterPatterns(String... patterns) {
        filterPatterns = List.of(patterns);
        return this;
    }

    public Mappings failureHandling(FailureHandling newFailureHandling) {
        failureHandling = newFailureHandling;
        return this;
    }

    /** Null for on-demand mode, the default. */
    public Mappings provisionedPollers(ProvisionedPollers newProvisionedPollers) {
        provisionedPollers = newProvisionedPollers;
        return this;
    }

    public Mappings monitoring(Monitoring newMonitoring) {
        monitoring = newMonitoring;
        return this;
    }

    public Mappings kmsKeyArn(String newKmsKeyArn) {
        kmsKeyArn = newKmsKeyArn;
        return this;
    }

    /** Null for none, the default. */
    public Mappings schemaRegistry(SchemaRegistry newSchemaRegistry) {
        schemaRegistry = newSchemaRegistry;
        return this;
    }

    public Mappings joinForeignGroups(boolean newJoinForeignGroups) {
        joinForeignGroups = newJoinForeignGroups;
        return this;
    }

    public Mappings state(MappingState newState) {
        state = newState;
        return this;
    }

    public Mappings reason(StateTransitionReason newReason) {
        reason = newReason;
        return this;
    }

    public Mappings lastProcessingResult(String newLastProcessingResult) {
        lastProcessingResult = newLastProcessingResult;
        return this;
    }

    public Mappings lastModified(Instant newLastModified) {
        lastModified = newLastModified;
        return this;
    }

    public Mappings generation(long newGeneration) {
        generation = newGeneration;
        return this;
    }

    public Mappings startingPositionApplied(boolean newStartingPositionApplied) {
        startingPositionApplied = newStartingPositionApplied;
        return this;
    }

    public EventSourceMapping build() {
        return new EventSourceMapping(id, scope, created,
                new KafkaSource(eventSource, topics, startingPosition, consumerGroupId == null ? id.toString() : consumerGroupId),
                new MappingSettings(functionArn, batchSize, maximumBatchingWindow, sourceAccessConfigurations, filterPatterns,
                        failureHandling, provisionedPollers, monitoring, kmsKeyArn, schemaRegistry, joinForeignGroups),
                new MappingStatus(state, reason, lastProcessingResult, lastModified, generation, startingPositionApplied));
    }
}
