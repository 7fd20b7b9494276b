package dev.sluice.runtime;

import dev.sluice.fault.FatalFaults;
import dev.sluice.function.FunctionAccount;
import dev.sluice.function.FunctionAliases;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionDefinitions;
import dev.sluice.function.FunctionLookup;
import dev.sluice.function.FunctionMoves;
import dev.sluice.function.FunctionRegistry;
import dev.sluice.function.FunctionStore;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.FunctionVersions;
import dev.sluice.function.Time;
import dev.sluice.invocation.AsynchronousInvocations;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.mapping.FunctionDirectory;
import dev.sluice.resource.FunctionArn;
import dev.sluice.runtime.code.CodeLocations;
import dev.sluice.runtime.code.CodeStore;
import dev.sluice.runtime.code.Layers;
import dev.sluice.runtime.handler.FunctionThreads;
import dev.sluice.runtime.handler.OutputRouting;
import dev.sluice.runtime.instance.InstanceSurroundings;
import dev.sluice.runtime.instance.InvocationThreads;
import dev.sluice.runtime.instance.SharedEnvironment;
import dev.sluice.runtime.log.FunctionLogs;
import dev.sluice.runtime.log.InvocationLogs;
import dev.sluice.runtime.process.AttachedFunctions;
import dev.sluice.runtime.process.LocalRuntimes;
import dev.sluice.runtime.process.ProcessCommands;
import dev.sluice.runtime.process.ProcessSurroundings;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Which functions are there, what can be done with them, and how is one invoked? Thread-safe; single-use: construct, use, close. */
public final class Functions implements FunctionDirectory, FunctionInvoker, AutoCloseable {

    private static final Pending NEVER_QUEUED = () -> false;
    /** How long a closing server waits for handlers that it has interrupted. */
    private static final Duration AFTER_INTERRUPT = Duration.ofMillis(200);

    private final FunctionDefinitions definitions;
    private final FunctionLookup lookup;
    private final FunctionRegistry registry;
    private final FunctionVersions versions;
    private final FunctionAliases aliases;
    private final FunctionAccount account;
    private final CodeStore code;
    private final Layers layers;
    private final InvocationLimits limits;
    private final Supplier<String> ids;
    private final ProcessSurroundings surroundings;
    private final JavaPlacement.Rules placement;
    private final InvocationThreads threads;
    private final FunctionLogs logs;
    private final HttpRunner http = new HttpRunner();
    private final AttachedFunctions attached;
    private final FunctionMoves moves;
    private final AsynchronousInvocations asynchronous;
    private final Map<FunctionDefinitions.Key, FunctionCalls> calls = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Reads the definitions and clears the code directory of what a crash left there.
     *
     * @param locations where code is kept and fetched from
     * @param ids a fresh UUID each time, for requests and revisions
     * @param surroundings what functions find around them
     */
    public Functions(FunctionStore store, CodeLocations locations, InvocationLimits limits, Clock clock, Supplier<String> ids,
            Surroundings surroundings) {
        this.definitions = new FunctionDefinitions(store);
        this.code = new CodeStore(locations, definitions::uploads);
        this.layers = new Layers(surroundings.runtimes().layers(), code, new Time(clock, System::nanoTime));
        this.lookup = new FunctionLookup(definitions);
        this.registry = new FunctionRegistry(definitions, lookup, code, clock, ids);
        this.versions = new FunctionVersions(definitions, lookup, code, clock, ids);
        this.aliases = new FunctionAliases(definitions, lookup, ids);
        this.account = new FunctionAccount(definitions, lookup);
        this.limits = limits;
        this.ids = ids;
        this.threads = new InvocationThreads(new FunctionThreads(), surroundings.faults());
        this.logs = new FunctionLogs(threads.watchdog());
        this.surroundings = new ProcessSurroundings(
                new InstanceSurroundings(OutputRouting.unrouted(surroundings.output()), clock, surroundings.environment()),
                surroundings.runtimes().processes(), ProcessCommands.of(surroundings.runtimes(), code));
        this.placement = new JavaPlacement.Rules(surroundings.runtimes().isolation(), surroundings.runtimes().ownJvm());
        this.attached = new AttachedFunctions(surroundings.runtimes().attachPoints(), clock, definitions::get);
        this.asynchronous = new AsynchronousInvocations(this,
                (step, after) -> threads.watchdog().schedule(step, after.toNanos(), TimeUnit.NANOSECONDS), clock,
                AsynchronousInvocations.Capacity.DEFAULT);
        this.moves = new FunctionMoves(definitions, clock);
        code.open();
        OutputRouting.install();
        definitions.onChange(attached::changed);
        definitions.all().forEach(definition -> attached.changed(FunctionDefinitions.Key.of(definition)));
        definitions.onChange(key -> Optional.ofNullable(calls.get(key)).ifPresent(FunctionCalls::changed));
    }

