package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.fixture.Zip;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.InvocationResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionsIT {

    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private CompiledHandler compile(String className, String source) throws Exception {
        return CompiledHandler.compile(directory, className, source);
    }

    private Path jar(String className, String body) throws Exception {
        return write(compile(className, body).zip());
    }

    private Path write(byte[] zip) throws Exception {
        Path jar = Files.createTempFile(directory, "handler", ".jar");
        Files.write(jar, zip);
        return jar;
    }

    @Test
    void runsAStreamHandlerAndShowsItsContextAndOutput() throws Exception {
        fixture.jar("echo", jar("Echo", """
                public class Echo implements RequestStreamHandler {
                    public void handleRequest(InputStream in, OutputStream out, Context c) throws IOException {
                        System.out.println("printed");
                        System.err.println("complained");
                        c.getLogger().log("logged");
                        Thread t = new Thread(() -> System.out.print("by a thread"));
                        t.start();
                        try { t.join(); } catch (InterruptedException e) { throw new IOException(e); }
                        boolean own = Thread.currentThread().getContextClassLoader() == Echo.class.getClassLoader();
                        String all = String.join("|", c.getFunctionName(), c.getFunctionVersion(), c.getInvokedFunctionArn(),
                            c.getLogGroupName(), "" + c.getMemoryLimitInMB(), "" + (c.getRemainingTimeInMillis() > 1000), "" + own,
                            c.getAwsRequestId(), new String(in.readAllBytes()));
                        out.write(all.getBytes());
                    }
                }"""), "example.Echo", 3);

        Recorded recorded = fixture.invoke("echo", "event");

        String id = recorded.started.get();
        assertThat(recorded.answer()).isEqualTo("echo|$LATEST|arn:aws:lambda:us-east-1:000000000000:function:echo|/aws/lambda/echo"
                + "|256|true|true|" + id + "|event");
        recorded.awaitEnd(Duration.ofSeconds(5));
        assertThat(recorded.calls).containsExactly("started", "completed", "ended");
        String prefix = "[echo " + id + "] ";
        assertThat(fixture.output().lines()).containsExactly(prefix + "printed", prefix + "complained", prefix + "logged",
                prefix + "by a thread");
    }

    @Test
    void runsAKafkaEventHandlerFromAZipWithLibraries() throws Exception {
        byte[] zip = compile("Orders", """
                public class Orders implements RequestHandler<KafkaEvent, String> {
                    public String handleRequest(KafkaEvent event, Context c) {
                        KafkaEvent.KafkaEventRecord r = event.getRecords().get("orders-0").get(0);
                        return r.getTopic() + r.getOffset() + new String(Base64.getDecoder().decode(r.getValue()))
                            + r.getHeaders().get(0).get("h")[0];
                    }
                }""").zip("lib/events.jar", CompiledHandler.eventsJar());
        fixture.upload("orders", zip, "example.Orders::handleRequest");

        Recorded recorded = fixture.invoke("orders", """
                {"eventSource":"aws:kafka","records":{"orders-0":[{"topic":"orders","partition":0,"offset":15,"timestamp":1,
                "timestampType":"CREATE_TIME","value":"aGVsbG8=","headers":[{"h":[-3]}]}]}}""");

        assertThat(recorded.answer()).isEqualTo("\"orders15hello-3\"");
    }

    @Test
    void givesEachFunctionEventsMadeOfItsOwnClasses() throws Exception {
        byte[] joda = CompiledHandler.jodaJar();
        for (String name : List.of("first", "second")) {
            byte[] zip = compile("Scheduled", """
                    public class Scheduled implements RequestHandler<ScheduledEvent, String> {
                        public String handleRequest(ScheduledEvent event, Context c) { return event.getTime().toString(); }
                    }""").zip("lib/events.jar", CompiledHandler.eventsJar(), "lib/joda.jar", joda);
            fixture.upload(name, zip, "example.Scheduled");

            assertThat(fixture.invoke(name, "{\"time\":\"2026-11-22T10:00:00Z\"}").answer()).contains("2026-11-22T10:00:00");
        }
    }

    @Test
    void hidesTheServersClassesFromTheHandler() throws Exception {
        fixture.jar("nosy", jar("Nosy", """
                public class Nosy {
                    public List<String> seen() {
                        List<String> seen = new ArrayList<>();
                        for (String name : List.of("org.slf4j.Logger", "com.fasterxml.jackson.databind.ObjectMapper",
                                "com.amazonaws.services.lambda.runtime.events.KafkaEvent", "dev.sluice.runtime.Functions",
                                "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer",
                                "com.amazonaws.services.lambda.runtime.logging.LogLevel", "java.sql.Connection")) {
                            try { seen.add(Class.forName(name).getSimpleName()); } catch (ClassNotFoundException e) { }
                        }
                        return seen;
                    }
                }"""), "example.Nosy::seen", 3);

        assertThat(fixture.invoke("nosy", "{}").answer()).isEqualTo("[\"PojoSerializer\",\"LogLevel\",\"Connection\"]");
    }

    @Test
    void readsResourcesOfTheArchive() throws Exception {
        byte[] zip = compile("Reader", """
                public class Reader {
                    public String read() throws IOException {
                        try (InputStream in = Reader.class.getResourceAsStream("/data/a b.txt")) {
                            return new String(in.readAllBytes());
                        }
                    }
                }""").zip("data/a b.txt", "found".getBytes(), "META-INF/OLD.SF", "broken signature".getBytes());
        fixture.jar("reader", write(zip), "example.Reader::read", 3);

        assertThat(fixture.invoke("reader", "{}").answer()).isEqualTo("\"found\"");
    }

    @Test
    void turnsWhatAHandlerThrowsIntoAFunctionErrorAndGoesOn() throws Exception {
        fixture.jar("failing", jar("Failing", """
                public class Failing {
                    public String handle(String what) throws Exception {
                        switch (what) {
                            case "exception": throw new IllegalStateException("Handler fails", new IOException("disk"));
                            case "memory": throw new OutOfMemoryError("none left");
                            case "stack": return handle(what);
                            case "linkage": throw new NoClassDefFoundError("gone");
                            default: return what;
                        }
                    }
                }"""), "example.Failing::handle", 3);

        assertThat(fixture.invoke("failing", "\"exception\"").error())
                .startsWith(
                        "{\"errorMessage\":\"Handler fails\",\"errorType\":\"java.lang.IllegalStateException\",\"stackTrace\":[\"example.")
                .contains("\"cause\":{\"errorMessage\":\"disk\"").doesNotContain("dev.sluice").doesNotContain("reflect");
        assertThat(fixture.invoke("failing", "\"memory\"").error()).contains("OutOfMemoryError");
        assertThat(fixture.invoke("failing", "\"stack\"").error()).contains("StackOverflowError");
        assertThat(fixture.invoke("failing", "\"linkage\"").error()).contains("NoClassDefFoundError");
        assertThat(fixture.invoke("failing", "\"fine\"").answer()).isEqualTo("\"fine\"");
    }

    @Test
    void tellsErrorsOfTheConfigurationFromErrorsWhileStarting() throws Exception {
        Path jar = jar("Starting", """
                public class Starting {
                    public Starting() { throw new IllegalArgumentException("no database"); }
                    public static class Initialiser {
                        static int x = Integer.parseInt("x");
                        public String handle() { return ""; }
                    }
                    public class Inner { public String handle() { return ""; } }
                    public String handle() { return ""; }
                }""");
        fixture.jar("constructor", jar, "example.Starting::handle", 3);
        fixture.jar("static", jar, "example.Starting$Initialiser::handle", 3);
        fixture.jar("inner", jar, "example.Starting$Inner::handle", 3);
        fixture.jar("class", jar, "example.Missing", 3);
        fixture.jar("method", jar, "example.Starting::missing", 3);
        fixture.jar("gone", directory.resolve("gone.jar"), "example.Starting", 3);

        assertThat(fixture.invoke("constructor", "{}").error()).contains("no database");
        assertThat(fixture.invoke("static", "{}").error()).contains("ExceptionInInitializerError").contains("NumberFormatException");
        assertThat(fixture.invoke("inner", "{}").reason()).contains("non-static inner class");
        assertThat(fixture.invoke("class", "{}").reason()).contains("Class not found: example.Missing").contains(jar.toString());
        assertThat(fixture.invoke("method", "{}").reason()).contains("No public method named missing").contains(jar.toString());
        Recorded gone = fixture.invoke("gone", "{}");
        assertThat(gone.couldNotInvoke()).contains("gone.jar doesn't exist");
        gone.awaitEnd(Duration.ofSeconds(5));
        assertThat(gone.calls).containsExactly("completed", "ended");
        assertThat(fixture.invoke("unknown", "{}").notValid()).contains("Function not found: arn:aws:lambda:us-east-1:");
    }

    @Test
    void aHandlerInAPackageOfJavasOwnIsAnError() throws Exception {
        fixture.upload("f", new Zip().file("java/own/Handler.class", "x").bytes(), "java.own.Handler");

        assertThat(fixture.invoke("f", "1").reason()).contains("java.own.Handler");
    }

    @Test
    void namesBothVersionsWhenAClassIsTooNew() throws Exception {
        CompiledHandler compiled = compile("Modern", "public class Modern { public String handle() { return \"\"; } }");
        byte[] modern = compiled.classFile("example/Modern.class");
        modern[7] = 120;
        fixture.jar("modern", write(new Zip().file("example/Modern.class", modern).bytes()), "example.Modern::handle", 3);

        assertThat(fixture.invoke("modern", "{}").reason())
                .contains("compiled for Java 76").contains("runs on Java " + Runtime.version().feature());
    }

    @Test
    void timesOutAndInterrupts() throws Exception {
        fixture.jar("slow", jar("Slow", """
                public class Slow {
                    public String handle(String what) throws InterruptedException {
                        if (what.equals("sleep")) { Thread.sleep(60_000); }
                        return what;
                    }
                }"""), "example.Slow::handle", 1);

        Recorded slow = fixture.invoke("slow", "\"sleep\"");

        assertThat(slow.result()).isEqualTo(new InvocationResult.TimedOut(slow.started.get(), Duration.ofSeconds(1)));
        slow.awaitEnd(Duration.ofSeconds(5));
        assertThat(slow.calls).containsExactly("started", "completed", "ended");
        assertThat(fixture.invoke("slow", "\"fast\"").answer()).isEqualTo("\"fast\"");
    }

    @Test
    void endsWaitingForAHandlerThatIgnoresInterruptsAndRefusesWhenTooManyDo() throws Exception {
        Path jar = jar("Deaf", """
                public class Deaf {
                    public String handle(String stopFile) {
                        while (!new File(stopFile).exists()) { Thread.onSpinWait(); Thread.interrupted(); }
                        return "";
                    }
                }""");
        fixture.jar("deaf", jar, "example.Deaf::handle", 1);
        Path stop = directory.resolve("stop");
        String event = "\"" + stop + "\"";
        try {
            Recorded first = fixture.invoke("deaf", event);
            Recorded second = fixture.invoke("deaf", event);
            Recorded third = fixture.invoke("deaf", event);
            for (Recorded each : List.of(first, second)) {
                assertThat(each.result()).isInstanceOf(InvocationResult.TimedOut.class);
                each.awaitEnd(Duration.ofSeconds(10));
            }
            third.awaitEnd(Duration.ofSeconds(10));
            await().untilAsserted(() -> assertThat(fixture.invoke("deaf", event).result())
                    .isInstanceOfSatisfying(InvocationResult.CouldNotInvoke.class,
                            refused -> assertThat(refused.reason()).contains("isolation: process")));
        } finally {
            Files.createFile(stop);
        }
        await().untilAsserted(() -> assertThat(fixture.invoke("deaf", event).answer()).isEqualTo("\"\""));
    }

    @Test
    void runsAsManyAtOnceAsAllowedInSeparateInstancesAndCancelsWhatWaits() throws Exception {
        fixture.jar("gate", jar("Gate", """
                public class Gate {
                    static int calls;
                    public int handle(String file) throws InterruptedException {
                        while (!new File(file).exists()) { Thread.sleep(5); }
                        return ++calls;
                    }
                }"""), "example.Gate::handle", 30);
        Path gate = directory.resolve("open");
        String event = "\"" + gate + "\"";

        Recorded first = fixture.invoke("gate", event);
        Recorded second = fixture.invoke("gate", event);
        Recorded waiting = fixture.invoke("gate", event);
        Recorded cancelled = new Recorded();
        FunctionInvoker.Pending pending = fixture.submit("gate", "other", event, cancelled);
        first.started.get();
        second.started.get();
        assertThat(waiting.calls).isEmpty();
        assertThat(pending.cancel()).isTrue();
        assertThat(pending.cancel()).isFalse();
        Files.createFile(gate);

        assertThat(first.answer()).isEqualTo("1");
        assertThat(second.answer()).isEqualTo("1");
        assertThat(waiting.answer()).isEqualTo("2");
        assertThat(cancelled.calls).isEmpty();
    }

    @Test
    void picksUpARebuiltJarAndToleratesAHalfWrittenOne() throws Exception {
        String source = "public class Versioned { public String handle() { return \"%s\"; } }";
        byte[] one = compile("Versioned", source.formatted("one")).zip();
        byte[] two = compile("Versioned", source.formatted("number two")).zip();
        Path jar = write(one);
        fixture.jar("versioned", jar, "example.Versioned::handle", 3);
        assertThat(fixture.invoke("versioned", "{}").answer()).isEqualTo("\"one\"");

        Files.write(jar, java.util.Arrays.copyOf(two, two.length / 2));
        assertThat(fixture.invoke("versioned", "{}").answer()).isEqualTo("\"one\"");
        Files.write(jar, two);

        assertThat(fixture.invoke("versioned", "{}").answer()).isEqualTo("\"number two\"");
    }

    @Test
    void takesOverNewCodeBetweenInvocationsAndDeletesTheOld() throws Exception {
        String source = "public class Updated { public String handle() { return \"%s\"; } }";
        fixture.upload("updated", compile("Updated", source.formatted("one")).zip(), "example.Updated::handle");
        assertThat(fixture.invoke("updated", "{}").answer()).isEqualTo("\"one\"");

        fixture.functions.registry().updateCode(FunctionsFixture.CALLER, FunctionsFixture.named("updated"),
                FunctionsFixture.update(compile("Updated", source.formatted("two")).zip()));

        assertThat(fixture.invoke("updated", "{}").answer()).isEqualTo("\"two\"");
        await().untilAsserted(() -> {
            try (var kept = Files.list(fixture.codeDirectory)) {
                assertThat(kept).hasSize(1);
            }
        });
    }

    @Test
    void refusesAnAnswerThatIsTooLarge() throws Exception {
        fixture.jar("large", jar("Large", """
                public class Large implements RequestStreamHandler {
                    public void handleRequest(InputStream in, OutputStream out, Context c) throws IOException {
                        for (int i = 0; i < 7; i++) { out.write(new byte[1024 * 1024]); }
                    }
                }"""), "example.Large", 3);

        assertThat(fixture.invoke("large", "{}").error()).contains("Function.ResponseSizeTooLarge").contains("6291556");
    }

    @Test
    void closesWithEveryReportMade() throws Exception {
        fixture.jar("busy", jar("Busy", """
                public class Busy {
                    public void handle() throws InterruptedException { Thread.sleep(60_000); }
                }"""), "example.Busy::handle", 100);
        List<Recorded> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(fixture.invoke("busy", "{}"));
        }
        all.get(0).started.get();
        all.get(1).started.get();

        fixture.functions.close(Duration.ofMillis(100));

        for (Recorded each : all) {
            assertThat(each.result()).isInstanceOf(InvocationResult.CouldNotInvoke.class);
            each.awaitEnd(Duration.ofSeconds(5));
        }
        assertThat(fixture.invoke("busy", "{}").result()).isInstanceOf(InvocationResult.CouldNotInvoke.class);
    }
}
