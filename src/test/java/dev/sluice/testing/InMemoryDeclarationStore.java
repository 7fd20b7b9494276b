package dev.sluice.testing;

import dev.sluice.mapping.DeclarationStore;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingId;
import dev.sluice.resource.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A {@link DeclarationStore} without a disk, held to the same contract as the real one. Thread-safe. */
public final class InMemoryDeclarationStore implements DeclarationStore {

    private final InMemoryMappingStore mappings;
    private final Map<String, Declaration> declarations = new HashMap<>(); // guarded by this

    public InMemoryDeclarationStore(InMemoryMappingStore mappings) {
        this.mappings = mappings;
    }

    @Override
    public synchronized Optional<Declaration> find(String name) {
        return Optional.ofNullable(declarations.get(name));
    }

    @Override
    public synchronized Optional<EventSourceMapping> apply(Declaration declaration, EventSourceMapping made, Tags tags) {
        MappingId before = find(declaration.name()).map(Declaration::mapping).orElse(null);
        Optional<EventSourceMapping> duplicate = mappings.insertInPlaceOf(before, made, tags);
        if (duplicate.isEmpty()) {
            declarations.put(declaration.name(), declaration);
        }
        return duplicate;
    }
}