    /**
     * What functions find around them.
     *
     * @param output where their output goes: the server's standard error
     * @param environment what their environments have in common
     * @param runtimes how they are run
     * @param faults told when what watches their time can't go on
     */
    public record Surroundings(PrintStream output, SharedEnvironment environment, LocalRuntimes runtimes, FatalFaults faults) {

        public Surroundings(PrintStream output, SharedEnvironment environment, LocalRuntimes runtimes) {
            this(output, environment, runtimes, FatalFaults.unheard());
        }

        public Surroundings {
            Objects.requireNonNull(output, "output");
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(runtimes, "runtimes");
        }
    }

    /** What may be done with functions: create, get, list, update, delete, register. */
    public FunctionRegistry registry() {
        return registry;
    }

    /** What may be done with their versions. */
    public FunctionVersions versions() {
        return versions;
    }

    /** What may be done with their aliases. */
    public FunctionAliases aliases() {
        return aliases;
    }

    /** Tags, reserved concurrency, and what an account uses. */
    public FunctionAccount account() {
        return account;
    }

    /** Invocations that nobody waits for. */
    public AsynchronousInvocations asynchronous() {
        return asynchronous;
    }

    /** What functions have logged lately. */
    public FunctionLogs logs() {
        return logs;
    }

    /** Calls {@code listener} with the ARN-less name of every function that is created, changed or deleted from now on. */
    public void onChange(Consumer<String> listener) {
        definitions.onChange(key -> listener.accept(key.name()));
    }

    /**
     * Has the functions whose code runs in this JVM right now run in processes from the next start on, as the server ends for {@code why}:
     * one of them may be what it didn't survive. Those that somebody wants here stay. The answer is their names, with what becomes of each.
     *
     * @throws java.io.UncheckedIOException when it can't be stored
     */
    public List<String> moveRunning(String why) {
        List<String> told = new ArrayList<>();
        calls.forEach((key, ofFunction) -> {
            if (ofFunction.runningHere()) {
                boolean toMove =
                        definitions.get(key).flatMap(this::placement).filter(placement -> placement.place() == JavaPlacement.Place.SHARED
                                || placement.because() != null && placement.inProcess()).isPresent();
                if (toMove) {
                    this.moves.store(key, "it was running when the server ended with " + why);
                }
                told.add(key.name() + (toMove ? " (in a process from the next start on)" : ""));
            }
        });
        return told.stream().sorted().toList();
    }

    /** Has {@code fault} come over the next {@code times} invocations that none comes over yet; how many there are then. */
    public int inject(FunctionDefinition function, InjectedFault fault, int times) {
        return callsOf(FunctionDefinitions.Key.of(function)).faults().add(fault, times);
    }

    /** Lets nothing come over the next invocations that the function itself doesn't do. */
    public void injectNothing(FunctionDefinition function) {
        callsOf(FunctionDefinitions.Key.of(function)).faults().clear();
    }

    /** Where processes of a function attach themselves, as {@code AWS_LAMBDA_RUNTIME_API} has it; empty where none can. */
    public Optional<String> attachAddress(FunctionDefinition function) {
        return attached.address(FunctionDefinitions.Key.of(function));
    }

