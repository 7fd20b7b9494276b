package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.fixture.Zip;
import dev.sluice.function.Isolation;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which errors a handler's code makes, and which of them cost it its execution environment, as on Lambda. */
class HandlerErrorsIT {

    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    /** Where the handlers run; the same is tested of a process. */
    Isolation isolation() {
        return Isolation.JVM;
    }

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory, isolation());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void upload(String className, String source, Object... files) throws Exception {
        fixture.upload("f", CompiledHandler.compile(directory, className, source).zip(files), "example." + className + "::handle");
    }

    private String error(String event) throws Exception {
        Recorded recorded = fixture.invoke("f", event);
        String error = recorded.error();
        recorded.awaitEnd(java.time.Duration.ofSeconds(5));
        return error;
    }

    private String answer(String event) throws Exception {
        Recorded recorded = fixture.invoke("f", event);
        String answer = recorded.answer();
        recorded.awaitEnd(java.time.Duration.ofSeconds(5));
        return answer;
    }

    @Test
    void aStaticInitialiserThatThrowsIsTriedAgainInANewEnvironment() throws Exception {
        upload("Static", """
                public class Static {
                    static final int X = Integer.parseInt("x");
                    public String handle() { return ""; }
                }""");

        for (int i = 0; i < 2; i++) {
            assertThat(error("{}")).startsWith("{\"errorMessage\":\"Error loading class example.Static\","
                    + "\"errorType\":\"java.lang.ExceptionInInitializerError\"")
                    .contains("java.lang.NumberFormatException").doesNotContain("dev.sluice").doesNotContain("reflect");
        }
    }

    @Test
    void aClassWhoseInitialiserFailedInACallIsMissingFromThenOnInThatEnvironment() throws Exception {
        upload("Late", """
                public class Late {
                    static class Needed { static final int X = Integer.parseInt("x"); }
                    public int handle() { return Needed.X; }
                }""");

        assertThat(error("{}")).contains("\"errorType\":\"java.lang.ExceptionInInitializerError\"");
        assertThat(error("{}")).contains("\"errorMessage\":\"Could not initialize class example.Late$Needed\","
                + "\"errorType\":\"java.lang.NoClassDefFoundError\"");
    }

    @Test
    void aConstructorThatThrowsIsTriedAgainAndShowsItsOwnFramesOnly() throws Exception {
        upload("Starting", """
                public class Starting {
                    public Starting() throws IOException { throw new IOException("no database"); }
                    public String handle() { return ""; }
                }""");

        for (int i = 0; i < 2; i++) {
            assertThat(error("{}")).isEqualTo("{\"errorMessage\":\"no database\",\"errorType\":\"java.io.IOException\","
                    + "\"stackTrace\":[\"example.Starting.<init>(Starting.java:7)\"]}");
        }
    }

    @Test
    void onlyErrorsOfTheMachineCostTheEnvironment() throws Exception {
        upload("Counting", """
                public class Counting {
                    static int calls;
                    int depth(int n) { return depth(n + 1) + 1; }
                    public int handle(String what) {
                        calls++;
                        switch (what) {
                            case "memory": throw new OutOfMemoryError("none left");
                            case "stack": return depth(0);
                            case "device": throw new IOError(new IOException("gone"));
                            case "linkage": throw new NoClassDefFoundError("gone");
                            case "exception": throw new IllegalStateException("again");
                            default: return calls;
                        }
                    }
                }""");

        assertThat(answer("\"\"")).isEqualTo("1");
        assertThat(error("\"exception\"")).contains("\"errorMessage\":\"again\"");
        assertThat(error("\"linkage\"")).contains("NoClassDefFoundError");
        assertThat(answer("\"\"")).isEqualTo("4");
        for (String what : new String[] {"memory", "stack", "device"}) {
            assertThat(error('"' + what + '"')).contains("Error\"");
            assertThat(answer("\"\"")).as("calls of the environment after " + what).isEqualTo("1");
        }
    }

    @Test
    void anExceptionOfAClassOfItsOwnIsReportedThoughItCannotBeAsked() throws Exception {
        upload("Hostile", """
                public class Hostile {
                    static class Own extends RuntimeException {
                        final Object self = this;
                        final Thread thread = Thread.currentThread();
                        public String getMessage() { throw this; }
                        public Throwable getCause() { return new Own(); }
                        public StackTraceElement[] getStackTrace() { return null; }
                    }
                    public String handle() { throw new Own(); }
                }""");

        assertThat(error("{}")).startsWith("{\"errorMessage\":\"example.Hostile$Own (its getMessage failed with example.Hostile$Own)\","
                + "\"errorType\":\"example.Hostile$Own\",\"stackTrace\":[],\"cause\":{");
    }

    @Test
    void aLibrarysClassThatIsTooNewIsNamedWithBothVersionsInTheMiddleOfACall() throws Exception {
        CompiledHandler library =
                CompiledHandler.compile(directory, "Modern", "public class Modern { public String toString() { return \"\"; } }");
        byte[] modern = library.classFile("example/Modern.class");
        modern[7] = 76;
        upload("Using", """
                public class Using {
                    public String handle(String name) throws Exception {
                        return Class.forName(name).getDeclaredConstructor().newInstance().toString();
                    }
                }""", "lib/modern.jar", new Zip().file("example/Modern.class", modern).bytes());

        assertThat(error("\"example.Modern\"")).contains("\"errorType\":\"java.lang.UnsupportedClassVersionError\"")
                .contains("class file version 76.0")
                .contains("(it was compiled for Java 32, but Sluice runs on Java " + Runtime.version().feature());
        assertThat(answer("\"java.lang.String\"")).isEqualTo("\"\"");
    }
}
