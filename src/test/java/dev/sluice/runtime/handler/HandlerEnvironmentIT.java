package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.fixture.Zip;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionSettings;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.Payload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a function finds in its environment, whichever way it asks. */
class HandlerEnvironmentIT {

    /** A variable that this JVM has, as the server has its own. */
    private static final String SERVERS = "HOME";

    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory);
        assertThat(System.getenv(SERVERS)).isNotNull();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void function(String name, byte[] zip, String handler, Map<String, String> environment) throws Exception {
        Path jar = Files.createTempFile(directory, "handler", ".jar");
        Files.write(jar, zip);
        fixture.functions.registry().register(name, new FunctionCode.LocalJar(jar),
                new FunctionSettings(null, handler, null, "", Duration.ofSeconds(20), 256, environment));
    }

    private String answer(String className, String source, String event) throws Exception {
        function(className, CompiledHandler.compile(directory, className, source).zip(), "example." + className + "::handle",
                Map.of("TABLE", "orders"));
        return fixture.invoke(className, "\"" + event + "\"").answer();
    }

    @Test
    void hasTheFunctionsVariablesAndLambdasOwnAndNoneOfTheServers() throws Exception {
        String answer = answer("Reading", """
                public class Reading {
                    static final String TABLE = System.getenv("TABLE");
                    public String handle(String name, Context c) {
                        return String.join("|", TABLE, System.getenv("STAGE"), System.getenv().get("AWS_REGION"),
                            System.getenv("AWS_LAMBDA_FUNCTION_NAME"), System.getenv("_HANDLER"), System.getenv("AWS_ACCESS_KEY_ID"),
                            "" + System.getenv("AWS_LAMBDA_LOG_STREAM_NAME").equals(c.getLogStreamName()),
                            "" + System.getenv(name), "" + System.getenv().containsKey(name));
                    }
                }""", SERVERS);

        assertThat(answer).isEqualTo("\"orders|local|us-east-1|Reading|example.Reading::handle|000000000000|true|null|false\"");
    }

    @Test
    void belongsToTheAccountThatOwnsTheFunction() throws Exception {
        var owner = new dev.sluice.resource.Scope("111111111111", "eu-central-1");
        byte[] zip = CompiledHandler.compile(directory, "Owned", """
                public class Owned {
                    public String handle() { return System.getenv("AWS_ACCESS_KEY_ID") + System.getenv("AWS_REGION"); }
                }""").zip();
        fixture.functions.registry().create(owner, FunctionsFixture.create("owned", zip, "example.Owned::handle"));
        Recorded recorded = new Recorded();
        Payload event = Payload.of(new byte[] {'{', '}'});
        fixture.functions.submit(new Invocation(FunctionsFixture.named("owned").resolve(owner), "turn", () -> event, recorded));

        assertThat(recorded.answer()).isEqualTo("\"111111111111eu-central-1\"");
    }

    @Test
    void isReachedByMethodReferencesAndFromLambdasToo() throws Exception {
        String answer = answer("Referring", """
                import java.util.function.*;
                public class Referring {
                    public String handle(String name) throws Exception {
                        Function<String, String> one = System::getenv;
                        Supplier<Map<String, String>> all = System::getenv;
                        Callable<String> lambda = () -> System.getenv("TABLE");
                        ProcessBuilder builder = new ProcessBuilder("a");
                        Supplier<Map<String, String>> bound = builder::environment;
                        Function<ProcessBuilder, Map<String, String>> unbound = ProcessBuilder::environment;
                        return String.join("|", one.apply("TABLE"), all.get().get("TABLE"), lambda.call(), bound.get().get("TABLE"),
                            unbound.apply(new ProcessBuilder("b")).get("TABLE"), "" + one.apply(name) + all.get().get(name)
                            + bound.get().get(name) + unbound.apply(builder).get(name));
                    }
                    interface Callable<T> { T call() throws Exception; }
                }""", SERVERS);

        assertThat(answer).isEqualTo("\"orders|orders|orders|orders|orders|nullnullnullnull\"");
    }

    @Test
    void isAsStrictAsTheJdksAndShowsNothingOfSluiceInItsErrors() throws Exception {
        String answer = answer("Strict",
                """
                        public class Strict {
                            public String handle(String name) {
                                StringBuilder seen = new StringBuilder();
                                try { System.getenv().put("A", "b"); } catch (UnsupportedOperationException e) { seen.append("unmodifiable "); }
                                try { System.getenv((String) null); } catch (NullPointerException e) {
                                    seen.append(e.getStackTrace()[0].getMethodName()).append(' ');
                                }
                                try { new ProcessBuilder("/no/such/program").start(); } catch (IOException e) {
                                    for (StackTraceElement frame : e.getStackTrace()) { if (frame.toString().contains("HandlerSystem")) seen.append("sluice"); }
                                    seen.append(e.getStackTrace().length > 0);
                                }
                                return seen.toString();
                            }
                        }""",
                "");

        assertThat(answer).isEqualTo("\"unmodifiable handle true\"");
    }

    @Test
    void isThatOfChildProcessesHoweverTheyAreStarted() throws Exception {
        // Windows adds SystemRoot, and has no env; the rest of this suite runs there no more than this.
        String answer = answer("Starting",
                """
                        public class Starting {
                            public String handle(String name) throws Exception {
                                String[] env = {"/usr/bin/env"};
                                Runtime r = Runtime.getRuntime();
                                ProcessBuilder changed = new ProcessBuilder(env);
                                changed.environment().put("MORE", "1");
                                changed.environment();
                                List<Process> all = new ArrayList<>(List.of(new ProcessBuilder(env).start(), changed.start(), r.exec("/usr/bin/env"), r.exec(env),
                                    r.exec("/usr/bin/env", null), r.exec(env, null), r.exec("/usr/bin/env", null, null), r.exec(env, null, null)));
                                all.addAll(ProcessBuilder.startPipeline(List.of(new ProcessBuilder(env))));
                                StringBuilder seen = new StringBuilder();
                                for (Process each : all) {
                                    List<String> lines = new String(each.getInputStream().readAllBytes()).lines().toList();
                                    seen.append(lines.contains("TABLE=orders") ? "t" : "-").append(lines.contains("MORE=1") ? "m" : "-")
                                        .append(lines.stream().anyMatch(line -> line.startsWith(name + "=")) ? "LEAK" : "").append(' ');
                                }
                                Process given = r.exec(env, new String[] {"A=b"});
                                return seen + new String(given.getInputStream().readAllBytes()).strip();
                            }
                        }""",
                SERVERS);

        assertThat(answer).isEqualTo("\"t- tm t- t- t- t- t- t- t- A=b\"");
    }

    @Test
    void isWhatALibraryOfTheFunctionSeesInItsSealedPackage() throws Exception {
        byte[] library = CompiledHandler.compile(directory, "Library", """
                public class Library { public static String table() { return System.getenv("TABLE"); } }""")
                .zip("META-INF/MANIFEST.MF",
                        "Manifest-Version: 1.0\nImplementation-Title: lib\n\nName: example/\nSealed: true\n".getBytes());
        CompiledHandler handler = CompiledHandler.compile(directory, "Using",
                """
                        public class Using {
                            public String handle(String name) throws Exception {
                                Class<?> library = Class.forName("example.Library");
                                return library.getMethod("table").invoke(null) + library.getPackage().getImplementationTitle()
                                    + library.getPackage().isSealed() + library.getProtectionDomain().getCodeSource().getLocation().getPath().endsWith(".jar");
                            }
                        }""");
        byte[] renamed =
                new Zip().file("other/Using.class", rename(handler.classFile("example/Using.class"))).file("lib/a.jar", library).bytes();
        function("using", renamed, "other.Using::handle", Map.of("TABLE", "orders"));
        assertThat(fixture.invoke("using", "\"\"").answer()).isEqualTo("\"orderslibtruetrue\"");

        // A class of the same package elsewhere breaks the seal, as on any class path.
        function("sealed", handler.zip("lib/a.jar", library), "example.Using::handle", Map.of("TABLE", "orders"));
        assertThat(fixture.invoke("sealed", "\"\"").error()).contains("SecurityException").contains("sealing violation: package example");
    }

    /** Moves the class from package example to one of another name; its own references don't name it but in the constant pool. */
    private static byte[] rename(byte[] classFile) {
        org.objectweb.asm.ClassWriter writer = new org.objectweb.asm.ClassWriter(0);
        new org.objectweb.asm.ClassReader(classFile).accept(new org.objectweb.asm.ClassVisitor(org.objectweb.asm.Opcodes.ASM9, writer) {
            @Override
            public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
                super.visit(version, access, name.replace("example/", "other/"), signature, parent, interfaces);
            }
        }, 0);
        return writer.toByteArray();
    }

    @Test
    void letsARealLibraryFindRegionAndCredentials() throws Exception {
        Zip zip = new Zip();
        CompiledHandler handler = CompiledHandler.compileWith(directory, "Sdk",
                """
                        import software.amazon.awssdk.auth.credentials.*;
                        import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
                        public class Sdk {
                            public String handle() {
                                AwsSessionCredentials found = (AwsSessionCredentials) DefaultCredentialsProvider.builder().build().resolveCredentials();
                                return found.accessKeyId() + " " + found.sessionToken() + " " + new DefaultAwsRegionProviderChain().getRegion();
                            }
                        }""",
                "software.amazon.awssdk");
        zip.file("example/Sdk.class", handler.classFile("example/Sdk.class"));
        for (Path jar : CompiledHandler.jarsOf("software.amazon.awssdk", "org.reactivestreams", "org.slf4j")) {
            zip.file("lib/" + jar.getFileName(), Files.readAllBytes(jar));
        }
        byte[] bytes = zip.bytes();
        function("sdk", bytes, "example.Sdk::handle", Map.of());
        assertThat(fixture.invoke("sdk", "{}").answer()).isEqualTo("\"000000000000 sluice us-east-1\"");

        function("real", bytes, "example.Sdk::handle", Map.of("AWS_ACCESS_KEY_ID", "AKIAREAL", "AWS_SECRET_ACCESS_KEY", "s",
                "AWS_SESSION_TOKEN", "t", "AWS_REGION", "eu-west-3"));
        assertThat(fixture.invoke("real", "{}").answer()).isEqualTo("\"AKIAREAL t eu-west-3\"");
    }

    @Test
    void isNotOffTheTrackOfAHandlerThatLooksForOtherClasses() throws Exception {
        String answer = answer("Looking", """
                public class Looking {
                    public String handle(String name) throws Exception {
                        Class<?> substitute = Class.forName("dev.sluice.runtime.handler.HandlerSystem");
                        try {
                            substitute.getMethod("install", Map.class, Set.class, java.util.concurrent.atomic.AtomicBoolean.class,
                                    java.util.function.IntConsumer.class, java.util.function.Consumer.class,
                                    java.util.concurrent.atomic.AtomicReference.class).invoke(null, Map.of(), null, null, null, null, null);
                            return "installed twice";
                        } catch (java.lang.reflect.InvocationTargetException e) {
                            return e.getCause().getMessage() + (substitute.getClassLoader() == Looking.class.getClassLoader());
                        }
                    }
                }""", "");

        assertThat(answer).isEqualTo("\"installed alreadytrue\"");
        assertThat(Optional.ofNullable(System.getenv("TABLE"))).isEmpty();
    }
}
