package dev.sluice.testing;

import dev.sluice.mapping.DeclarationStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A {@link DeclarationStore} without a disk, held to the same contract as the real one. Thread-safe. */
public final class InMemoryDeclarationStore implements DeclarationStore {

    private final Map<String, Declaration> declarations = new ConcurrentHashMap<>();

    @Override
    public Optional<Declaration> find(String name) {
        return Optional.ofNullable(declarations.get(name));
    }

    @Override
    public void save(Declaration declaration) {
        declarations.put(declaration.name(), declaration);
    }
}
