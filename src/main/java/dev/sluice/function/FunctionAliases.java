package dev.sluice.function;

import dev.sluice.function.FunctionDefinitions.Key;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which aliases does a function have, and how do they change? Refusals are {@link FunctionException}s in AWS's words. Thread-safe.
 *
 * <p>AWS: CreateAlias, GetAlias, UpdateAlias, DeleteAlias, ListAliases.
 */
public final class FunctionAliases {

    private final FunctionDefinitions definitions;
    private final FunctionLookup lookup;
    private final Supplier<String> ids;

    public FunctionAliases(FunctionDefinitions definitions, FunctionLookup lookup, Supplier<String> ids) {
        this.definitions = definitions;
        this.lookup = lookup;
        this.ids = ids;
    }

    /**
     * What a request says of an alias; absent members are null.
     *
     * @param weights AdditionalVersionWeights; empty for none
     */
    public record Change(@Nullable String version, @Nullable String description, @Nullable Map<String, Double> weights) {
        public Change {
            weights = weights == null ? null : Map.copyOf(weights);
        }
    }

    /** CreateAlias. */
    public FunctionAlias create(Scope caller, FunctionReference reference, String name, Change request) {
        String version = Objects.requireNonNull(request.version(), "version");
        lookup.requireNaming(caller, reference, version);
        return changed(caller, reference, name, function -> {
            requireVersion(caller, function, version);
            if (function.publications().alias(name).isPresent()) {
                throw new FunctionException.Conflict("Alias already exists: " + function.arn(caller).withQualifier(name));
            }
            return applied(caller, function, request, new FunctionAlias(name, version, "", Map.of(), ids.get()));
        });
    }

    /** GetAlias. */
    public FunctionAlias get(Scope caller, FunctionReference reference, String name) {
        return require(caller, lookup.requireAny(caller, reference), name);
    }

    /** ListAliases, by name. @param version only those that lead to this version; null for all */
    public List<FunctionAlias> list(Scope caller, FunctionReference reference, @Nullable String version) {
        return lookup.requireAny(caller, reference).publications().aliases().stream()
                .filter(alias -> version == null || alias.leadsTo(version)).toList();
    }

    /** UpdateAlias. @param revisionId the revision that the caller has seen; null for any */
    public FunctionAlias update(Scope caller, FunctionReference reference, String name, Change request, String revisionId) {
        return changed(caller, reference, name, function -> {
            FunctionAlias present = function.publications().alias(name).orElseThrow(() -> new FunctionException.NotFound(
                    "Alias not found: " + function.arn(caller).withQualifier(name)));
            FunctionException.PreconditionFailed.require(revisionId, present.revisionId());
            if (request.version() != null) {
                requireVersion(caller, function, request.version());
            }
            return applied(caller, function, request, present);
        });
    }

    /** DeleteAlias; one that isn't there is no matter, as on AWS. */
    public void delete(Scope caller, FunctionReference reference, String name) {
        FunctionDefinition seen = lookup.requireAny(caller, reference);
        if (seen.publications().alias(name).isPresent()) {
            definitions.change(Key.of(seen), now -> now.with(now.publications().withoutAlias(name)),
                    () -> lookup.notFound(seen.arn(caller)));
        }
    }

    private FunctionAlias changed(Scope caller, FunctionReference reference, String name, UnaryOperator<FunctionDefinition> change) {
        FunctionDefinition seen = lookup.requireAny(caller, reference);
        return definitions.change(Key.of(seen), change, () -> lookup.notFound(seen.arn(caller)))
                .publications().alias(name).orElseThrow();
    }

    private FunctionDefinition applied(Scope caller, FunctionDefinition function, Change request, FunctionAlias before) {
        String version = request.version() == null ? before.version() : request.version();
        Map<String, Double> weights = request.weights() == null ? before.additionalVersionWeights() : request.weights();
        requireWeights(caller, function, version, weights);
        return function.with(function.publications().with(new FunctionAlias(before.name(), version,
                request.description() == null ? before.description() : request.description(), weights, ids.get())));
    }

    /** Texts as recorded from AWS. */
    private void requireWeights(Scope caller, FunctionDefinition function, String version, Map<String, Double> weights) {
        if (weights.size() > 1) {
            throw new FunctionException.InvalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1");
        }
        for (String other : weights.keySet()) {
            if (other.equals(version)) {
                throw new FunctionException.InvalidParameter("Invalid function version " + version + ". Function version " + version
                        + " is already included in routing configuration.");
            }
            if (version.equals(FunctionVersion.LATEST)) {
                throw new FunctionException.UntypedInvalidParameter(
                        "$LATEST is not supported for an alias pointing to more than 1 version");
            }
            requireVersion(caller, function, other);
        }
    }

    private void requireVersion(Scope caller, FunctionDefinition function, String version) {
        if (!version.equals(FunctionVersion.LATEST) && function.publications().version(version).isEmpty()) {
            throw lookup.notFound(function.arn(caller).withQualifier(version));
        }
    }

    private static FunctionAlias require(Scope caller, FunctionDefinition function, String name) {
        return function.publications().alias(name).orElseThrow(() -> new FunctionException.NotFound(
                "Cannot find alias arn: " + function.arn(caller).withQualifier(name)));
    }
}
