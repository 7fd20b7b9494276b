package dev.sluice.server;

import dev.sluice.api.AwsRoutes;
import dev.sluice.api.control.AdvanceRoutes;
import dev.sluice.api.control.ClusterRoutes;
import dev.sluice.api.control.ControlRoutes;
import dev.sluice.api.control.DeliveryRoutes;
import dev.sluice.api.control.FaultRoutes;
import dev.sluice.api.control.HintRoutes;
import dev.sluice.api.control.LogRoutes;
import dev.sluice.api.control.MappingRoutes;
import dev.sluice.api.control.MetricsRoutes;
import dev.sluice.api.control.OutcomeRoutes;
import dev.sluice.api.control.PolicyRoutes;
import dev.sluice.api.control.ResetRoutes;
import dev.sluice.api.control.TopicRoutes;
import dev.sluice.api.http.ApiServer;
import dev.sluice.api.http.ListeningSockets;
import dev.sluice.aws.S3CodeBuckets;
import dev.sluice.cluster.BrokerAccess;
import dev.sluice.cluster.BrokerProbe;
import dev.sluice.destination.Destinations;
import dev.sluice.dispatch.DeliveryClock;
import dev.sluice.dispatch.Dispatcher;
import dev.sluice.dispatch.InvokedReplay;
import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.fault.FatalFaults;
import dev.sluice.fault.FileFailure;
import dev.sluice.filter.FilterPatterns;
import dev.sluice.mapping.DeclaredMappings;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.MappingTags;
import dev.sluice.mapping.SettingsRules;
import dev.sluice.poller.KafkaFleet;
import dev.sluice.poller.RecordsByOffset;
import dev.sluice.runtime.Functions;
import dev.sluice.runtime.api.AttachedProcesses;
import dev.sluice.runtime.api.ChildProcesses;
import dev.sluice.runtime.code.CodeLocations;
import dev.sluice.runtime.log.FunctionLogs;
import dev.sluice.store.DataDirectory;
import dev.sluice.store.DataDirectoryException;
import dev.sluice.store.SqliteJournal;
import dev.sluice.store.SqliteStore;
import dev.sluice.telemetry.Journal;
import dev.sluice.telemetry.JournalStore;
import dev.sluice.telemetry.MappingHistory;
import dev.sluice.telemetry.Metrics;
import dev.sluice.telemetry.Outcomes;
import dev.sluice.telemetry.Replays;
import dev.sluice.telemetry.SystemLog;
import dev.sluice.telemetry.Telemetry;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole server as one object: what it answers on, and how to end it. The only place where the parts are made and joined, in the
 * order in which they are read below; they are closed in the opposite order. Single-use, thread-safe.
 */
