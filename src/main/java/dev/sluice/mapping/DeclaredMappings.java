package dev.sluice.mapping;

import dev.sluice.mapping.DeclarationStore.Declaration;
import dev.sluice.mapping.EventSourceMappings.Create;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the mappings of the config file do to the stored ones: a declaration is applied when it is new or has changed, and what the
 * API did to its mapping since stays until then. To be used before {@link EventSourceMappings#resume}, while nothing polls.
 */
public final class DeclaredMappings {

    private static final Logger log = LoggerFactory.getLogger(DeclaredMappings.class);

    private final EventSourceMappings mappings;
    private final MappingStore store;
    private final DeclarationStore declarations;

    public DeclaredMappings(EventSourceMappings mappings, MappingStore store, DeclarationStore declarations) {
        this.mappings = mappings;
        this.store = store;
        this.declarations = declarations;
    }

    /**
     * Makes the mapping of {@code name} what {@code declared} says. A change of what AWS fixes at creation (source, topics, starting
     * position, group) makes a new mapping in place of the old one.
     *
     * @throws MappingException when no such mapping can be made; nothing was changed then
     */
    public void apply(String name, Scope owner, Create declared) {
        String text = owner + " " + declared;
        Optional<Declaration> applied = declarations.find(name);
        if (applied.isPresent() && applied.get().text().equals(text)) {
            return;
        }
        Optional<EventSourceMapping> old = applied.flatMap(declaration -> store.find(declaration.mapping()));
        old.ifPresent(mapping -> {
            if (!store.remove(mapping)) {
                throw new IllegalStateException("Mapping " + mapping.id() + " changed while the server started; indicates a bug");
            }
        });
        try {
            EventSourceMapping made = mappings.add(owner, keepingTheGroup(declared, old));
            declarations.save(new Declaration(name, text, made.id()));
            log.info("Mapping {} is what the config declares as {}", made.id(), name);
        } catch (MappingException refused) {
            old.ifPresent(store::insert);
            throw refused;
        }
    }

    /** A changed batch size or function must not read a topic from its beginning again: the group, and so its commits, stay. */
    private static Create keepingTheGroup(Create declared, Optional<EventSourceMapping> old) {
        boolean sameSource = old.isPresent() && declared.consumerGroupId() == null
                && old.get().source().topics().equals(declared.topics());
        return !sameSource ? declared : new Create(declared.function(), declared.eventSourceArn(), declared.bootstrapServers(),
                declared.topics(), declared.startingPosition(), declared.batchSize(), declared.maximumBatchingWindow(),
                declared.enabled(), old.get().source().consumerGroupId(), declared.sourceAccessConfigurations());
    }
}
