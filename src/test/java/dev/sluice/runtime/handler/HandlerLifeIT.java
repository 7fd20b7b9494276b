package dev.sluice.runtime.handler;

import static dev.sluice.fixture.FunctionsFixture.CALLER;
import static dev.sluice.fixture.FunctionsFixture.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.runtime.InvocationLimits;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of instances when they are gone, however they went. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HandlerLifeIT {

    /** Leaves its class loader where the test finds it, under the function's name and a number. */
    private static final String TRACE =
            """
                    static {
                        ((java.util.List<java.lang.ref.WeakReference<ClassLoader>>) System.getProperties().get(System.getenv("AWS_LAMBDA_FUNCTION_NAME")))
                                .add(new java.lang.ref.WeakReference<>(%s.class.getClassLoader()));
                    }
                    """;

    @TempDir
    private Path directory;
    private FunctionsFixture fixture;
    private final List<WeakReference<ClassLoader>> loaders = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> traced = new HashSet<>();

    @AfterEach
    void close() {
        fixture.close();
        traced.forEach(name -> System.getProperties().remove(name));
    }

    private void open(int abandonedCalls) {
        fixture = new FunctionsFixture(directory, new InvocationLimits(20, 3, Duration.ofSeconds(10), Duration.ofMillis(50),
                abandonedCalls, InvocationLimits.Timeouts.ENFORCED), new FunctionsFixture.Rows());
    }

    /** @param name no other test's: the traces are under it in the JVM */
    private void trace(String name) {
        traced.add(name);
        System.getProperties().put(name, loaders);
    }

    private long loadersLeft() {
        System.gc();
        synchronized (loaders) {
            return loaders.stream().filter(loader -> loader.get() != null).count();
        }
    }

    private void awaitLoaders(int most) {
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(loadersLeft()).isLessThanOrEqualTo(most));
    }

    private static String end(Recorded recorded) throws Exception {
        InvocationResult result = recorded.result();
        recorded.awaitEnd(Duration.ofSeconds(20));
        return result instanceof InvocationResult.Success success ? new String(success.answer())
                : result instanceof InvocationResult.FunctionError error ? new String(error.error()) : result.toString();
    }

    @Test
    void theClassesOfOldCodeGoWithIt() throws Exception {
        open(1);
        String name = "life-updated";
        trace(name);
        String source = """
                @SuppressWarnings("unchecked")
                public class Updated {
                    static final ThreadLocal<Object> OF_ITS_OWN = ThreadLocal.withInitial(() -> new Updated() { });
                    static final byte[] MUCH = new byte[1 << 20];
                    public static class Order { public String id; public java.time.Instant at; public Map<String, Order> more; }
                    public Order handle(Order order, Context context) {
                        context.getLogger().log("order " + OF_ITS_OWN.get());
                        System.out.println(MUCH.length);
                        return order;
                    }
                """ + TRACE.formatted("Updated") + "}";
        CompiledHandler compiled = CompiledHandler.compile(directory, "Updated", source);
        fixture.upload(name, compiled.zip("number.txt", new byte[] {-1}), "example.Updated::handle");
        for (byte update = 0; update < 50; update++) {
            fixture.functions.registry().updateCode(CALLER, named(name),
                    FunctionsFixture.update(compiled.zip("number.txt", new byte[] {update})));
            assertThat(end(fixture.invoke(name, "{\"id\":\"7\",\"more\":{\"a\":{\"id\":\"8\"}}}"))).startsWith("{\"id\":\"7\"");
        }

        assertThat(loaders).hasSize(50);
        // The last one's instance takes calls all the time, so that no thread goes because it is idle.
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            for (int call = 0; call < 5; call++) {
                assertThat(end(fixture.invoke(name, "{\"id\":\"9\"}"))).startsWith("{\"id\":\"9\"");
            }
            assertThat(loadersLeft()).isEqualTo(1);
        });
        assertThat(loaders).hasSize(50);
    }

    private static final String STUCK =
            """
                    public class Stuck {
                        static final Object LOCK = new Object();
                        public String handle(String how) throws Exception {
                            String stop = how.substring(how.indexOf(' ') + 1);
                            switch (how.substring(0, how.indexOf(' '))) {
                                case "loop": while (!new File(stop).exists()) { Thread.interrupted(); java.util.concurrent.locks.LockSupport.parkNanos(1_000_000); } break;
                                case "sleep": while (!new File(stop).exists()) { try { Thread.sleep(20); } catch (InterruptedException e) { } } break;
                                case "lock": {
                                    java.util.concurrent.CountDownLatch held = new java.util.concurrent.CountDownLatch(1);
                                    Thread holder = new Thread(() -> {
                                        synchronized (LOCK) {
                                            held.countDown();
                                            while (!new File(stop).exists()) { java.util.concurrent.locks.LockSupport.parkNanos(1_000_000); }
                                        }
                                    });
                                    holder.start();
                                    held.await();
                                    synchronized (LOCK) { return "got it"; }
                                }
                                default: return "answered";
                            }
                            return "stopped";
                        }
                    }""";

    @Test
    void twentyHandlersThatNeverReturnDontStopTheTwentyFirst() throws Exception {
        open(10);
        byte[] zip = CompiledHandler.compile(directory, "Stuck", STUCK).zip();
        for (String name : List.of("a", "b", "c")) {
            fixture.upload(name, zip, "example.Stuck::handle");
            fixture.timeout(name, 1);
        }
        Path stop = directory.resolve("stop");
        List<Recorded> stuck = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                String how = List.of("loop", "sleep", "lock").get(i % 3);
                stuck.add(fixture.invoke(i < 10 ? "a" : "b", "\"" + how + " " + stop + "\""));
            }
            assertThat(end(fixture.invoke("c", "\"no \""))).as("of another function, while they run").isEqualTo("\"answered\"");
            for (Recorded each : stuck) {
                assertThat(each.result()).isInstanceOf(InvocationResult.TimedOut.class);
                each.awaitEnd(Duration.ofSeconds(20));
            }
            for (String name : List.of("c", "a", "b")) {
                assertThat(end(fixture.invoke(name, "\"no \""))).as(name).isEqualTo("\"answered\"");
            }

            Recorded eleventh = fixture.invoke("a", "\"loop " + stop + "\"");
            assertThat(eleventh.result()).isInstanceOf(InvocationResult.TimedOut.class);
            eleventh.awaitEnd(Duration.ofSeconds(20));
            assertThat(end(fixture.invoke("a", "\"no \""))).contains("11 calls of function a still run after their timeout");
            assertThat(end(fixture.invoke("b", "\"no \""))).isEqualTo("\"answered\"");
        } finally {
            Files.createFile(stop);
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(
                () -> assertThat(end(fixture.invoke("a", "\"no \""))).isEqualTo("\"answered\""));
    }

    private static final String FAILING = """
            @SuppressWarnings("unchecked")
            public class Failing {
                public static class Odd extends RuntimeException { }
                public String handle(String how) throws Exception {
                    switch (how) {
                        case "throws": throw new Odd();
                        case "recurses": return handle(how) + handle(how);
                        case "exits": System.exit(1); return "";
                        case "waits": Thread.sleep(60_000); return "";
                        case "allocates": return "" + new long[Integer.MAX_VALUE].length;
                        default: return how;
                    }
                }
            """ + TRACE.formatted("Failing") + "}";

    @Test
    void aThousandFailuresAndSuccessesLeaveThreadsClassesAndHeapAsTheyWere() throws Exception {
        open(10);
        String name = "life-failing";
        trace(name);
        fixture.upload(name, "Failing", FAILING, "handle");
        fixture.timeout(name, 1);
        rounds(name, 20, 2);
        awaitLoaders(1);
        long threads = threads();
        long heap = usedHeap();

        rounds(name, 1000, 10);

        assertThat(loaders).as("instances that the failures took with them").hasSizeGreaterThan(300);
        awaitLoaders(1);
        // Threads that ran what was discarded end, and those that nobody needs after 30 s: neither in the moment of the last answer.
        await().atMost(Duration.ofSeconds(40)).untilAsserted(
                () -> assertThat(threads()).as("a few, and not one for each call that timed out").isLessThan(threads + 8));
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(usedHeap()).isLessThan(heap + (32L << 20)));
    }

    /** Every second call fails; those that time out take a second each, so there are only so many. */
    private void rounds(String name, int calls, int timeouts) throws Exception {
        List<String> quick = List.of("throws", "recurses", "exits", "allocates");
        List<String> expected =
                List.of("example.Failing$Odd", "java.lang.StackOverflowError", "Runtime.ExitError", "java.lang.OutOfMemoryError");
        int every = calls / timeouts;
        for (int call = 0; call < calls; call++) {
            if (call % every == 1) {
                assertThat(end(fixture.invoke(name, "\"waits\""))).contains("TimedOut");
            } else if (call % 2 == 1) {
                int how = call / 2 % quick.size();
                assertThat(end(fixture.invoke(name, "\"" + quick.get(how) + "\""))).contains("\"errorType\":\"" + expected.get(how) + "\"");
            } else {
                assertThat(end(fixture.invoke(name, "\"fine\""))).isEqualTo("\"fine\"");
            }
        }
    }

    /** Of this fixture there can be no other than these; other tests' in the JVM have come and gone. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("function-")
                || thread.getName().startsWith("sluice-shutdown-hooks-")).count();
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
