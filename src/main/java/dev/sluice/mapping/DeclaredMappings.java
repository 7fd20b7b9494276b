package dev.sluice.mapping;

import dev.sluice.mapping.DeclarationStore.Declaration;
import dev.sluice.mapping.EventSourceMappings.Create;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the mappings of the config file do to the stored ones: a declaration is applied when it is new or has changed, and what the
 * API did to its mapping since stays until then. To be used before {@link EventSourceMappings#resume}, while nothing polls.
 */
public final class DeclaredMappings {

    private final EventSourceMappings mappings;
    private final MappingStore store;
    private final DeclarationStore declarations;

    public DeclaredMappings(EventSourceMappings mappings, MappingStore store, DeclarationStore declarations) {
        this.mappings = mappings;
        this.store = store;
        this.declarations = declarations;
    }

    /**
     * Makes the mapping of {@code name} what {@code declared} says. When only what an update may change is different, the mapping
     * keeps its UUID and its group, and so its commits; another source, topic, starting position or group makes a new mapping.
     *
     * @throws MappingException when no such mapping can be made; nothing was changed then
     */
    public void apply(String name, Scope owner, Create declared) {
        String text = text(owner, declared);
        Optional<Declaration> applied = declarations.find(name);
        if (applied.isPresent() && applied.get().text().equals(text)) {
            return;
        }
        EventSourceMapping wanted = mappings.prepare(owner, declared, true);
        EventSourceMapping made = applied.flatMap(declaration -> store.find(declaration.mapping()))
                .filter(old -> sameSource(old, wanted, declared.source().consumerGroupId() != null))
                .map(old -> updated(old, wanted)).orElse(wanted);
        declarations.apply(new Declaration(name, text, made.id()), made, declared.tags()).ifPresent(existing -> {
            throw new MappingException.Duplicate(made, existing);
        });
        mappings.changes().declared(name, made);
    }

    /** Whether this mapping is what one of these declarations made last. */
    public boolean declares(Collection<String> names, MappingId mapping) {
        return names.stream().anyMatch(name -> declarations.find(name).filter(applied -> applied.mapping().equals(mapping)).isPresent());
    }

    private static boolean sameSource(EventSourceMapping old, EventSourceMapping wanted, boolean groupDeclared) {
        return old.scope().equals(wanted.scope())
                && old.source().eventSource().equals(wanted.source().eventSource())
                && old.source().topics().equals(wanted.source().topics())
                && old.source().consumptionMode() == wanted.source().consumptionMode()
                && Objects.equals(old.source().startingPosition(), wanted.source().startingPosition())
                && old.source().consumerGroupId().equals(
                        groupDeclared ? wanted.source().consumerGroupId() : old.id().toString());
    }

    private static EventSourceMapping updated(EventSourceMapping old, EventSourceMapping wanted) {
        MappingStatus status = new MappingStatus(wanted.state(), StateTransitionReason.USER_INITIATED,
                old.status().lastProcessingResult(), wanted.status().lastModified(), old.generation() + 1,
                old.status().startingPositionApplied());
        return new EventSourceMapping(old.id(), old.scope(), old.created(), old.source(), wanted.settings(), status);
    }

    /**
     * The declaration in a form of its own: it is compared with what an older Sluice stored. So what was added since comes behind
     * the rest and only when it is there.
     */
    private static String text(Scope owner, Create declared) {
        SourceRequest source = declared.source();
        SettingsRequest settings = declared.settings();
        Object[] members = {owner.accountId(), owner.region(), declared.function().name(), declared.function().qualifier(),
                source.eventSourceArn(), source.bootstrapServers(), source.topics(),
                source.startingPosition() == null ? null : source.startingPosition().type(),
                source.startingPosition() == null ? null : source.startingPosition().timestamp(), settings.batchSize(),
                settings.maximumBatchingWindow(), declared.enabled(), source.consumerGroupId(),
                settings.sourceAccessConfigurations() == null ? null : settings.sourceAccessConfigurations().stream()
                        .map(access -> access.type() + "=" + access.uri()).toList()};
        Map<String, Object> added = new LinkedHashMap<>();
        added.put("filterPatterns", settings.filterPatterns());
        added.put("maximumRetryAttempts", settings.failures().maximumRetryAttempts());
        added.put("maximumRecordAgeInSeconds", settings.failures().maximumRecordAgeInSeconds());
        added.put("bisectBatchOnFunctionError", settings.failures().bisectBatchOnFunctionError());
        added.put("reportBatchItemFailures", settings.failures().reportBatchItemFailures());
        added.put("onFailureDestination", settings.failures().onFailureDestination());
        SettingsRequest.Pollers pollers = settings.provisionedPollers();
        added.put("provisionedPollerConfig", pollers == null ? null
                : Arrays.asList(pollers.minimumPollers(), pollers.maximumPollers(), pollers.pollerGroupName()));
        added.put("systemLogLevel", settings.logging() == null ? null : settings.logging().systemLogLevel());
        added.put("metrics", settings.metrics());
        added.put("kmsKeyArn", settings.kmsKeyArn());
        added.put("schemaRegistry", settings.kafka().registry());
        added.put("consumptionMode", source.consumptionMode());
        added.put("tags", declared.tags().equals(Tags.NONE) ? null : declared.tags().values());
        added.put("joinForeignGroups", declared.joinForeignGroups() ? true : null);
        added.values().removeIf(Objects::isNull);
        return Arrays.toString(members) + (added.isEmpty() ? "" : added);
    }
}
