package dev.sluice.runtime.log;

import static dev.sluice.fixture.FunctionsFixture.CALLER;
import static dev.sluice.fixture.FunctionsFixture.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.FunctionAliases.Change;
import dev.sluice.function.Isolation;
import dev.sluice.function.LoggingConfig;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationOptions.WhenBusy;
import dev.sluice.invocation.InvocationResult;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a handler is told of its invocation, and what its caller gets to see of its log. */
class InvocationLogIT {

    private static final InvocationOptions LOGGED = new InvocationOptions(WhenBusy.WAIT, null, true, null, null);

    @TempDir
    private Path directory;
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

    @Test
    void logsWhatTheHandlerPrintedWhenAskedTo() throws Exception {
        fixture.upload("f", "Talker", """
                public class Talker {
                    static { System.out.println("initialised"); }
                    public String talk(Object event, Context c) {
                        System.out.println("printed");
                        c.getLogger().log("logged");
                        System.err.print("no line end");
                        return null;
                    }
                }""", "talk");

        Recorded first = fixture.invoke("f", "{}", LOGGED);
        assertThat(first.answer()).isEqualTo("null");
        String id = first.started.get();
        assertThat(first.calls).startsWith("started", "logged", "completed");
        assertThat(first.log()).matches("START RequestId: " + id + " Version: \\$LATEST\ninitialised\nprinted\nlogged\nno line end\n"
                + "END RequestId: " + id + "\nREPORT RequestId: " + id + "\tDuration: \\d+\\.\\d\\d ms\tBilled Duration: \\d+ ms\t"
                + "Memory Size: 128 MB\tMax Memory Used: \\d+ MB\tInit Duration: \\d+\\.\\d\\d ms\t\n");
        first.awaitEnd(Duration.ofSeconds(5));
        assertThat(fixture.invoke("f", "{}", InvocationOptions.DEFAULT).answer()).isEqualTo("null");
        Recorded third = fixture.invoke("f", "{}", LOGGED);
        third.result();
        assertThat(third.log()).contains("\nprinted\nlogged\n").doesNotContain("initialised", "Init Duration", id);
    }

    @Test
    void logsTheErrorThatTheHandlerThrew() throws Exception {
        fixture.upload("f", "Thrower", """
                public class Thrower {
                    public String fail(Object event) { throw new IllegalStateException("as asked", new RuntimeException("deeper")); }
                }""", "fail");

        Recorded recorded = fixture.invoke("f", "{}", LOGGED);
        assertThat(recorded.error()).contains("as asked");
        assertThat(recorded.log()).contains("as asked: java.lang.IllegalStateException\njava.lang.IllegalStateException: as asked\n"
                + "\tat example.Thrower.fail(Thrower.java:7)\nCaused by: java.lang.RuntimeException: deeper\n")
                .contains("\nEND RequestId: ")
                .doesNotContain("dev.sluice");
    }

    @Test
    void logsThatTheTimeWasUp() throws Exception {
        fixture.upload("f", "Gate", FunctionsFixture.GATE, "pass");
        fixture.timeout("f", 1);

        Recorded recorded = fixture.invoke("f", "\"" + directory.resolve("never") + "\"", LOGGED);
        assertThat(recorded.result()).isInstanceOf(InvocationResult.TimedOut.class);
        assertThat(recorded.log()).contains("Z " + recorded.started.get() + " Task timed out after 1.00 seconds\n\nEND RequestId: ");
    }

    @Test
    void handsTheClientContextToTheHandler() throws Exception {
        fixture.upload("f", "Caller",
                """
                        public class Caller {
                            public String who(Object event, Context c) {
                                ClientContext cc = c.getClientContext();
                                return cc == null ? "nobody" : cc.getClient().getAppTitle() + cc.getCustom() + cc.getEnvironment() + c.getXrayTraceId();
                            }
                        }""",
                "who");

        String context = "{\"client\":{\"app_title\":\"shop\"},\"custom\":{\"a\":\"b\"},\"env\":{\"locale\":\"de\"}}";
        assertThat(fixture.invoke("f", "{}", new InvocationOptions(WhenBusy.WAIT, null, false, context, "Root=1-2-3")).answer())
                .isEqualTo("\"shop{a=b}{locale=de}Root=1-2-3\"");
        assertThat(fixture.answer("f")).isEqualTo("\"nobody\"");
        assertThat(fixture.invoke("f", "{}", new InvocationOptions(WhenBusy.WAIT, null, false, "{\"custom\":{\"a\":\"gr\u00fcn \u20ac\"},"
                + "\"client\":{\"app_title\":\"shop\"}}", null)).answer()).contains("shop{a=gr\u00fcn \u20ac}");
        // aws-lambda-java-libs#212
        assertThat(fixture.invoke("f", "{}", new InvocationOptions(WhenBusy.WAIT, null, false, "{\"custom\":{\"a\":{}}}", null)).error())
                .contains("Expected a string at custom.a of the client context");
    }

    @Test
    void aHandlerIsToldTheLogGroupThatItsFunctionWasGiven() throws Exception {
        fixture.upload("f", "Group",
                """
                        public class Group {
                            public String group(Object event, Context c) { return c.getLogGroupName() + " " + System.getenv("AWS_LAMBDA_LOG_GROUP_NAME"); }
                        }""",
                "group");
        assertThat(fixture.answer("f")).isEqualTo("\"/aws/lambda/f /aws/lambda/f\"");

        fixture.functions.registry().updateConfiguration(FunctionsFixture.CALLER, FunctionsFixture.named("f"),
                FunctionsFixture.logging(new LoggingConfig(null, null, null, "shop")),
                null);

        assertThat(fixture.answer("f")).isEqualTo("\"shop shop\"");
    }

    @Test
    void aHandlerIsToldTheArnItWasInvokedBy() throws Exception {
        fixture.upload("f", "Told", """
                public class Told {
                    public String told(Object event, Context c) { return c.getInvokedFunctionArn() + " " + c.getLogStreamName(); }
                }""", "told");
        fixture.publish("f");
        fixture.functions.aliases().create(CALLER, named("f"), "live", new Change("1", null, null));

        assertThat(fixture.answer("f:live"))
                .matches("\"arn:aws:lambda:us-east-1:000000000000:function:f:live \\d{4}/\\d\\d/\\d\\d/\\[1\\][0-9a-f]{32}\"");
    }
}
