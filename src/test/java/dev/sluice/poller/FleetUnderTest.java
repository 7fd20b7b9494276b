package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.ClusterDirectory;
import dev.sluice.dispatch.DeliveryClock;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.dispatch.Dispatcher;
import dev.sluice.dispatch.RetryPolicy;
import dev.sluice.fixture.FunctionDefinitions;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.InMemoryFunctionStore;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.NoProcesses;
import dev.sluice.fixture.TestAccess;
import dev.sluice.mapping.PollerObserver;
import dev.sluice.mapping.ProvisionedPollers;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.Functions;
import dev.sluice.runtime.InvocationLimits;
import dev.sluice.runtime.code.CodeBuckets;
import dev.sluice.runtime.code.CodeLocations;
import dev.sluice.runtime.instance.SharedEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A fleet on real brokers with an HTTP function behind it, and what it reports; without an API and a store, so that a mapping is
 * whatever a test says. Thread-safe.
 */
final class FleetUnderTest implements AutoCloseable {

    static final String SERVER = "server-under-test";

    final KafkaFleet fleet;
    /** {@code started 1}, {@code stopped 2}: what was reported of which generation, without processing results. */
    final List<String> reports = new CopyOnWriteArrayList<>();
    final List<String> results = new CopyOnWriteArrayList<>();
    private final Dispatcher dispatcher;
    private final Functions functions;

    FleetUnderTest(Path directory, Brokers brokers, HandlerEndpoint endpoint, PollerSettings settings) {
        InMemoryFunctionStore store = new InMemoryFunctionStore();
        store.save(FunctionDefinitions.aFunction("f").url(endpoint.url().toString()).timeout(Duration.ofSeconds(60)).build());
        Clock clock = Clock.systemUTC();
        CodeLocations code = new CodeLocations(directory.resolve("code"),
                (caller, object, file, limit) -> new CodeBuckets.Result.Unavailable("there are no buckets here"));
        functions = new Functions(store, code, InvocationLimits.defaults(), clock,
                () -> UUID.randomUUID().toString(),
                new Functions.Surroundings(System.err, new SharedEnvironment(new Scope("000000000000", "us-east-1"), Map.of()),
                        NoProcesses.RUNTIMES));
        dispatcher = new Dispatcher(functions, new RetryPolicy(Duration.ofMillis(20), Duration.ofMillis(200), () -> 0.5),
                new Dispatcher.OnFailure(failed -> CompletableFuture.failedFuture(new IOException("no destination here")), false),
                DeliveryObserver.NONE, DeliveryClock.real());
        ClusterDirectory clusters = new ClusterDirectory(brokers.bootstrapServers(), brokers.clientProperties(), List.of());
        fleet = new KafkaFleet(TestAccess.to(clusters), new KafkaFleet.Delivering(dispatcher, null, DeliveryClock.real()),
                new KafkaFleet.Watchers(unreachable -> "", PollerObserver.NONE),
                new KafkaFleet.Identity(SERVER, clock), settings);
        fleet.reportTo(new RecordedReports(reports, results));
    }

    /** A mapping in its first generation, made just now, whose settings let records through at once. */
    static Mappings mapping(String topic, int pollers) {
        return Mappings.aMapping().topics(topic).function("f").batchSize(10).maximumBatchingWindow(Duration.ZERO)
                .created(Instant.now()).lastModified(Instant.now()).provisionedPollers(new ProvisionedPollers(pollers, null, null));
    }

    @Override
    public void close() {
        fleet.close(Duration.ofSeconds(8));
        dispatcher.close();
        functions.close();
    }
}
