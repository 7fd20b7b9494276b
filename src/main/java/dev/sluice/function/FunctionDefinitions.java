package dev.sluice.function;

import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which functions are there, and which of them does a caller see? The store's rows are kept in memory, since every invocation asks;
 * this server is the store's only writer. Thread-safe.
 */
public final class FunctionDefinitions {

    /** What a definition is stored under; {@code scope} is null for a function that every account sees. */
    public record Key(String name, @Nullable Scope scope) {
        public static Key of(FunctionDefinition definition) {
            return new Key(definition.name(), definition.scope());
        }
    }

    private final FunctionStore store;
    private final Map<Key, FunctionDefinition> definitions = new ConcurrentHashMap<>();
    private final List<Consumer<Key>> listeners = new CopyOnWriteArrayList<>();

    public FunctionDefinitions(FunctionStore store) {
        this.store = store;
        store.all().forEach(definition -> definitions.put(Key.of(definition), definition));
    }

    /** The function of exactly this key. */
    public Optional<FunctionDefinition> get(Key key) {
        return Optional.ofNullable(definitions.get(key));
    }

    /** The function a caller means: the caller's own, else the one registered for all. */
    public Optional<FunctionDefinition> visible(Scope caller, String name) {
        return get(new Key(name, caller)).or(() -> get(new Key(name, null)));
    }

    /** The function of the ARN, when it has the version or alias that the ARN names. */
    public Optional<FunctionDefinition> visible(FunctionArn arn) {
        return visible(arn.scope(), arn.name()).filter(definition -> definition.version(arn.qualifier()).isPresent());
    }

    /** The functions that a caller sees, by name. */
    public List<FunctionDefinition> visible(Scope caller) {
        return all().stream().filter(function -> caller.equals(function.scope())
                || function.scope() == null && get(new Key(function.name(), caller)).isEmpty()).toList();
    }

    public List<FunctionDefinition> all() {
        return definitions.values().stream()
                .sorted(Comparator.comparing(FunctionDefinition::name).thenComparing(d -> String.valueOf(d.scope()))).toList();
    }

    /** The uploads that some function refers to. */
    public Set<String> uploads() {
        Set<String> hashes = new HashSet<>();
        for (FunctionDefinition definition : definitions.values()) {
            definition.versions().flatMap(version -> version.code().upload().stream()).forEach(upload -> hashes.add(upload.sha256()));
        }
        return hashes;
    }

    /** False when the key is taken. */
    boolean insert(FunctionDefinition definition) {
        synchronized (store) {
            if (!store.insert(definition)) {
                return false;
            }
            definitions.put(Key.of(definition), definition);
        }
        changed(Key.of(definition));
        return true;
    }

    /**
     * Replaces the function of the key by what {@code change} makes of it, with no other change in between.
     *
     * @throws FunctionException what {@code change} throws, or {@code gone} when there is no such function; then nothing changes
     */
    FunctionDefinition change(Key key, UnaryOperator<FunctionDefinition> change, Supplier<? extends FunctionException> gone) {
        return put(key, now -> {
            if (now == null) {
                throw gone.get();
            }
            return change.apply(now);
        });
    }

    /** As above, and adds the function when it isn't there: then {@code change} gets null. What stays as it is is no change. */
    FunctionDefinition put(Key key, UnaryOperator<FunctionDefinition> change) {
        return put(key, change, store::save);
    }

    /** As above, of a function without a scope, and notes the declaration that it then is made from. */
    FunctionDefinition putDeclared(String name, String declaration, UnaryOperator<FunctionDefinition> change) {
        return put(new Key(name, null), change, changed -> store.saveDeclared(changed, declaration));
    }

    private FunctionDefinition put(Key key, UnaryOperator<FunctionDefinition> change, Consumer<FunctionDefinition> save) {
        FunctionDefinition changed;
        synchronized (store) {
            FunctionDefinition present = definitions.get(key);
            changed = change.apply(present);
            if (changed == present) {
                return present;
            }
            save.accept(changed);
            definitions.put(key, changed);
        }
        changed(key);
        return changed;
    }

    /** Which declaration of the config file was applied last under this name. */
    Optional<String> declaration(String name) {
        return store.declaration(name);
    }

    /** False when there was none. */
    boolean delete(Key key) {
        synchronized (store) {
            if (!store.delete(key.name(), key.scope())) {
                return false;
            }
            definitions.remove(key);
        }
        changed(key);
        return true;
    }

    public void onChange(Consumer<Key> listener) {
        listeners.add(listener);
    }

    private void changed(Key key) {
        listeners.forEach(listener -> listener.accept(key));
    }
}
