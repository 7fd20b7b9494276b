package dev.sluice.runtime.handler;

import static dev.sluice.fixture.FunctionsFixture.CALLER;
import static dev.sluice.fixture.FunctionsFixture.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.Isolation;
import dev.sluice.function.LocalOptions;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.runtime.JavaPlacement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java code that runs in this JVM until it wants a JVM for itself. */
class MovingFunctionsIT {

    private static final String ZONE = """
            public class Zone {
                static { if (System.getenv("EARLY") != null) { TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo")); } }
                public String handle(String word) {
                    if (word.equals("set")) {
                        try {
                            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
                        } catch (Throwable swallowed) {
                            return "swallowed";
                        }
                    }
                    return TimeZone.getDefault().getID() + " " + (ProcessHandle.current().pid() == Long.parseLong(System.getenv("SERVER")));
                }
            }""";

    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory, Isolation.AUTO);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void function(String className, String source, Isolation isolation, Map<String, String> environment) throws Exception {
        Path jar = directory.resolve(className + ".jar");
        Files.write(jar, CompiledHandler.compile(directory, className, source).zip());
        register(className, jar, isolation, environment);
    }

    private void register(String name, Path jar, Isolation isolation, Map<String, String> more) {
        Map<String, String> environment = new java.util.HashMap<>(more);
        environment.put("SERVER", String.valueOf(ProcessHandle.current().pid()));
        fixture.functions.registry().register(name, new FunctionCode.LocalJar(jar),
                new FunctionSettings(null, "example." + name + "::handle",
                        null, "", Duration.ofSeconds(20), 256, environment).with(new LocalOptions(isolation, false, null)));
    }

    private FunctionDefinition definition(String name) {
        return fixture.functions.registry().get(CALLER, named(name));
    }

    private Recorded logged(String name, String event) {
        return fixture.invoke(name, event, new InvocationOptions(InvocationOptions.WhenBusy.WAIT, null, true, null, null));
    }

    @Test
    void movesDuringItsInitialisationAndAnswersTheSameCall() throws Exception {
        TimeZone here = TimeZone.getDefault();
        function("Zone", ZONE, null, Map.of("EARLY", "1"));

        Recorded call = logged("Zone", "\"look\"");

        assertThat(call.answer()).isEqualTo("\"Asia/Tokyo false\"");
        assertThat(TimeZone.getDefault()).isEqualTo(here);
        assertThat(definition("Zone").move().because()).isEqualTo("it called java.util.TimeZone.setDefault");
        assertThat(call.log()).contains("Isolation: process (it called java.util.TimeZone.setDefault)");
        assertThat(fixture.functions.placement(definition("Zone"))).contains(
                new JavaPlacement(JavaPlacement.Place.OWN, "it called java.util.TimeZone.setDefault"));
    }

    @Test
    void nothingThatAnInvocationReturnsAfterTheCallCounts() throws Exception {
        function("Zone", ZONE, null, Map.of());
        assertThat(fixture.invoke("Zone", "\"look\"").answer()).endsWith(" true\"");

        Recorded moved = logged("Zone", "\"set\"");

        assertThat(moved.result()).isEqualTo(new InvocationResult.Moved("it called java.util.TimeZone.setDefault"));
        assertThat(moved.log()).contains("Nothing of this invocation counts");
        assertThat(fixture.invoke("Zone", "\"set\"").answer()).isEqualTo("\"Asia/Tokyo false\"");
    }

    @Test
    void staysMovedAfterADeployAndUntilItsIsolationIsSaidAnew() throws Exception {
        function("Zone", ZONE, null, Map.of());
        assertThat(fixture.invoke("Zone", "\"set\"").result()).isInstanceOf(InvocationResult.Moved.class);
        Path jar = directory.resolve("Zone.jar");

        register("Zone", jar, null, Map.of("MORE", "1"));
        assertThat(fixture.invoke("Zone", "\"look\"").answer()).endsWith(" false\"");
        fixture.timeout("Zone", 10);
        Files.write(jar, CompiledHandler.compile(directory, "Zone", ZONE + "\nclass More { }").zip());
        assertThat(fixture.invoke("Zone", "\"look\"").answer()).endsWith(" false\"");

        register("Zone", jar, Isolation.AUTO, Map.of("MORE", "1"));
        assertThat(definition("Zone").move()).isNull();
        assertThat(fixture.invoke("Zone", "\"look\"").answer()).endsWith(" true\"");
        assertThat(fixture.invoke("Zone", "\"set\"").result()).isInstanceOf(InvocationResult.Moved.class);
        register("Zone", jar, Isolation.AUTO, Map.of("MORE", "1"));
        assertThat(fixture.invoke("Zone", "\"look\"").answer()).endsWith(" true\"");
    }

    @Test
    void movesByACallBetweenTwoInvocations() throws Exception {
        Path go = directory.resolve("go");
        function("Late", """
                public class Late {
                    static volatile boolean done;
                    static {
                        Thread late = new Thread(() -> {
                            while (!new File(System.getenv("GO")).exists()) { Thread.onSpinWait(); }
                            try { Locale.setDefault(Locale.GERMANY); } finally { done = true; }
                        });
                        late.setDaemon(true);
                        late.start();
                    }
                    public String handle(String word) throws Exception {
                        return String.valueOf(ProcessHandle.current().pid() == Long.parseLong(System.getenv("SERVER")));
                    }
                }""", null, Map.of("GO", go.toString()));
        assertThat(fixture.invoke("Late", "\"\"").answer()).isEqualTo("\"true\"");

        Files.createFile(go);

        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(
                () -> assertThat(fixture.invoke("Late", "\"\"").answer()).isEqualTo("\"false\""));
        assertThat(definition("Late").move().because()).isEqualTo("it called java.util.Locale.setDefault");
    }

    @Test
    void staysWhereTheUserWantsItAndSaysWhatItChanges() throws Exception {
        function("Followed", """
                public class Followed {
                    public String handle(String word) {
                        java.net.HttpURLConnection.setFollowRedirects(java.net.HttpURLConnection.getFollowRedirects());
                        return String.valueOf(ProcessHandle.current().pid() == Long.parseLong(System.getenv("SERVER")));
                    }
                }""", Isolation.JVM, Map.of());

        assertThat(fixture.invoke("Followed", "\"\"").answer()).isEqualTo("\"true\"");
        assertThat(definition("Followed").move()).isNull();
    }

    @Test
    void aNamedLoggerAndPropertiesOfItsOwnMoveNothing() throws Exception {
        function("Quiet",
                """
                        public class Quiet {
                            static class Own extends java.util.logging.Logger {
                                Own() { super("own", null); }
                                @Override public void setLevel(java.util.logging.Level level) { super.setLevel(level); }
                            }
                            public String handle(String word) throws Exception {
                                java.util.logging.Logger.getLogger("com.acme").setLevel(java.util.logging.Level.FINE);
                                new Own().setLevel(java.util.logging.Level.FINE);
                                new java.util.logging.ConsoleHandler().setLevel(java.util.logging.Level.FINE);
                                Properties properties = new Properties();
                                properties.load(new StringReader("a=b"));
                                properties.clear();
                                java.util.function.BiConsumer<java.util.logging.Logger, java.util.logging.Level> set = java.util.logging.Logger::setLevel;
                                set.accept(java.util.logging.Logger.getLogger("com.acme"), java.util.logging.Level.INFO);
                                new ThreadGroup("mine").setMaxPriority(3);
                                return String.valueOf(ProcessHandle.current().pid() == Long.parseLong(System.getenv("SERVER")));
                            }
                        }""",
                null, Map.of());

        assertThat(fixture.invoke("Quiet", "\"\"").answer()).isEqualTo("\"true\"");
    }

    @Test
    void findsTheCallThroughASubclassAReferenceAndSuper() throws Exception {
        String source = """
                public class Hidden {
                    static abstract class Zones extends TimeZone { static void set() { setDefault(null); } }
                    static class Root extends java.util.logging.Handler {
                        @Override public void publish(java.util.logging.LogRecord record) { }
                        @Override public void flush() { }
                        @Override public void close() { }
                        @Override public void setLevel(java.util.logging.Level level) { super.setLevel(level); }
                    }
                    public String handle(String word) throws Exception {
                        switch (word) {
                            case "subclass": Zones.set(); break;
                            case "jdk": java.util.SimpleTimeZone.setDefault(null); break;
                            case "https": javax.net.ssl.HttpsURLConnection.setFollowRedirects(true); break;
                            case "reference": java.util.function.Consumer<Locale> set = Locale::setDefault; set.accept(Locale.ROOT); break;
                            case "bound": java.util.function.Consumer<java.util.logging.Level> level =
                                    java.util.logging.Logger.getLogger("")::setLevel; level.accept(java.util.logging.Level.INFO); break;
                        }
                        return "called";
                    }
                }""";
        for (String how : java.util.List.of("subclass", "jdk", "https", "reference", "bound")) {
            function("Hidden", source, Isolation.AUTO, Map.of("HOW", how));
            assertThat(fixture.invoke("Hidden", "\"" + how + "\"").result()).as(how).isInstanceOf(InvocationResult.Moved.class);
        }
    }

    @Test
    void aTimeZoneOfItsOwnNeedsAProcessFromTheBeginning() throws Exception {
        function("Zone", ZONE, null, Map.of("TZ", "Asia/Tokyo"));

        assertThat(fixture.invoke("Zone", "\"look\"").answer()).isEqualTo("\"Asia/Tokyo false\"");
        assertThat(definition("Zone").move()).isNull();
        assertThat(fixture.functions.placement(definition("Zone")).orElseThrow().because()).isEqualTo("its variable TZ is Asia/Tokyo");
    }

    @Test
    void anOutOfMemoryErrorIsAReasonToMove() throws Exception {
        function("Hog", """
                public class Hog {
                    public String handle(String word) {
                        boolean here = ProcessHandle.current().pid() == Long.parseLong(System.getenv("SERVER"));
                        if (here) { throw new RuntimeException(new OutOfMemoryError("Java heap space")); }
                        return "in a process";
                    }
                }""", null, Map.of());

        assertThat(fixture.invoke("Hog", "\"\"").result()).isInstanceOf(InvocationResult.Moved.class);
        assertThat(fixture.invoke("Hog", "\"\"").answer()).isEqualTo("\"in a process\"");
    }

    @Test
    void instancesHaveMBeansAndProvidersOfTheirOwn() throws Exception {
        function("Beans",
                """
                        public class Beans {
                            public interface XMBean { int getX(); }
                            public static class X implements XMBean { public int getX() { return 1; } }
                            static {
                                try {
                                    java.lang.management.ManagementFactory.getPlatformMBeanServer().registerMBean(new X(), new javax.management.ObjectName("mini:type=X"));
                                    if (java.security.Security.addProvider(new P()) < 1) { throw new Error("there"); }
                                } catch (Exception e) { throw new Error(e); }
                            }
                            public static class P extends java.security.Provider {
                                P() { super("Mini", "1", ""); put("MessageDigest.MINI", Digest.class.getName()); put("SaslClientFactory.MINI", "x.Y"); }
                            }
                            public static class Digest extends java.security.MessageDigestSpi {
                                protected void engineUpdate(byte b) { } protected void engineUpdate(byte[] b, int o, int l) { }
                                protected byte[] engineDigest() { return new byte[] {42}; } protected void engineReset() { }
                            }
                            public String handle(String file) throws Exception {
                                for (int i = 0; i < 2000 && !new File(file).exists(); i++) { Thread.sleep(5); }
                                byte a = java.security.MessageDigest.getInstance("MINI").digest()[0];
                                byte b = java.security.MessageDigest.getInstance("MINI", "Mini").digest()[0];
                                int sha = java.security.MessageDigest.getInstance("SHA-256").digest().length;
                                String none;
                                try { java.security.MessageDigest.getInstance("NONE"); none = ""; } catch (java.security.NoSuchAlgorithmException e) { none = e.getMessage(); }
                                Object heap = java.lang.management.ManagementFactory.getPlatformMBeanServer().getAttribute(
                                        new javax.management.ObjectName("java.lang:type=Memory"), "HeapMemoryUsage");
                                java.util.function.Function<String, java.security.Provider> find = java.security.Security::getProvider;
                                return a + " " + b + " " + sha + " " + none + " " + (heap != null) + " " + find.apply("Mini").getName();
                            }
                        }""",
                null, Map.of());
        Path gate = directory.resolve("gate");
        Recorded one = fixture.invoke("Beans", "\"" + gate + "\"");
        Recorded two = fixture.invoke("Beans", "\"" + gate + "\"");
        one.started.get();
        two.started.get();
        Files.createFile(gate);

        assertThat(one.answer()).isEqualTo("\"42 42 32 NONE MessageDigest not available true Mini\"").isEqualTo(two.answer());
        assertThat(java.security.Security.getProvider("Mini")).isNull();
        assertThat(definition("Beans").move()).isNull();
    }

    @Test
    void theDefaultHandlerOfAFunctionsThreadsIsItsOwn() throws Exception {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        function("Threads", """
                public class Threads {
                    public String handle(String word) throws Exception {
                        StringBuilder heard = new StringBuilder();
                        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> heard.append(error.getMessage()));
                        Thread thread = new Thread(() -> { throw new IllegalStateException("boom"); });
                        thread.start();
                        thread.join();
                        return heard.toString();
                    }
                }""", null, Map.of());

        assertThat(fixture.invoke("Threads", "\"\"").answer()).isEqualTo("\"boom\"");
        assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(before);
    }
}
