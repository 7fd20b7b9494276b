package dev.sluice.testing;

import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionMove;
import dev.sluice.function.FunctionStore;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.Publications;
import dev.sluice.resource.Scope;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A function store that forgets everything with its JVM; keeps {@link FunctionStoreContract}. Thread-safe. */
public final class InMemoryFunctionStore implements FunctionStore {

    private static final Comparator<Scope> SCOPES = Comparator.comparing(Scope::accountId).thenComparing(Scope::region);
    private static final Comparator<FunctionDefinition> ORDER = Comparator.comparing(FunctionDefinition::name)
            .thenComparing(FunctionDefinition::scope, Comparator.nullsFirst(SCOPES));

    private final Map<Key, FunctionDefinition> functions = new HashMap<>();

    private final Map<String, String> declarations = new HashMap<>();

    private record Key(String name, Scope scope) {
    }

    @Override
    public synchronized boolean insert(FunctionDefinition definition) {
        return functions.putIfAbsent(key(definition), stored(definition)) == null;
    }

    @Override
    public synchronized void save(FunctionDefinition definition) {
        functions.put(key(definition), stored(definition));
    }

    @Override
    public synchronized void saveDeclared(FunctionDefinition definition, String declaration) {
        save(definition);
        declarations.put(definition.name(), declaration);
    }

    @Override
    public synchronized Optional<String> declaration(String name) {
        return Optional.ofNullable(declarations.get(name));
    }

    @Override
    public synchronized Optional<FunctionDefinition> find(String name, Scope scope) {
        return Optional.ofNullable(functions.get(new Key(name, scope)));
    }

    @Override
    public synchronized List<FunctionDefinition> all() {
        return functions.values().stream().sorted(ORDER).toList();
    }

    @Override
    public synchronized boolean delete(String name, Scope scope) {
        return functions.remove(new Key(name, scope)) != null;
    }

    private static Key key(FunctionDefinition definition) {
        return new Key(definition.name(), definition.scope());
    }

    /** As it comes back from a store. */
    private static FunctionDefinition stored(FunctionDefinition definition) {
        Publications publications = definition.publications();
        return new FunctionDefinition(definition.name(), definition.scope(), definition.origin(), stored(definition.latest()),
                new Publications(publications.lastNumber(),
                        publications.versions().stream().map(InMemoryFunctionStore::stored).toList(), publications.aliases()),
                definition.tags(), definition.reservedConcurrency(), stored(definition.move()));
    }

    private static FunctionMove stored(FunctionMove move) {
        return move == null ? null : new FunctionMove(move.because(), move.at().truncatedTo(ChronoUnit.MICROS));
    }

    private static FunctionVersion stored(FunctionVersion version) {
        return new FunctionVersion(version.function(), version.version(), version.code(), version.settings(),
                version.lastModified().truncatedTo(ChronoUnit.MICROS), version.revisionId());
    }
}
