package dev.sluice.testing;

import dev.sluice.function.CodeSource;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionRegistry;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionStore;
import dev.sluice.function.FunctionVersions;
import dev.sluice.function.Isolation;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.SettingsChange;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationListener;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.Payload;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import dev.sluice.runtime.Functions;
import dev.sluice.runtime.InvocationLimits;
import dev.sluice.runtime.api.AttachedProcesses;
import dev.sluice.runtime.api.ChildProcesses;
import dev.sluice.runtime.code.CodeBuckets;
import dev.sluice.runtime.code.CodeLocations;
import dev.sluice.runtime.instance.SharedEnvironment;
import dev.sluice.runtime.process.LocalRuntimes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Functions over a store in memory and a directory of the test's own. */
public final class FunctionsFixture implements AutoCloseable {

    public static final Scope CALLER = new Scope("000000000000", "us-east-1");
    public static final InvocationLimits LIMITS = new InvocationLimits(2, 3, Duration.ofSeconds(10), Duration.ofMillis(300), 1,
            InvocationLimits.Timeouts.ENFORCED);

    /** What every function of the fixture finds in its environment, unless it says otherwise. */
    public static final Map<String, String> EVERYWHERE = Map.of("AWS_ENDPOINT_URL", "http://localhost:4566", "STAGE", "local");

    public final Path codeDirectory;
    public final FunctionStore store;
    public final Functions functions;
    public final Buckets buckets = new Buckets();
    private final ChildProcesses processes = new ChildProcesses();
    private final AttachedProcesses attached;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    public FunctionsFixture(Path directory) {
        this(directory, LIMITS, new Rows());
    }

    /** @param isolation where its Java code runs */
    public FunctionsFixture(Path directory, Isolation isolation) {
        this(directory, LIMITS, new Rows(), isolation);
    }

    public FunctionsFixture(Path directory, InvocationLimits limits, FunctionStore store) {
        this(directory, limits, store, Isolation.JVM);
    }

    public FunctionsFixture(Path directory, InvocationLimits limits, FunctionStore store, Isolation isolation) {
        this(directory, limits, store, isolation, Map.of());
    }

    /** @param layers where layers are, by their ARNs */
    public FunctionsFixture(Path directory, Isolation isolation, Map<String, Path> layers) {
        this(directory, LIMITS, new Rows(), isolation, layers);
    }

    private FunctionsFixture(Path directory, InvocationLimits limits, FunctionStore store, Isolation isolation,
            Map<String, Path> layers) {
        this.codeDirectory = directory.resolve("code");
        this.attached = new AttachedProcesses("localhost", directory.resolve("attach-ports"));
        this.store = store;
        this.functions = new Functions(store, new CodeLocations(codeDirectory, buckets), limits, Clock.systemUTC(),
                () -> UUID.randomUUID().toString(), new Functions.Surroundings(new PrintStream(output, true, StandardCharsets.UTF_8),
                        new SharedEnvironment(CALLER, EVERYWHERE), new LocalRuntimes(processes, isolation,
                                isolation == Isolation.AUTO, Map.of(), layers, attached)));
    }

    /** A handler that answers with its version once the file that its event names exists. */
    public static final String GATE = """
            public class Gate {
                public String pass(String file, Context c) throws Exception {
                    for (int i = 0; i < 2000 && !java.nio.file.Files.exists(java.nio.file.Path.of(file)); i++) { Thread.sleep(5); }
                    return c.getFunctionVersion();
                }
            }""";

    /** A change of how a function logs. */
    public static SettingsChange logging(LoggingConfig config) {
        return new SettingsChange(null, null, null, null, null, null, null, null, config, null, Map.of());
    }

    public static final SettingsChange NOTHING = new SettingsChange(null, null, null, null, null, null, null, Map.of());

    public static FunctionReference named(String text) {
        return FunctionReference.parse(text).orElseThrow();
    }

    public static FunctionArn arn(String name) {
        return new FunctionArn(CALLER, name, null);
    }

    public static FunctionSettings settings(String handler, int timeoutSeconds) {
        return new FunctionSettings(null, handler, null, "", Duration.ofSeconds(timeoutSeconds), 256, Map.of());
    }

    public static FunctionRegistry.Create create(String name, byte[] zip, String handler) {
        return new FunctionRegistry.Create(name, new CodeSource.Zip(zip), change(handler), Tags.NONE, false);
    }

    public static SettingsChange change(String handler) {
        return new SettingsChange("java17", handler, "arn:aws:iam::000000000000:role/r", null, null, null, null, Map.of());
    }

