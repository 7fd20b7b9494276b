package dev.sluice.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/** One run: starts everything, lets it go wrong for a while, brings it back, and accounts for every record. Single-use, one thread. */
final class ChaosRun implements AutoCloseable {

    private static final Duration SETTLE = Duration.ofSeconds(90);
    private static final Duration END = Duration.ofSeconds(90);

    private final Options options;
    private final Ports ports = Ports.free();
    private final Journal journal = new Journal(System::nanoTime);
    private final Troubles troubles;
    private final ChildJvm broker;
    private final ChildJvm server;
    private final ChildJvm function;
    private final FaultyProxy proxy;
    private final TestTopics topics;
    private final Production production;
    private final MappingChurn churn;
    private final Recoveries recoveries;
    private final CallDesk desk;
    private final SluiceApi api;
    private final FaultPlan faults;
    private final CommitSampler sampler;
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    ChaosRun(Options options, Path work) throws IOException {
        this.options = options;
        Random seeds = new Random(options.seed());
        String direct = "127.0.0.1:" + ports.harness();
        broker = new ChildJvm("broker", ChildJvm.mainClass("384m", BrokerProgram.class, work.resolve("kafka").toString(),
                String.valueOf(ports.broker()), String.valueOf(ports.proxy()), String.valueOf(ports.harness())), Map.of(),
                BrokerProgram.READY, work);
        proxy = new FaultyProxy(ports.proxy(), ports.broker());
        topics = new TestTopics(direct);
        troubles = new Troubles(seeds.nextLong());
        Map<String, TrackedMapping> mappings = new ConcurrentHashMap<>();
        recoveries = new Recoveries(System::nanoTime, mappings::values);
        desk = new CallDesk(journal, troubles, mappings, recoveries);
        api = new SluiceApi(ports.server(), ports.function(), JarFunction.write(work, desk.port()));
        churn = new MappingChurn(api, topics, new Random(seeds.nextLong()), mappings);
        server = server(work);
        function = new ChildJvm("function", ChildJvm.mainClass("128m", FunctionProgram.class, String.valueOf(ports.function()),
                String.valueOf(desk.port())), Map.of(), FunctionProgram.READY, work);
        production = new Production(direct, topics::partitions, new Random(seeds.nextLong()), System::nanoTime);
        sampler = new CommitSampler(topics, churn::present, journal);
        faults = new FaultPlan(new FaultPlan.Parts(server, broker, function, proxy, new ForeignMember(direct, journal), topics, journal),
                recoveries,
                churn::present, new Random(seeds.nextLong()), options.seconds());
    }

    private void abandon() {
        List.of(server, function, broker).forEach(ChildJvm::abandon);
    }

    private ChildJvm server(Path work) throws IOException {
        Path config = Files.writeString(work.resolve("sluice.yaml"), config());
        return new ChildJvm("server",
                List.of("-Xmx384m", "-jar", options.jar().toString(), "serve", "--port", String.valueOf(ports.server()),
                        "--data-dir", work.resolve("data").toString(), "--config", config.toString(), "--relaxed"),
                Map.of("SLUICE_RETRY_INITIAL_BACKOFF", "100ms", "SLUICE_RETRY_MAX_BACKOFF", "2s"), "Sluice ready on ", work);
    }

    /** A session as short as brokers allow, so that a server that is away for a while finds its partitions with others. */
    private String config() {
        return "clusters:\n- arn: " + SluiceApi.CLUSTER + "\n  bootstrapServers: 127.0.0.1:" + ports.proxy()
                + "\n  properties: {session.timeout.ms: " + ForeignMember.SESSION_MILLIS
                + ", heartbeat.interval.ms: 2000, max.poll.interval.ms: 8000}\n";
    }

