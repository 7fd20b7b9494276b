package dev.sluice.testing;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A Sluice server with a Kafka broker, for tests: in a process of its own, which ends with this JVM. {@link #shared} is one for all tests of
 * the run, {@link #start} one more. What a test does, it does in an {@link #account} of its own. Thread-safe.
 *
 * <pre>{@code
 * try (SluiceAccount sluice = SluiceServer.shared().account()) {
 *     sluice.function("orders", event -> handled.addAll(event.records()));
 *     sluice.mapping("orders").onTopic("orders").create();
 *     sluice.produce("orders", "{\"item\":\"book\"}");
 *     sluice.awaitDelivered("orders", 1);
 * }
 * }</pre>
 */
public final class SluiceServer implements AutoCloseable {

    private static final Map<ServerSettings, SluiceServer> SHARED = new ConcurrentHashMap<>();
    private static final Thread END = new Thread(SluiceServer::endAll, "sluice-end");

    private final ServerProcess process;
    private final ControlClient control;
    private final ExecutorService forgetting;
    private volatile boolean kept;
    private volatile boolean ended;

    static {
        Runtime.getRuntime().addShutdownHook(END);
    }

    private SluiceServer(ServerProcess process) {
        this.process = process;
        this.control = new ControlClient(process.endpoint(), process.log());
        ThreadPoolExecutor background = new ThreadPoolExecutor(0, 2, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "sluice-forgetting");
            thread.setDaemon(true);
            return thread;
        });
        background.setCorePoolSize(2);
        background.allowCoreThreadTimeOut(true);
        this.forgetting = background;
    }

    /** The one that all tests of this JVM share, started when it isn't yet. */
    public static SluiceServer shared() {
        return builder().shared();
    }

    /** One of one's own, to be closed. Returns when its broker answers. @throws SluiceStartException when it can't be started */
    public static SluiceServer start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What kind of server is wanted. Confined to one thread. */
    public static final class Builder {

        private Supplier<String> kafka = () -> null;
        private final List<String> arguments = new ArrayList<>();
        private final Map<String, String> environment = new HashMap<>();

        private Builder() {
        }

        /** Brokers of one's own instead of the embedded one: {@code kafka(() -> broker.getBrokersAsString())}. Asked when the server starts. */
        public Builder kafka(Supplier<String> bootstrapServers) {
            this.kafka = bootstrapServers;
            return this;
        }

        /** Further arguments of {@code sluice serve}: {@code "--relaxed"}, {@code "--config", "sluice.yaml"} … */
        public Builder arguments(String... more) {
            arguments.addAll(List.of(more));
            return this;
        }

        /** A variable of the server's environment: {@code AWS_ACCESS_KEY_ID} for its own calls of AWS, for example. */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** One that all tests of this JVM share that want the same. */
        public SluiceServer shared() {
            return SHARED.computeIfAbsent(settings(), SluiceServer::started);
        }

        /** One of one's own, to be closed. */
        public SluiceServer start() {
            return started(settings());
        }

        private ServerSettings settings() {
            return new ServerSettings(kafka.get(), arguments, environment);
        }
    }

    private static SluiceServer started(ServerSettings settings) {
        return new SluiceServer(ServerProcess.start(settings, keepsAfterFailure()));
    }

    /** Whether {@code -Dsluice.keep} was said: a server stays up when a test has failed, for somebody to look at. */
    public static boolean keepsAfterFailure() {
        String keep = System.getProperty("sluice.keep");
        return keep != null && !keep.equals("false");
    }

    /** Where AWS's API and the control API answer. */
    public URI endpoint() {
        return process.endpoint();
    }

    /** The brokers, {@code host:port,…}. */
    public String bootstrapServers() {
        return process.bootstrapServers();
    }

    public String region() {
        return process.region();
    }

    /** What the server says; below {@code target} or {@code build} where there is one. */
    public Path log() {
        return process.log();
    }

    /** A new account, to be closed at the end of the test. */
    public SluiceAccount account() {
        return new SluiceAccount(this, Accounts.fresh());
    }

    /**
     * Tells each property of an application that uses Kafka and AWS's clients: in Spring, by one line of a {@code @DynamicPropertySource} method,
     * {@code SluiceServer.shared().properties(registry::add)}.
     */
    public void properties(BiConsumer<String, Supplier<Object>> registry) {
        registry.accept("spring.kafka.bootstrap-servers", this::bootstrapServers);
        registry.accept("spring.cloud.aws.endpoint", () -> endpoint().toString());
        registry.accept("spring.cloud.aws.region.static", this::region);
        registry.accept("spring.cloud.aws.credentials.access-key", () -> "000000000000");
        registry.accept("spring.cloud.aws.credentials.secret-key", () -> "any secret will do");
    }

    ControlClient control() {
        return control;
    }

    /** In the background; a server that ends meanwhile forgets everything. */
    void forget(String account) {
        try {
            forgetting.execute(() -> {
                try {
                    control.post("/_sluice/reset?accountId=" + account, null);
                } catch (UncheckedIOException | SluiceRefusedException notForgotten) {
                    if (!ended) {
                        System.err.println(
                                "sluice: what the test of account " + account + " has made is still there: " + notForgotten.getMessage());
                    }
                }
            });
        } catch (RejectedExecutionException closed) {
            // With the server all is gone.
        }
    }

    /** Leaves it up when this JVM ends, where {@code -Dsluice.keep} was said, and says where it is. */
    public void keep() {
        if (!kept && keepsAfterFailure()) {
            kept = true;
            System.err.println("sluice: a test failed, and the server stays up, as sluice.keep is set: " + endpoint() + ", Kafka at "
                    + bootstrapServers() + ", its log is " + log() + "; end it with: kill " + process.pid());
        }
    }

    /** Ends it, and waits for that. Idempotent. */
    @Override
    public void close() {
        ended = true;
        forgetting.shutdownNow();
        SHARED.values().remove(this);
        process.end();
    }

    private static void endAll() {
        SHARED.values().stream().filter(server -> !server.kept).forEach(server -> {
            server.ended = true;
            server.process.endSoon();
        });
    }
}