public final class Sluice implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sluice.class);
    private static final Duration READ_AGAIN = Duration.ofSeconds(10);

    // The embedded broker ends last, and in good order only when what hangs before it has left it this time.
    private static final Duration FOR_THE_BROKER = Duration.ofMillis(2_000);
    private static final Duration FOR_THE_FUNCTIONS = Duration.ofMillis(700);

    private final ServerConfig config;
    private final PrintStream functionOutput;
    private final boolean ownJvm;
    private final Closing closing = new Closing();
    private final CountDownLatch closed = new CountDownLatch(1);
    private ApiServer api;
    private final FatalFaults faults = new FatalFaults();
    private KafkaWatch kafka;
    private EmergencyStop emergencyStop;

    private Sluice(ServerConfig config, PrintStream functionOutput, boolean ownJvm) {
        this.functionOutput = functionOutput;
        this.config = config;
        this.ownJvm = ownJvm;
    }

    /**
     * Starts a server in this program's JVM and returns when it accepts requests. Java functions of which nothing else is said stay in this
     * JVM, whatever they do: the program may want to debug them.
     *
     * @param readyLines takes one line when the API accepts requests and one when the default cluster's brokers answer
     * @throws InvalidConfigException when a port is taken, or a declared function or mapping can't be made; nothing keeps running then
     * @throws StartFailedException when the data directory can't be used, or the like; nothing keeps running then
     */
    public static Sluice start(ServerConfig config, PrintStream readyLines) {
        return start(config, readyLines, System.err, false);
    }

    /**
     * The same in a JVM that is there for nothing else: functions that want a JVM for themselves move to one.
     *
     * @param functionOutput where what functions log is shown, beside being kept
     */
    public static Sluice startInOwnJvm(ServerConfig config, PrintStream readyLines, PrintStream functionOutput) {
        return start(config, readyLines, functionOutput, true);
    }

    private static Sluice start(ServerConfig config, PrintStream readyLines, PrintStream functionOutput, boolean ownJvm) {
        Sluice sluice = new Sluice(config, functionOutput, ownJvm);
        boolean started = false;
        try {
            sluice.wire(readyLines);
            sluice.emergencyStop.start();
            started = true;
            return sluice;
        } catch (DataDirectoryException refused) {
            throw new StartFailedException(refused.getMessage(), refused);
        } catch (UncheckedIOException unusable) {
            throw new StartFailedException("The data directory " + config.dataDir() + " can't be used: " + FileFailure.sentence(unusable)
                    + ". Make it writable and make room on its disk, or name another directory.", unusable);
        } finally {
            if (!started) {
                sluice.closing.run(Duration.ofSeconds(2));
            }
        }
    }

    private void wire(PrintStream readyLines) {
        Clock clock = Clock.systemUTC();
        DataDirectory directory = closing.add(DataDirectory.open(config.dataDir()), DataDirectory::close);
        SqliteStore store = closing.add(SqliteStore.open(directory.databaseFile()), SqliteStore::close);
        SqliteJournal deliveries =
                closing.add(SqliteJournal.open(directory.journalFile(), JournalStore.Retention.DEFAULT), SqliteJournal::close);

        // Before anything runs: a server that finds its port taken must not have delivered a record.
        Ports ports = Ports.open(config, faults);
        closing.add(ports.api(), ListeningSockets::close);
        EmbeddedKafka embedded = ports.embedded();
        if (embedded != null) {
            closing.addTimed(Duration.ZERO, embedded::close);
            // Beside all that follows: the two take about as long.
            embedded.start();
        }
        ClusterAccess clusters = ClusterAccess.of(config, embedded, closing);
        BrokerAccess access = clusters.brokers();
        BrokerProbe probe = new BrokerProbe(access);
        TopicAccess topics = closing.add(new TopicAccess(access, embedded, faults), TopicAccess::close);

        S3CodeBuckets buckets = closing.add(new S3CodeBuckets(config.aws().endpoints()), S3CodeBuckets::close);
        CodeLocations code = new CodeLocations(config.dataDir().resolve("code"), buckets);
        ChildProcesses processes = closing.add(new ChildProcesses(), ChildProcesses::close);
        AttachedProcesses attached =
                closing.add(new AttachedProcesses(config.http().host(), config.dataDir().resolve("attach-ports.properties")),
                        AttachedProcesses::close);
        Functions functions = new Functions(store.functions(), code, PartSettings.limits(config), clock,
                () -> UUID.randomUUID().toString(), new Functions.Surroundings(functionOutput, config.declarations().environment(),
                        PartSettings.runtimes(config, ownJvm, processes, attached), faults));
        emergencyStop = new EmergencyStop(faults, functions::moveRunning, this::close);
        closing.addTimed(FOR_THE_BROKER, functions::close);
        Journal journal = closing.add(new Journal(deliveries, clock, () -> UUID.randomUUID().toString(), faults), Journal::close);
        Metrics metrics = closing.add(new Metrics(journal::losses), Metrics::close);
        SystemLog systemLog = new SystemLog(clock);
        MappingHistory history = new MappingHistory(System::nanoTime);
        Outcomes outcomes = new Outcomes();
        Telemetry telemetry = new Telemetry(List.of(journal, metrics, systemLog, history, outcomes),
                List.of(metrics, systemLog, journal.filterObserver(), history, outcomes));
        journal.start();

        Destinations destinations = closing.add(new Destinations(access, config.aws().endpoints(), UUID::randomUUID, faults),
                Destinations::close);
        DeliveryClock deliveryTime = PartSettings.clock(config);
        Dispatcher dispatcher = closing.add(new Dispatcher(functions, PartSettings.retries(config),
                new Dispatcher.OnFailure(destinations, config.aws().dropWhenUnavailable()), telemetry, deliveryTime, faults),
                Dispatcher::close);
        KafkaFleet fleet = new KafkaFleet(access,
                new KafkaFleet.Delivering(dispatcher, PartSettings.queue(config, dispatcher, functions, telemetry, deliveryTime),
                        deliveryTime),
                new KafkaFleet.Watchers(new Diagnosis(probe), telemetry, faults), new KafkaFleet.Identity(directory.id(), clock),
                PartSettings.pollers(config));
        closing.addTimed(FOR_THE_BROKER.plus(FOR_THE_FUNCTIONS), fleet::close);
        functions.onChange(fleet::functionChanged);

        EventSourceMappings mappings = new EventSourceMappings(store.mappings(), fleet, functions, clock, UUID::randomUUID,
                new SettingsRules(config.aws().relaxed(), new FilterPatterns()));
        fleet.reportTo(mappings);
        mappings.tellChanges(history::changed);
        mappings.tellChanges(outcomes::changed);
        DeclaredMappings declared = new DeclaredMappings(mappings, store.mappings(), store.declarations());
        declare(functions, declared);
        clusters.watch(mappings::all, config.timing().timeouts().secretAge(), faults, closing);
        mappings.resume();

        kafka = new KafkaWatch(embedded == null ? access.clusters().defaultCluster().bootstrapServers() : embedded.bootstrapServers(),
                new DefaultClusterProbe(access, probe), readyLines,
                new KafkaWatch.Surroundings(faults, System::nanoTime));
        closing.add(kafka, KafkaWatch::close);
        api = new ApiServer(Set.copyOf(config.http().allowedHosts()), List.of(
                new AwsRoutes(config.aws().scope(), config.aws().relaxed(), mappings, new MappingTags(store.mappings()),
                        functions),
                new ControlRoutes(functions, kafka, config.aws().scope()),
                new MappingRoutes(mappings, fleet, functions, journal::filteredOut, history::of),
                new OutcomeRoutes(mappings, outcomes),
                new TopicRoutes(topics, config.http().allowReset()),
                new LogRoutes(functions),
                new FaultRoutes(functions),
                new HintRoutes(),
                new PolicyRoutes(mappings),
                new ResetRoutes(mappings, functions, mapping -> declared.declares(declaredNames(), mapping), config.http().allowReset()),
                new AdvanceRoutes(deliveryTime),
                new ClusterRoutes(access, mappings, ClusterAccess.listeners(embedded)),
                new DeliveryRoutes(journal, new Replays(journal, mappings::find,
                        new InvokedReplay(functions, new RecordsByOffset(access, READ_AGAIN), clock)), mappings),
                new MetricsRoutes(metrics)), faults);
        closing.addTimed(FOR_THE_BROKER.plus(FOR_THE_FUNCTIONS).plus(config.timing().timeouts().stop()), api::close);
        // Whoever waits for a function's next line, a topic's next record, an outcome or another time would keep the API from its end.
        closing.add(functions.logs(), FunctionLogs::release);
        closing.add(topics, TopicAccess::release);
        closing.add(outcomes, Outcomes::release);
        closing.add(deliveryTime, DeliveryClock::release);
        api.start(ports.api());

        readyLines.println("Sluice ready on " + endpoint() + " (Kafka " + bootstrapServers() + ")");
        readyLines.flush();
        if (embedded == null) {
            kafka.start();
        } else {
            // Its port is bound already, but answers nobody before it has started; when it can't start, its log says why.
            embedded.start().thenRun(kafka::start);
        }
    }

    /** Where the API answers. @throws ServerEndedException when the server couldn't go on */
    public URI endpoint() {
        requireAlive();
        String host = config.http().host();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + api.port());
    }

    /** The default cluster as other programs reach it, {@code host:port,…}. @throws ServerEndedException when the server couldn't go on */
    public String bootstrapServers() {
        requireAlive();
        return kafka.bootstrapServers();
    }

    /** Returns when the brokers of the default cluster have answered once. */
    public void awaitKafka() throws InterruptedException {
        kafka.awaitUp();
    }

    /** Returns when the server was closed. @throws ServerEndedException when it couldn't go on, and closed itself */
    public void awaitClosed() throws InterruptedException {
        closed.await();
        requireAlive();
    }

    /** Returns when the server can't go on, before it closes itself; takes no memory. */
    public void awaitFault() throws InterruptedException {
        faults.await();
    }

    private void requireAlive() {
        if (faults.happened()) {
            throw new ServerEndedException(emergencyStop.reason());
        }
    }

    /**
     * Stops accepting requests, lets running invocations end, commits, and closes everything, {@code within} this time but for
     * a moment. Idempotent.
     */
    public void close(Duration within) {
        if (closed.getCount() > 0) {
            LOG.info("Closing, which takes up to {} s while a function is running", Math.max(1, within.toSeconds()));
        }
        emergencyStop.cancel();
        try {
            closing.run(within);
        } finally {
            closed.countDown();
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(8));
    }

    private List<String> declaredNames() {
        return config.declarations().mappings().stream().map(ServerConfig.DeclaredMapping::name).toList();
    }

    private void declare(Functions functions, DeclaredMappings mappings) {
        new Declared(functions, mappings, config.aws().scope()).apply(config.declarations());
    }
}
