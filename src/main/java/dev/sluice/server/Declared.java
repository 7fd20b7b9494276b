package dev.sluice.server;

import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionException;
import dev.sluice.mapping.DeclaredMappings;
import dev.sluice.mapping.MappingException;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.NearestName;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.Functions;
import dev.sluice.server.ServerConfig.Declarations;
import dev.sluice.server.ServerConfig.DeclaredFunction;
import dev.sluice.server.ServerConfig.DeclaredMapping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the functions and mappings of the config file become when the server starts. */
final class Declared {

    private static final Logger LOG = LoggerFactory.getLogger(Declared.class);

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
                warnOfWhatIsMissing(function);
            } catch (FunctionException refused) {
                problems.add("functions." + function.name(), refused.getMessage());
            }
        }
        for (DeclaredMapping mapping : declarations.mappings()) {
            try {
                mappings.apply(mapping.name(), owner, mapping.create());
            } catch (MappingException refused) {
                FunctionArn function = mapping.create().function().resolve(owner);
                if (function.scope().equals(owner) && !functions.exists(function)) {
                    problems.add("mappings." + mapping.name() + ".function", "is '" + text(mapping.create().function())
                            + "'; there is no such function in account " + owner.accountId() + ", region " + owner.region()
                            + near(function));
                } else {
                    problems.add("mappings." + mapping.name(), refused.getMessage() + refused.hint().map(hint -> " " + hint).orElse(""));
                }
            }
        }
        problems.throwIfAny();
    }

    /** As it was written: a name, with its qualifier, or an ARN. */
    static String text(FunctionReference function) {
        String name = function.name() + (function.qualifier() == null ? "" : ":" + function.qualifier());
        return Stream.of(function.region(), function.accountId()).filter(Objects::nonNull).map(part -> part + ":")
                .collect(Collectors.joining()) + name;
    }

    private String near(FunctionArn function) {
        Set<String> names = functions.registry().all().stream().filter(any -> any.scope() == null || any.scope().equals(owner))
                .map(FunctionDefinition::name).collect(Collectors.toCollection(TreeSet::new));
        return names.contains(function.name()) ? " with this version or alias"
                : NearestName.of(function.name(), names).map(name -> "; did you mean '" + name + "'?").orElse("");
    }

    /** A build may make it any moment: it is no reason not to start. */
    private static void warnOfWhatIsMissing(DeclaredFunction function) {
        DeclaredPaths declared = function.code().match(DeclaredPaths.OF);
        for (Path path : declared.paths()) {
            if (!Files.exists(path)) {
                LOG.warn("functions.{}.{} is {}, which isn't there yet; batches wait until it is", function.name(), declared.key(), path);
            }
        }
    }
}
