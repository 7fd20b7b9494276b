package dev.sluice.server;

import dev.sluice.function.FunctionException;
import dev.sluice.function.Functions;
import dev.sluice.mapping.DeclaredMappings;
import dev.sluice.mapping.MappingException;
import dev.sluice.mapping.Scope;
import dev.sluice.server.ServerConfig.DeclaredFunction;
import dev.sluice.server.ServerConfig.DeclaredMapping;
import dev.sluice.server.ServerConfig.Declarations;

/** What the functions and mappings of the config file become when the server starts. */
final class Declared {

    private final Functions functions;
    private final DeclaredMappings mappings;
    private final Scope owner;

    /** @param owner the account and region that declared mappings belong to */
    Declared(Functions functions, DeclaredMappings mappings, Scope owner) {
        this.functions = functions;
        this.mappings = mappings;
        this.owner = owner;
    }

    /** @throws InvalidConfigException with every declaration that can't be applied */
    void apply(Declarations declarations) {
        Problems problems = new Problems();
        for (DeclaredFunction function : declarations.functions()) {
            try {
                functions.registry().declare(function.name(), function.code(), function.settings());
            } catch (FunctionException refused) {
                problems.add("functions." + function.name(), refused.getMessage());
            }
        }
        for (DeclaredMapping mapping : declarations.mappings()) {
            try {
                mappings.apply(mapping.name(), owner, mapping.create());
            } catch (MappingException refused) {
                problems.add("mappings." + mapping.name(), refused.getMessage() + refused.hint().map(hint -> " " + hint).orElse(""));
            }
        }
        problems.throwIfAny();
    }
}
