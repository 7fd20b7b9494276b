package dev.sluice.function;

import dev.sluice.resource.Scope;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where function definitions are kept; name and scope (also a null scope) are the key. Every method is one transaction that is on
 * disk when it returns. Implementations are thread-safe and throw {@link java.io.UncheckedIOException} when the storage fails.
 * Times are kept to the microsecond, finer digits are cut off.
 */
public interface FunctionStore {

    /** Adds the definition; false when one of this name and scope is there, which then stays as it was. */
    boolean insert(FunctionDefinition definition);

    /** Adds the definition or replaces the one of its name and scope. */
    void save(FunctionDefinition definition);

    /** As {@link #save}, and notes which declaration of the config file the definition, which has no scope, was made from. */
    void saveDeclared(FunctionDefinition definition, String declaration);

    /** What {@link #saveDeclared} last noted of this name; it stays when the definition changes or goes. */
    Optional<String> declaration(String name);

    /** The definition of exactly this name and scope (null: the one registered without a scope). */
    Optional<FunctionDefinition> find(String name, @Nullable Scope scope);

    /** All definitions of all scopes, by name; of one name first the one without a scope, then by account and region. */
    List<FunctionDefinition> all();

    /** Removes the definition of exactly this name and scope; false when there was none. */
    boolean delete(String name, @Nullable Scope scope);
}
