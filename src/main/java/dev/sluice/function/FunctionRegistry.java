package dev.sluice.function;

import dev.sluice.function.FunctionDefinition.Origin;
import dev.sluice.function.FunctionDefinitions.Key;
import dev.sluice.mapping.FunctionArn;
import dev.sluice.mapping.FunctionReference;
import dev.sluice.mapping.Scope;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a caller may do with functions: the use cases, and the refusals in AWS's words. Thread-safe. */
final class FunctionRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(FunctionRegistry.class);
    private static final Pattern VERSION = Pattern.compile("\\d+");

    private final FunctionDefinitions definitions;
    private final CodeStore code;
    private final Clock clock;
    private final Supplier<String> ids;
    private final Set<String> declaredTold = ConcurrentHashMap.newKeySet();

    FunctionRegistry(FunctionDefinitions definitions, CodeStore code, Clock clock, Supplier<String> ids) {
        this.definitions = definitions;
        this.code = code;
        this.clock = clock;
        this.ids = ids;
    }

    FunctionDefinition create(Scope caller, Functions.Create request) {
        FunctionReference reference = FunctionReference.parse(request.name())
                .orElseThrow(() -> new FunctionException.InvalidParameter("'" + request.name() + "' is no function name"));
        FunctionArn arn = reachable(caller, reference);
        FunctionDefinition present = definitions.visible(caller, arn.name()).orElse(null);
        if (present != null && present.origin() == Origin.CONFIG) {
            return configure(present, request);
        }
        if (present != null) {
            throw alreadyExists(arn.name());
        }
        if (request.runtime() == null || request.handler() == null) {
            throw new FunctionException.InvalidParameter(
                    "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
        }
        FunctionSettings settings = settings(request, null);
        try (CodeStore.Upload upload = upload(caller, request.code())) {
            FunctionDefinition created = new FunctionDefinition(arn.name(), caller, Origin.LAMBDA_API, upload.code(), settings,
                    clock.instant(), ids.get());
            if (!definitions.insert(created)) {
                throw alreadyExists(arn.name());
            }
            return created;
        }
    }

    FunctionDefinition get(Scope caller, FunctionReference reference) {
        FunctionArn arn = reachable(caller, reference);
        return definitions.visible(arn).orElseThrow(() -> notFound(arn));
    }

    List<FunctionDefinition> list(Scope caller) {
        return definitions.all().stream()
                .filter(d -> definitions.visible(caller, d.name()).filter(seen -> seen.equals(d)).isPresent()).toList();
    }

    FunctionDefinition updateCode(Scope caller, FunctionReference reference, CodeSource source) {
        FunctionDefinition present = get(caller, reference);
        if (present.origin() == Origin.CONFIG) {
            tellDeclared(present);
            return save(with(present, present.code(), present.settings()));
        }
        FunctionDefinition updated;
        try (CodeStore.Upload upload = upload(caller, source)) {
            synchronized (definitions) {
                // Read again: storing takes a while, and a function deleted meanwhile must stay deleted.
                FunctionDefinition now = get(caller, reference);
                updated = save(with(now, upload.code(), now.settings()));
            }
        }
        code.sweep();
        return updated;
    }

    void delete(Scope caller, FunctionReference reference) {
        FunctionArn arn = reachable(caller, reference);
        refuseQualifier(arn);
        FunctionDefinition present = definitions.visible(caller, arn.name()).orElseThrow(() -> notFound(arn));
        if (present.origin() == Origin.CONFIG) {
            LOG.info("Function {} is declared in the configuration and stays; DeleteFunction answered as if it were gone", arn.name());
            return;
        }
        synchronized (definitions) {
            if (!definitions.delete(Key.of(present))) {
                throw notFound(arn);
            }
        }
        code.sweep();
    }

    /** Adds or replaces a function that every account sees; one that is there just so stays as it is. */
    FunctionDefinition register(String name, Origin origin, FunctionCode newCode, FunctionSettings settings) {
        if (origin == Origin.LAMBDA_API) {
            throw new IllegalArgumentException("origin is LAMBDA_API; allowed are CONTROL_API and CONFIG");
        }
        FunctionDefinition present = definitions.get(new Key(name, null)).orElse(null);
        if (present != null && present.origin() == origin && present.code().equals(newCode) && present.settings().equals(settings)) {
            return present;
        }
        FunctionDefinition saved = save(new FunctionDefinition(name, null, origin, newCode, settings, clock.instant(), ids.get()));
        code.sweep();
        return saved;
    }

    void unregister(String name) {
        synchronized (definitions) {
            if (!definitions.delete(new Key(name, null))) {
                throw new FunctionException.NotFound("Function not found: " + name
                        + " is not registered for all accounts; one that was created through the Lambda API is deleted there");
            }
        }
        code.sweep();
    }

    /** The text for an ARN that leads nowhere, which also tells the log where the name would be found. */
    FunctionException.NotFound notFound(FunctionArn arn) {
        tellElsewhere(arn);
        return new FunctionException.NotFound("Function not found: " + arn);
    }

    /** Tells the log in which other account or region a function that wasn't found exists. */
    void tellElsewhere(FunctionArn arn) {
        List<FunctionDefinition> elsewhere = definitions.all().stream()
                .filter(d -> d.name().equals(arn.name()) && d.scope() != null && !d.scope().equals(arn.scope())).toList();
        elsewhere.forEach(d -> LOG.info("Function {} was not found in account {}, region {}, but exists in account {}, region {}",
                arn.name(), arn.scope().accountId(), arn.scope().region(), d.scope().accountId(), d.scope().region()));
    }

    /** The ARN the caller means, if it is one of the caller's own region and account. */
    private FunctionArn reachable(Scope caller, FunctionReference reference) {
        FunctionArn arn = reference.resolve(caller);
        if (!arn.scope().region().equals(caller.region())) {
            throw new FunctionException.NotFound("Functions from '" + arn.scope().region() + "' are not reachable in this region ('"
                    + caller.region() + "')");
        }
        if (!arn.scope().equals(caller)) {
            // AWS asks the other account's resource policy, which nobody can have written here.
            throw notFound(arn);
        }
        return arn;
    }

    /** DeleteFunction with a version or alias, in the words recorded from AWS. */
    private void refuseQualifier(FunctionArn arn) {
        String qualifier = arn.qualifier();
        if (qualifier == null) {
            return;
        }
        if (qualifier.equals("$LATEST")) {
            throw new FunctionException.InvalidParameter("$LATEST version cannot be deleted without deleting the function.");
        }
        if (VERSION.matcher(qualifier).matches()) {
            throw notFound(arn.unqualified());
        }
        throw new FunctionException.InvalidParameter("Deletion of aliases is not currently supported.");
    }

    private FunctionDefinition configure(FunctionDefinition declared, Functions.Create request) {
        tellDeclared(declared);
        return save(with(declared, declared.code(), settings(request, declared.settings())));
    }

    private void tellDeclared(FunctionDefinition declared) {
        if (declaredTold.add(declared.name())) {
            LOG.info("Function {} is declared in the configuration: the code of the request is ignored, its code stays {}",
                    declared.name(), declared.code());
        }
    }

    private FunctionDefinition save(FunctionDefinition definition) {
        definitions.save(definition);
        return definition;
    }

    private FunctionDefinition with(FunctionDefinition present, FunctionCode newCode, FunctionSettings settings) {
        return new FunctionDefinition(present.name(), present.scope(), present.origin(), newCode, settings, clock.instant(), ids.get());
    }

    private CodeStore.Upload upload(Scope caller, CodeSource source) {
        if (source == null) {
            throw new FunctionException.InvalidParameter("Please provide a source for function code.");
        }
        return code.store(caller, source);
    }

    /** What the request says; what it leaves out is the default, or as it was. */
    private static FunctionSettings settings(Functions.Create request, FunctionSettings before) {
        FunctionSettings base = before != null ? before : new FunctionSettings(null, null, null, "", FunctionSettings.DEFAULT_TIMEOUT,
                FunctionSettings.DEFAULT_MEMORY_MB, Map.of());
        try {
            return new FunctionSettings(
                    request.runtime() == null ? base.runtime() : request.runtime(),
                    request.handler() == null ? base.handler() : request.handler(),
                    request.role() == null ? base.role() : request.role(),
                    request.description() == null ? base.description() : request.description(),
                    request.timeoutSeconds() == null ? base.timeout() : Duration.ofSeconds(request.timeoutSeconds()),
                    request.memoryMb() == null ? base.memoryMb() : request.memoryMb(),
                    request.environment() == null ? base.environment() : request.environment());
        } catch (IllegalArgumentException e) {
            throw new FunctionException.InvalidParameter(e.getMessage());
        }
    }

    private static FunctionException.Conflict alreadyExists(String name) {
        return new FunctionException.Conflict("Function already exist: " + name);
    }
}