    /** An update of nothing but the code. */
    public static FunctionRegistry.CodeUpdate update(byte[] zip) {
        return new FunctionRegistry.CodeUpdate(new CodeSource.Zip(zip), NOTHING, false, null, false);
    }

    public void upload(String name, byte[] zip, String handler) {
        functions.registry().create(CALLER, create(name, zip, handler));
    }

    public void jar(String name, Path jar, String handler, int timeoutSeconds) {
        functions.registry().register(name, new FunctionCode.LocalJar(jar), settings(handler, timeoutSeconds));
    }

    public void url(String name, URI url, boolean emulator) {
        functions.registry().register(name, new FunctionCode.HttpEndpoint(url, emulator), settings(null, 1));
    }

    public Recorded invoke(String name, String event) {
        Recorded recorded = new Recorded();
        submit(name, "turn", event, recorded);
        return recorded;
    }

    public FunctionInvoker.Pending submit(String name, String turn, String event, InvocationListener listener) {
        Payload payload = Payload.of(event.getBytes(StandardCharsets.UTF_8));
        return functions.submit(new Invocation(arn(name), turn, () -> payload, listener));
    }

    /** Uploads a handler of this source. @param method of the public class */
    public void upload(String name, String className, String source, String method) throws IOException {
        upload(name, CompiledHandler.compile(codeDirectory.getParent(), className, source).zip(), "example." + className + "::" + method);
    }

    public void publish(String name) {
        functions.versions().publish(CALLER, named(name), new FunctionVersions.Publish(null, null, null));
    }

    public void timeout(String name, int seconds) {
        functions.registry().updateConfiguration(CALLER, named(name),
                new SettingsChange(null, null, null, null, seconds, null, null, Map.of()), null);
    }

    /** @param name with a qualifier or without */
    public Recorded invoke(String name, String event, InvocationOptions options) {
        return invoke(name, event, options, new Recorded());
    }

    public Recorded invoke(String name, String event, Recorded recorded) {
        return invoke(name, event, InvocationOptions.DEFAULT, recorded);
    }

    private Recorded invoke(String name, String event, InvocationOptions options, Recorded recorded) {
        Payload payload = Payload.of(event.getBytes(StandardCharsets.UTF_8));
        functions.submit(new Invocation(named(name).resolve(CALLER), "turn", () -> payload, recorded, options));
        return recorded;
    }

    /** What it answers to an empty event, once its instance is idle again. */
    public String answer(String name) throws Exception {
        Recorded recorded = invoke(name, "{}", InvocationOptions.DEFAULT);
        String answer = recorded.answer();
        recorded.awaitEnd(Duration.ofSeconds(5));
        return answer;
    }

    public String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        functions.close(Duration.ofMillis(500));
        processes.close();
        attached.close();
    }

    /** Answers with what it is told to, and notes what it is asked for. */
    public static final class Buckets implements CodeBuckets {
        public final List<CodeSource.S3Object> asked = new CopyOnWriteArrayList<>();
        public volatile byte[] content = new byte[0];
        public volatile Result result = new Result.Fetched();

        @Override
        public Result fetch(Scope caller, CodeSource.S3Object object, Path file, long limit) throws IOException {
            asked.add(object);
            Files.write(file, content);
            return result;
        }
    }

    public static final class Rows implements FunctionStore {
        private final Map<List<Object>, FunctionDefinition> rows = new ConcurrentHashMap<>();
        private final Map<String, String> declarations = new ConcurrentHashMap<>();

        private static List<Object> key(String name, Scope scope) {
            return List.of(name, String.valueOf(scope));
        }

        @Override
        public boolean insert(FunctionDefinition definition) {
            return rows.putIfAbsent(key(definition.name(), definition.scope()), definition) == null;
        }

        @Override
        public void save(FunctionDefinition definition) {
            rows.put(key(definition.name(), definition.scope()), definition);
        }

        @Override
        public void saveDeclared(FunctionDefinition definition, String declaration) {
            save(definition);
            declarations.put(definition.name(), declaration);
        }

        @Override
        public Optional<String> declaration(String name) {
            return Optional.ofNullable(declarations.get(name));
        }

        @Override
        public Optional<FunctionDefinition> find(String name, Scope scope) {
            return Optional.ofNullable(rows.get(key(name, scope)));
        }

        @Override
        public List<FunctionDefinition> all() {
            return List.copyOf(rows.values());
        }

        @Override
        public boolean delete(String name, Scope scope) {
            return rows.remove(key(name, scope)) != null;
        }
    }
}
