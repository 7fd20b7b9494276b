package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.Isolation;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.Type;

/** Two functions from one JAR: one makes every call that reaches the whole JVM, and the other notices nothing. */
class JvmWideCallsIT {

    /** What the calls of objects are made on: what is everybody's. */
    private static final Map<String, String> RECEIVERS = Map.of(
            "java/util/logging/Logger", "java.util.logging.Logger.getLogger(\"\")",
            "java/util/logging/Handler", "java.util.logging.Logger.getLogger(\"\").getHandlers()[0]",
            "java/util/logging/ConsoleHandler",
            "((java.util.logging.ConsoleHandler) java.util.logging.Logger.getLogger(\"\").getHandlers()[0])",
            "java/util/logging/LogManager", "java.util.logging.LogManager.getLogManager()",
            "java/util/Properties", "System.getProperties()",
            "java/security/Provider", "java.security.Security.getProviders()[0]",
            "java/lang/ThreadGroup", "mainGroup()",
            "java/net/URLConnection", "new java.net.URL(\"file:/\").openConnection()",
            "java/lang/management/MemoryPoolMXBean", "java.lang.management.ManagementFactory.getMemoryPoolMXBeans().get(0)");

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

    private static List<JvmWideCall> moving() {
        return JvmWideCalls.all().stream().filter(call -> call.treatment() == JvmWideCall.Treatment.ELSEWHERE
                || call.treatment() == JvmWideCall.Treatment.ASKED).toList();
    }

    /** With nothing for each argument: the call must not be made at all. */
    private static String statement(JvmWideCall call) {
        String arguments = java.util.Arrays.stream(Type.getArgumentTypes(call.descriptor()))
                .map(type -> switch (type.getSort()) {
                    case Type.BOOLEAN -> "false";
                    case Type.INT -> "0";
                    case Type.LONG -> "0L";
                    default -> "(" + type.getClassName().replace('$', '.') + ") null";
                }).collect(Collectors.joining(", "));
        String on = call.isStatic() ? call.owner().replace('/', '.').replace('$', '.') : RECEIVERS.get(call.owner());
        return on + "." + call.name() + "(" + arguments + ");";
    }

    private byte[] code() throws Exception {
        StringBuilder cases = new StringBuilder();
        List<JvmWideCall> calls = moving();
        for (int i = 0; i < calls.size(); i++) {
            cases.append("            case \"").append(i).append("\": ").append(statement(calls.get(i))).append(" break;\n");
        }
        return CompiledHandler.compile(directory, "Calling",
                """
                        public class Calling {
                            static ThreadGroup mainGroup() {
                                ThreadGroup group = Thread.currentThread().getThreadGroup();
                                while (!group.getName().equals("main")) { group = group.getParent(); }
                                return group;
                            }
                            public String call(String number) throws Exception {
                                try {
                                    switch (number) {
                        %s            default: return "no such call";
                                    }
                                } catch (Throwable swallowed) {
                                    return "swallowed " + swallowed;
                                }
                                return "called";
                            }
                            public String own(String all) throws Exception {
                                System.setOut(new PrintStream(OutputStream.nullOutputStream()));
                                System.setErr(new PrintStream(OutputStream.nullOutputStream()));
                                System.setIn(new ByteArrayInputStream(new byte[] {7}));
                                System.out.println("lost on purpose");
                                Thread.setDefaultUncaughtExceptionHandler((thread, error) -> { });
                                java.security.Security.addProvider(new java.security.Provider("Calling", "1", "") { });
                                java.lang.management.ManagementFactory.getPlatformMBeanServer().registerMBean(
                                        new javax.management.StandardMBean((Runnable) () -> { }, Runnable.class), new javax.management.ObjectName("mini:type=X"));
                                javax.management.MBeanServerFactory.createMBeanServer("calling");
                                int read = System.in.read();
                                try {
                                    System.setSecurityManager(new SecurityManager());
                                    return "has a security manager";
                                } catch (UnsupportedOperationException refused) {
                                    return "read " + read + ", refused";
                                }
                            }
                            public String look(String name) throws Exception {
                                java.util.logging.Logger.getLogger("example").info("by java.util.logging " + name);
                                System.out.println("printed " + name);
                                System.err.println("on err " + name);
                                return TimeZone.getDefault().getID() + " " + Locale.getDefault() + " " + String.format("%%.2f", 1.5)
                                        + " " + java.security.Security.getProvider("Calling") + " " + Thread.getDefaultUncaughtExceptionHandler()
                                        + " " + java.lang.management.ManagementFactory.getPlatformMBeanServer().getMBeanCount()
                                        + " " + System.in.read() + " " + java.net.HttpURLConnection.getFollowRedirects()
                                        + " " + System.getProperty("java.version") + " " + System.getSecurityManager();
                            }
                        }"""
                        .formatted(cases))
                .zip();
    }

    private void assertUntouched(String name, String before) throws Exception {
        Recorded looking =
                fixture.invoke("b", "\"" + name + "\"", new InvocationOptions(InvocationOptions.WhenBusy.WAIT, null, true, null, null));
        assertThat(looking.answer()).isEqualTo(before);
        looking.awaitEnd(java.time.Duration.ofSeconds(10));
        assertThat(looking.log()).contains("by java.util.logging " + name, "printed " + name, "on err " + name);
    }

    @Test
    void noneIsFeltByAnotherFunction() throws Exception {
        byte[] zip = code();
        fixture.upload("b", zip, "example.Calling::look");
        String before = fixture.invoke("b", "\"first\"").answer();
        TimeZone zone = TimeZone.getDefault();
        List<JvmWideCall> calls = moving();
        assertThat(calls).hasSizeGreaterThan(60);

        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            String name = "a" + i;
            fixture.upload(name, zip, "example.Calling::call");
            Recorded calling = fixture.invoke(name, "\"" + i + "\"");
            InvocationResult result = calling.result();
            // The handler swallows what it is thrown, and answers; it counts nothing.
            if (!new InvocationResult.Moved("it called " + calls.get(i).text()).equals(result)) {
                wrong.add(calls.get(i).text() + ": " + (result instanceof InvocationResult.Success success
                        ? new String(success.answer()) : result.toString()));
            }
        }
        assertThat(wrong).isEmpty();
        assertUntouched("second", before);
        assertThat(TimeZone.getDefault()).isEqualTo(zone);

        fixture.upload("own", zip, "example.Calling::own");
        for (int i = 0; i < 2; i++) {
            assertThat(fixture.invoke("own", "\"\"").answer()).isEqualTo("\"read 7, refused\"");
            fixture.functions.registry().updateCode(FunctionsFixture.CALLER, FunctionsFixture.named("own"), FunctionsFixture.update(zip));
        }
        assertUntouched("third", before);
        fixture.functions.registry().updateCode(FunctionsFixture.CALLER, FunctionsFixture.named("b"), FunctionsFixture.update(zip));
        assertUntouched("fourth", before);
        assertThat(fixture.output()).doesNotContain("lost on purpose");
    }

    @Test
    void everyCallIsMadeInAProcessOfItsOwn() throws Exception {
        // One call is enough to see that nothing is rewritten there.
        int zone = moving().stream().map(JvmWideCall::text).toList().indexOf("java.util.TimeZone.setDefault");
        fixture.upload("a", code(), "example.Calling::call");
        assertThat(fixture.invoke("a", "\"" + zone + "\"").result()).isInstanceOf(InvocationResult.Moved.class);

        assertThat(fixture.invoke("a", "\"" + zone + "\"").answer()).isEqualTo("\"called\"");
    }
}