    ChaosReport run() throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(this::abandon, "abandon"));
        broker.start().awaitServing();
        topics.create();
        function.start().awaitServing();
        journal.serverStarted();
        server.start().awaitServing();
        List<Variant> variants = new ArrayList<>(Variant.steady());
        variants.addAll(Variant.optional());
        for (Variant variant : variants) {
            churn.create(variant, false, true);
        }
        long begun = System.nanoTime();
        Thread producing = start("production", production::run);
        Thread sampling = start("sampler", sampler::run);
        Thread changing = start("churn", churn::run);
        Thread harming = start("faults", faults::run);
        Awaiting.pause(Duration.ofSeconds(options.seconds()).minusNanos(System.nanoTime() - begun));

        faults.stop();
        churn.stop();
        end(harming);
        end(changing);
        troubles.calm();
        production.stop();
        end(producing);
        long calm = System.nanoTime();
        boolean settled = Awaiting.within(SETTLE, this::settled);
        long settledMillis = (System.nanoTime() - calm) / 1_000_000;
        sampler.stop();
        end(sampling);
        return report(settled, settledMillis);
    }

    /** Whether nothing is left to do: all mappings are enabled, no group has a lag, no call is under way. */
    private boolean settled() {
        try {
            return churn.enableAll() && churn.deletedAreGone() && lagging().isEmpty() && desk.open() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private List<String> lagging() throws InterruptedException {
        List<String> lagging = new ArrayList<>();
        Map<String, Map<TopicPartition, Long>> committed = topics.committed(churn.present().stream().map(TrackedMapping::group).toList());
        for (TrackedMapping mapping : churn.present()) {
            Map<TopicPartition, Long> offsets = committed.getOrDefault(mapping.group(), Map.of());
            topics.ends(mapping.topics()).forEach((partition, end) -> {
                if (offsets.getOrDefault(partition, 0L) < end) {
                    lagging.add(mapping + ": " + partition + " is committed at " + offsets.get(partition) + " and ends at " + end);
                }
            });
        }
        return lagging;
    }

    private ChaosReport report(boolean settled, long settledMillis) throws Exception {
        Accounting accounting = new Accounting(topics);
        List<Account> accounts = accounting.accounts(churn.mappings().values().stream().filter(mapping -> mapping.uuid() != null).toList(),
                journal.entries());
        if (desk.broken() != null) {
            failures.add("the desk: " + desk.broken());
        }
        List<String> unsettled = new ArrayList<>();
        if (!settled) {
            unsettled.addAll(lagging());
            unsettled.add("not at rest within " + SETTLE.toSeconds() + " s: enabled " + churn.enableAll() + ", deleted ones gone "
                    + churn.deletedAreGone() + ", calls under way " + desk.open());
        }
        List<String> problems = new ArrayList<>(churn.problems());
        problems.addAll(faults.problems());
        if (!server.alive()) {
            problems.add("the server has ended by itself");
        }
        ChaosReport.Builder report = new ChaosReport.Builder()
                .line("`scripts/chaos --seconds " + options.seconds() + " --seed " + options.seed() + "`, " + LocalDate.now() + ", "
                        + Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.name") + ", JDK "
                        + System.getProperty("java.version"))
                .number("produced (in the broker's log)", accounting.records())
                .number("to deliver, all mappings", sum(accounts, Account::owed))
                .number("calls of functions", sum(accounts, Account::attempts))
                .number("delivered, all mappings", sum(accounts, Account::delivered))
                .number("delivered more than once", sum(accounts, Account::deliveredAgain))
                .number("consumed by foreign members", sum(accounts, Account::taken))
                .number("committed offsets looked at", sum(accounts, Account::samples));
        long missing = accounting.missing(production.acknowledged());
        return report.none("lost", all(accounts, Account::lost))
                .none("out of order within a partition", all(accounts, Account::outOfOrder))
                .none("two deliveries of a partition at once", all(accounts, Account::atOnce))
                .none("committed past an undelivered record", all(accounts, Account::committedPast))
                .none("delivered with other content, or against the filter", all(accounts, Account::altered))
                .none("answers 5xx", api.serverErrors())
                .none("other promises of server and API", problems)
                .none("lag left at the end", unsettled)
                .none("acknowledged by the broker, but not in its log", missing == 0 ? List.of() : List.of(missing + " records"))
                .none("failures of the harness", failures)
                .numbers()
                .line("After the last fault all was delivered and committed within " + settledMillis / 1_000 + " s.")
                .counts("Mappings", churn.operations())
                .counts("Answers of the API", api.statuses())
                .line(churn.refused().isEmpty() ? "All kinds of mappings took part." : "Refused by the server and left out: "
                        + String.join("; ", churn.refused()))
                .recoveries(recoveries).mappings(accounts).build();
    }

    private static long sum(List<Account> accounts, ToLongFunction<Account> number) {
        return accounts.stream().mapToLong(number).sum();
    }

    private static List<String> all(List<Account> accounts, Function<Account, List<String>> found) {
        return accounts.stream().flatMap(account -> found.apply(account).stream().map(each -> account.mapping() + ": " + each)).toList();
    }

    /** What a thread does. */
    private interface Part {
        void run() throws Exception;
    }

    private Thread start(String name, Part part) {
        Thread thread = new Thread(() -> {
            try {
                part.run();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                failures.add(name + ": " + e);
            }
        }, name);
        thread.start();
        threads.add(thread);
        return thread;
    }

    private void end(Thread thread) throws InterruptedException {
        thread.join(END.toMillis());
        if (thread.isAlive()) {
            failures.add(thread.getName() + " did not end");
        }
    }

    @Override
    public void close() throws IOException {
        threads.forEach(Thread::interrupt);
        server.close();
        function.close();
        production.close();
        topics.close();
        broker.close();
        proxy.close();
        desk.close();
    }
}
