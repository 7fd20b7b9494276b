package dev.sluice.function;

import dev.sluice.mapping.FunctionArn;
import dev.sluice.mapping.FunctionDirectory;
import dev.sluice.mapping.FunctionReference;
import dev.sluice.mapping.Scope;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Which functions are there, what can be done with them, and how is one invoked? Thread-safe; single-use: construct, use, close.
 * Use cases throw a {@link FunctionException} with AWS's text, and {@link java.io.UncheckedIOException} when the disk fails.
 */
public final class Functions implements FunctionDirectory, FunctionInvoker, AutoCloseable {

    private static final Pending NEVER_QUEUED = () -> false;
    /** How long a closing server waits for handlers that it has interrupted. */
    private static final Duration AFTER_INTERRUPT = Duration.ofMillis(200);

    private final FunctionDefinitions definitions;
    private final FunctionRegistry registry;
    private final CodeStore code;
    private final InvocationLimits limits;
    private final Supplier<String> ids;
    private final HandlerInstance.Surroundings surroundings;
    private final InvocationThreads threads = new InvocationThreads();
    private final HttpRuntime http = new HttpRuntime();
    private final Map<FunctionDefinitions.Key, FunctionCalls> calls = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Reads the definitions and clears the code directory of what a crash left there.
     *
     * @param locations where code is kept and fetched from
     * @param ids a fresh UUID each time, for requests and revisions
     * @param output where functions' output goes: the server's standard error
     */
    public Functions(FunctionStore store, CodeLocations locations, InvocationLimits limits, Clock clock, Supplier<String> ids,
                     PrintStream output) {
        this.definitions = new FunctionDefinitions(store);
        this.code = new CodeStore(locations, definitions::uploads);
        this.registry = new FunctionRegistry(definitions, code, clock, ids);
        this.limits = limits;
        this.ids = ids;
        this.surroundings = new HandlerInstance.Surroundings(OutputRouting.unrouted(output), clock);
        code.open();
        OutputRouting.install();
        definitions.onChange(key -> Optional.ofNullable(calls.get(key)).ifPresent(FunctionCalls::changed));
    }

    /**
     * Where the code of functions is.
     *
     * @param directory keeps uploads and copies of JARs; made when missing, nobody else's
     * @param buckets of S3, for requests that name one
     */
    public record CodeLocations(Path directory, CodeBuckets buckets) {
        public CodeLocations {
            Objects.requireNonNull(directory, "directory");
            Objects.requireNonNull(buckets, "buckets");
        }
    }

    /** A CreateFunction request; absent members are null. */
    public record Create(String name, CodeSource code, String runtime, String handler, String role, String description,
                         Integer timeoutSeconds, Integer memoryMb, Map<String, String> environment) {

        /** Leaves the environment's values out: they may be secrets. */
        @Override
        public String toString() {
            return "Create[name=" + name + ", code=" + code + ", runtime=" + runtime
                    + ", handler=" + handler + ", timeoutSeconds=" + timeoutSeconds + ", memoryMb=" + memoryMb + "]";
        }
    }

    /** CreateFunction for the caller's scope. */
    public FunctionDefinition create(Scope caller, Create request) {
        return registry.create(caller, request);
    }

    /** GetFunction: own scope first, then functions registered without one. */
    public FunctionDefinition get(Scope caller, FunctionReference reference) {
        return registry.get(caller, reference);
    }

    /** ListFunctions: what the caller sees, by name. */
    public List<FunctionDefinition> list(Scope caller) {
        return registry.list(caller);
    }

    /** All functions of all accounts and regions (control API). */
    public List<FunctionDefinition> all() {
        return definitions.all();
    }

    /** UpdateFunctionCode. */
    public FunctionDefinition updateCode(Scope caller, FunctionReference reference, CodeSource source) {
        return registry.updateCode(caller, reference, source);
    }

    /** DeleteFunction. */
    public void delete(Scope caller, FunctionReference reference) {
        registry.delete(caller, reference);
    }

    /** PUT /_sluice/functions/{name}: adds or replaces a function seen from every account; also how the config declares one. */
    public FunctionDefinition register(String name, FunctionDefinition.Origin origin, FunctionCode code, FunctionSettings settings) {
        return registry.register(name, origin, code, settings);
    }

    /** DELETE /_sluice/functions/{name}: removes the function registered without a scope; NotFound when there is none. */
    public void unregister(String name) {
        registry.unregister(name);
    }

    /** Calls {@code listener} with the ARN-less name of every function that is created, changed or deleted from now on. */
    public void onChange(Consumer<String> listener) {
        definitions.onChange(key -> listener.accept(key.name()));
    }

    @Override
    public boolean exists(FunctionArn arn) {
        boolean found = definitions.visible(arn).isPresent();
        if (!found) {
            registry.tellElsewhere(arn);
        }
        return found;
    }

    @Override
    public Optional<Duration> timeout(FunctionArn arn) {
        return definitions.visible(arn).map(definition -> definition.settings().timeout());
    }

    @Override
    public Pending submit(Invocation invocation) {
        FunctionArn arn = invocation.function();
        FunctionDefinition definition = definitions.visible(arn).orElse(null);
        if (definition == null) {
            String reason = registry.notFound(arn).getMessage();
            threads.runAnyway(() -> {
                invocation.listener().completed(new InvocationResult.NotValid(reason));
                invocation.listener().ended();
            });
            return NEVER_QUEUED;
        }
        return calls.computeIfAbsent(FunctionDefinitions.Key.of(definition), this::callsOf).submit(invocation, ids.get());
    }

    /** Stops taking invocations, waits for running ones up to {@code within}, interrupts the rest and frees the class loaders. */
    public void close(Duration within) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        calls.values().forEach(FunctionCalls::stopWaiting);
        if (!threads.drain(within)) {
            calls.values().forEach(FunctionCalls::giveUp);
            threads.drain(AFTER_INTERRUPT);
        }
        calls.values().forEach(FunctionCalls::close);
        threads.stop();
        http.close();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    private FunctionCalls callsOf(FunctionDefinitions.Key key) {
        return new FunctionCalls(key, () -> definitions.get(key), threads, limits,
                new JarRuntime(code, surroundings, limits.initialisation()), http);
    }
}
