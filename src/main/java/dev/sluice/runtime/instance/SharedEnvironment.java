package dev.sluice.runtime.instance;

import dev.sluice.function.FunctionVersion;
import dev.sluice.resource.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What do the environments of all functions have in common? Immutable. {@link #toString} leaves the values out: they may be secrets.
 *
 * @param scope the account and region of functions that were registered without one
 * @param variables local endpoints, real credentials and the like: they win over what Lambda sets itself, and a function's own
 *     variables win over them
 */
public record SharedEnvironment(Scope scope, Map<String, String> variables) {

    public SharedEnvironment {
        Objects.requireNonNull(scope, "scope");
        variables = Map.copyOf(variables);
    }

    /** The same for functions of this account and region; null for none of their own. */
    SharedEnvironment in(Scope owner) {
        return owner == null ? this : new SharedEnvironment(owner, variables);
    }

    /** A version's own variables over these. */
    public Map<String, String> over(FunctionVersion version) {
        Map<String, String> all = new HashMap<>(variables);
        all.putAll(version.settings().environment());
        return all;
    }

    @Override
    public String toString() {
        return "SharedEnvironment[scope=" + scope + ", variables=" + variables.keySet() + "]";
    }
}
