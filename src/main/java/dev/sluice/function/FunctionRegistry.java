package dev.sluice.function;

import dev.sluice.function.FunctionDefinition.Origin;
import dev.sluice.function.FunctionDefinitions.Key;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What may a caller do with functions? The use cases, and the refusals in AWS's words: each throws a {@link FunctionException}, and
 * {@link java.io.UncheckedIOException} when the disk fails. Thread-safe.
 *
 * <p>AWS: CreateFunction, GetFunction, ListFunctions, UpdateFunctionCode, UpdateFunctionConfiguration, DeleteFunction.
 */
public final class FunctionRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(FunctionRegistry.class);

    private final FunctionDefinitions definitions;
    private final FunctionLookup lookup;
    private final Uploads uploads;
    private final Clock clock;
    private final Supplier<String> ids;
    private final Set<String> declaredTold = ConcurrentHashMap.newKeySet();

    public FunctionRegistry(FunctionDefinitions definitions, FunctionLookup lookup, Uploads uploads, Clock clock, Supplier<String> ids) {
        this.definitions = definitions;
        this.lookup = lookup;
        this.uploads = uploads;
        this.clock = clock;
        this.ids = ids;
    }

    /** A CreateFunction request. @param code null for none @param publish whether version 1 is published at once */
    public record Create(String name, CodeSource code, SettingsChange settings, Tags tags, boolean publish) {
    }

    /**
     * An UpdateFunctionCode request.
     *
     * @param settings what it says beside the code (Architectures)
     * @param revisionId the revision that the caller has seen; null for any
     * @param dryRun whether it is only to be checked
     */
    public record CodeUpdate(CodeSource code, SettingsChange settings, boolean publish, @Nullable String revisionId, boolean dryRun) {
    }

    /** CreateFunction for the caller's scope. */
    public FunctionDefinition create(Scope caller, Create request) {
        FunctionReference reference = FunctionReference.parse(request.name())
                .orElseThrow(() -> new FunctionException.InvalidParameter("'" + request.name() + "' is no function name"));
        FunctionArn arn = lookup.reachable(caller, reference);
        FunctionDefinition present = definitions.visible(caller, arn.name()).orElse(null);
        if (present != null && present.origin() == Origin.CONFIG) {
            return configure(present, request);
        }
        if (present != null) {
            throw alreadyExists(arn.name());
        }
        FunctionSettings settings = request.settings().fromDefaults();
        try (Stored stored = stored(caller, request.code())) {
            FunctionDefinition created = published(request.publish(), new FunctionDefinition(caller, Origin.LAMBDA_API,
                    version(arn.name(), stored.code(), settings)).with(request.tags()));
            if (!definitions.insert(created)) {
                throw alreadyExists(arn.name());
            }
            return created;
        }
    }

    /** GetFunction: own scope first, then functions registered without one; only with the version or alias that is asked for. */
    public FunctionDefinition get(Scope caller, FunctionReference reference) {
        return lookup.require(caller, reference);
    }

    /** ListFunctions: what the caller sees, by name. */
    public List<FunctionDefinition> list(Scope caller) {
        return definitions.visible(caller);
    }

    /** The function that mappings of this account and region know by this name; empty when there is none. */
    public Optional<FunctionDefinition> visible(FunctionArn arn) {
        return definitions.visible(arn.unqualified());
    }

    /** All functions of all accounts and regions (control API). */
    public List<FunctionDefinition> all() {
        return definitions.all();
    }

    /** UpdateFunctionCode; a declared function keeps its code. A dry run returns what would be, and stores nothing. */
    public FunctionDefinition updateCode(Scope caller, FunctionReference reference, CodeUpdate update) {
        FunctionLookup.refuseAllButLatest(reference);
        FunctionDefinition present = lookup.requireAny(caller, reference);
        FunctionException.PreconditionFailed.require(update.revisionId(), present.latest().revisionId());
        if (present.origin() == Origin.CONFIG) {
            tellDeclared(present);
            return update.dryRun() ? present : change(present, update.revisionId(), now -> published(update.publish(),
                    now.with(version(now.name(), now.latest().code(), update.settings().appliedTo(now.latest().settings())))));
        }
        requireSamePackageType(present.latest().code(), update.code());
        FunctionDefinition updated;
        try (Stored stored = stored(caller, update.code())) {
            UnaryOperator<FunctionDefinition> replacement =
                    now -> now.with(version(now.name(), stored.code(), update.settings().appliedTo(now.latest().settings())));
            updated = update.dryRun() ? replacement.apply(present)
                    : change(present, update.revisionId(), now -> published(update.publish(), replacement.apply(now)));
        }
        uploads.sweep();
        return updated;
    }

    /** UpdateFunctionConfiguration. @param revisionId the revision that the caller has seen; null for any */
    public FunctionDefinition updateConfiguration(Scope caller, FunctionReference reference, SettingsChange settings,
            @Nullable String revisionId) {
        FunctionLookup.refuseAllButLatest(reference);
        return change(lookup.requireAny(caller, reference), revisionId,
                now -> now.with(version(now.name(), now.latest().code(), settings.appliedTo(now.latest().settings()))));
    }

    /** DeleteFunction, with all its versions and aliases; a declared one stays. */
    public void delete(Scope caller, FunctionReference reference) {
        if (reference.qualifier() != null) {
            throw new IllegalArgumentException("qualifier is " + reference.qualifier() + "; versions are deleted by FunctionVersions");
        }
        FunctionDefinition present = lookup.requireAny(caller, reference);
        if (present.origin() == Origin.CONFIG) {
            LOG.info("Function {} is declared in the configuration and stays; DeleteFunction answered as if it were gone", present.name());
            return;
        }
        if (!definitions.delete(Key.of(present))) {
            throw lookup.notFound(present.arn(caller));
        }
        uploads.sweep();
    }

    /**
     * PUT /_sluice/functions/{name}: adds or replaces a function seen from every account. One that is there just so stays as it is; of
     * one that is there otherwise the versions, aliases, tags and concurrency stay.
     */
    public FunctionDefinition register(String name, FunctionCode newCode, FunctionSettings settings) {
        return register(null, name, newCode, settings);
    }

    /**
     * The same of a function that one account has in one region.
     *
     * @param scope null for all accounts
     * @throws FunctionException.Conflict when the Lambda API has made it there
     */
    public FunctionDefinition register(@Nullable Scope scope, String name, FunctionCode newCode, FunctionSettings settings) {
        FunctionDefinition registered = definitions.put(new Key(name, scope), present -> {
            if (present != null && present.origin() == Origin.LAMBDA_API) {
                throw new FunctionException.Conflict("Function '" + name + "' was created through the Lambda API, in " + scope
                        + "; use that API for it");
            }
            // Of an attached function also the same again is a change: it is how events come back that a dead process has taken.
            // And of one that has moved, when the isolation is said anew.
            if (present != null && present.origin() == Origin.CONTROL_API && present.latest().code().equals(newCode)
                    && present.latest().settings().equals(settings) && (present.move() == null || settings.local().isolation() == null)
                    && newCode.runBy() != FunctionCode.RunBy.ATTACHED_PROCESS) {
                return present;
            }
            return registered(present, scope, Origin.CONTROL_API, version(name, newCode, settings));
        });
        uploads.sweep();
        return registered;
    }

    /**
     * What the config file declares, as {@link #register}. A declaration is applied when it is new or has changed; what the API did to
     * the function since stays until then, so that a restart changes nothing.
     */
    public FunctionDefinition declare(String name, FunctionCode newCode, FunctionSettings settings) {
        String mark = DeclarationMark.of(newCode, settings);
        FunctionDefinition declared = definitions.putDeclared(name, mark, present -> {
            boolean applied = present != null && present.origin() == Origin.CONFIG
                    && definitions.declaration(name).filter(mark::equals).isPresent();
            return applied ? present : registered(present, null, Origin.CONFIG, version(name, newCode, settings));
        });
        uploads.sweep();
        return declared;
    }

    private static FunctionDefinition registered(FunctionDefinition present, @Nullable Scope scope, Origin origin,
            FunctionVersion latest) {
        return present == null ? new FunctionDefinition(scope, origin, latest) : new FunctionDefinition(latest.function(), scope, origin,
                latest, present.publications(), present.tags(), present.reservedConcurrency(),
                latest.settings().local().isolation() == null ? present.move() : null);
    }

    /** DELETE /_sluice/functions/{name}: removes the function registered without a scope. */
    public void unregister(String name) {
        unregister(null, name);
    }

    /** The same of a function that one account has in one region. @param scope null for all accounts */
    public void unregister(@Nullable Scope scope, String name) {
        if (!definitions.delete(new Key(name, scope))) {
            throw new FunctionException.NotFound("Function not found: " + name + " is not registered for "
                    + (scope == null ? "all accounts" : scope) + "; one that was created through the Lambda API is deleted there");
        }
        uploads.sweep();
    }

    private FunctionDefinition configure(FunctionDefinition declared, Create request) {
        tellDeclared(declared);
        return change(declared, null, now -> published(request.publish(), now.with(request.tags())
                .with(version(now.name(), now.latest().code(), request.settings().appliedTo(now.latest().settings())))));
    }

    private FunctionDefinition change(FunctionDefinition seen, @Nullable String revisionId,
            UnaryOperator<FunctionDefinition> change) {
        return definitions.change(Key.of(seen), now -> {
            FunctionException.PreconditionFailed.require(revisionId, now.latest().revisionId());
            return change.apply(now);
        }, () -> new FunctionException.NotFound("Function not found: " + seen.name()));
    }

    private FunctionDefinition published(boolean publish, FunctionDefinition function) {
        return publish ? FunctionVersions.published(function, null, clock.instant(), ids) : function;
    }

    private void tellDeclared(FunctionDefinition declared) {
        if (declaredTold.add(declared.name())) {
            LOG.info("Function {} is declared in the configuration: the code of the request is ignored, its code stays {}",
                    declared.name(), declared.latest().code().place());
        }
    }

    private FunctionVersion version(String name, FunctionCode versionCode, FunctionSettings settings) {
        ConfigurationRules.require(versionCode, settings);
        return FunctionVersion.latest(name, versionCode, settings, clock.instant(), ids.get());
    }

    /** Both texts were pasted by users of AWS. */
    private static void requireSamePackageType(FunctionCode present, CodeSource update) {
        boolean image = present.imageUri().isPresent();
        if (image && !(update instanceof CodeSource.Image)) {
            throw new FunctionException.InvalidParameter("Please provide ImageUri when updating a function with packageType Image.");
        }
        if (!image && update instanceof CodeSource.Image) {
            throw new FunctionException.InvalidParameter("Please don't provide ImageUri when updating a function with packageType Zip.");
        }
    }

    /** Code that a definition may refer to, and which stays there at least until this is closed. */
    private record Stored(FunctionCode code, Runnable release) implements AutoCloseable {
        @Override
        public void close() {
            release.run();
        }
    }

    private Stored stored(Scope caller, CodeSource source) {
        if (source == null) {
            throw new FunctionException.InvalidParameter("Please provide a source for function code.");
        }
        if (source instanceof CodeSource.Image image) {
            return new Stored(new FunctionCode.Image(image.uri()), () -> {});
        }
        Uploads.Upload upload = uploads.store(caller, (CodeSource.Zipped) source);
        return new Stored(upload.code(), upload::close);
    }

    private static FunctionException.Conflict alreadyExists(String name) {
        return new FunctionException.Conflict("Function already exist: " + name);
    }
}