    @Override
    public boolean exists(FunctionArn arn) {
        return definitions.visible(arn).isPresent();
    }

    @Override
    public Optional<String> elsewhere(FunctionArn arn) {
        return lookup.elsewhere(arn);
    }

    /** In which JVM a function's {@code $LATEST} runs now; empty of code that isn't Java. */
    public Optional<JavaPlacement> placement(FunctionDefinition function) {
        FunctionVersion version = function.latest();
        return version.isJava() && version.runsHere() && !version.code().isStartedElsewhere()
                ? Optional.of(placement.of(version, function.move(), surroundings.shared().environment().over(version)))
                : Optional.empty();
    }

    /** How many invocations wait for a slot, because as many run as may. */
    public int waiting(FunctionDefinition function) {
        return Optional.ofNullable(calls.get(FunctionDefinitions.Key.of(function))).map(FunctionCalls::waiting).orElse(0);
    }

    @Override
    public Optional<Duration> timeout(FunctionArn arn) {
        return definitions.visible(arn).flatMap(definition -> definition.version(arn.qualifier()))
                .map(version -> version.settings().timeout());
    }

    /** One that doesn't exist is told so at once. */
    @Override
    public boolean hasRoom(FunctionArn function) {
        return definitions.visible(function).map(definition -> callsOf(FunctionDefinitions.Key.of(definition)).hasRoom()).orElse(true);
    }

    @Override
    public Pending submit(Invocation invocation) {
        FunctionArn arn = invocation.function();
        FunctionDefinition definition = definitions.visible(arn).orElse(null);
        if (definition == null) {
            String reason = lookup.notFound(arn).getMessage();
            threads.runAnyway(() -> {
                try {
                    invocation.listener().completed(new InvocationResult.NotValid(reason));
                } finally {
                    invocation.listener().ended();
                }
            });
            return NEVER_QUEUED;
        }
        String requestId = invocation.options().requestId();
        return callsOf(FunctionDefinitions.Key.of(definition)).submit(invocation, requestId == null ? ids.get() : requestId);
    }

    @Override
    public Watch watch(FunctionArn function, Runnable then) {
        return definitions.visible(function).map(definition -> callsOf(FunctionDefinitions.Key.of(definition)).watch(then))
                .orElse(Watch.NONE);
    }

    /** Stops taking invocations, waits for running ones up to {@code within}, interrupts the rest and frees the class loaders. */
    public void close(Duration within) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        logs.release();
        asynchronous.stop();
        calls.values().forEach(FunctionCalls::stopWaiting);
        attached.stopWaiting();
        if (!threads.drain(within)) {
            calls.values().forEach(FunctionCalls::giveUp);
            threads.drain(AFTER_INTERRUPT);
        }
        asynchronous.close();
        calls.values().forEach(FunctionCalls::close);
        attached.close();
        threads.stop();
        http.close();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    private FunctionCalls callsOf(FunctionDefinitions.Key key) {
        FunctionCalls present = calls.get(key);
        if (present != null) {
            return present;
        }
        FunctionCalls added = calls.computeIfAbsent(key, this::newCalls);
        // A change while they were made didn't find them.
        added.applyLimit();
        return added;
    }

    private FunctionCalls newCalls(FunctionDefinitions.Key key) {
        Supplier<Optional<FunctionDefinition>> definition = () -> definitions.get(key);
        Instances instances = new Instances(surroundings.in(key.scope()), placement, definition, because -> moves.store(key, because));
        InstancePool runtime = new InstancePool(code, layers, instances, limits.initialisation(), definition,
                new InstancePool.IdleTime(InvocationLimits.IDLE_INSTANCE, System::nanoTime, threads::later));
        return new FunctionCalls(key, definition, threads, limits, new FunctionCalls.Runners(runtime, http, attached.of(key)),
                new InvocationLogs(key, logs.of(key.name()), new Time(surroundings.shared().clock(), System::nanoTime)));
    }
}
