package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.server.ConfigSources;
import dev.sluice.server.ServerConfig;
import dev.sluice.server.ServerEndedException;
import dev.sluice.server.Sluice;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/**
 * Runs the server until a signal ends it. Every flag is taken as text, and stray arguments too: the configuration tells all that
 * is wrong in one message, whichever source it came from.
 */
@Command(name = "serve", mixinStandardHelpOptions = true, description = "Runs the server until Ctrl-C or SIGTERM.",
        footer = {"", "Examples:", "  sluice serve", "  sluice serve --kafka localhost:9092 --port 4000", "",
                "Each flag but --ready-file, --exit-with-parent and --quiet is also an environment",
                "variable (--data-dir is SLUICE_DATA_DIR) and a key of the config file (dataDir);",
                "the flag wins over the variable, the variable over the file."})
final class ServeCommand implements Callable<Integer> {

    /** What is left of the 8 s that a termination may take, for closing in order. */
    static final Duration CLOSE_WITHIN = Duration.ofMillis(7_500);

    /** Looked for before anything is logged, so without waiting for what the command line says else. */
    static final String QUIET = "--quiet";

    /** Nobody is left who waits for what is in flight; it is delivered again by the next server. */
    private static final Duration CLOSE_WITHOUT_PARENT = Duration.ofMillis(800);
    private static final long AT_LAST_MILLIS = 1_500;

    private final Terminal terminal;

    @Option(names = "--host", description = "where to listen; localhost means both loopback addresses (default: localhost)")
    private String host;

    @Option(names = "--port", description = "the API's port, 0 for any free one (default: 4574)")
    private String port;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "where everything is kept (default: .sluice)")
    private String dataDir;

    @Option(names = "--config", paramLabel = "FILE", description = "the config file (default: sluice.yaml, if there is one)")
    private String config;

    @Option(names = "--kafka", paramLabel = "HOST:PORT,…", description = "the default cluster (default: an embedded broker)")
    private String kafka;

    @Option(names = "--embedded-kafka-port", paramLabel = "PORT",
            description = "the embedded broker's port, 0 for any free one (default: 9092)")
    private String embeddedKafkaPort;

    @Option(names = "--embedded-kafka-advertise", paramLabel = "HOST:PORT,…",
            description = "addresses the embedded broker tells its clients beside localhost")
    private String embeddedKafkaAdvertise;

    @Option(names = "--embedded-kafka-listeners", paramLabel = "KIND,…",
            description = "the embedded broker's listeners: plaintext, ssl, sasl_plaintext, sasl_ssl (default: plaintext)")
    private String embeddedKafkaListeners;

    @Option(names = "--join-foreign-groups",
            description = "join consumer groups that others are in also on brokers that are not this machine's own")
    private boolean joinForeignGroups;

    @Option(names = "--region", description = "the region of requests without one (default: us-east-1)")
    private String region;

    @Option(names = "--account-id", paramLabel = "ID",
            description = "the account of requests whose access key is none (default: 000000000000)")
    private String accountId;

    @Option(names = "--isolation", paramLabel = "auto|jvm|process",
            description = "where Java code runs of which nothing else is said: in the server's JVM until it wants one of its own,"
                    + " in the server's, or in one of its own (default: auto)")
    private String isolation;

    @Option(names = "--relaxed", description = "allow a few things that AWS refuses (src/site/settings.md)")
    private boolean relaxed;

    @Option(names = "--allow-reset", description = "let POST /_sluice/reset take away mappings and functions, for tests")
    private boolean allowReset;

    @Option(names = "--movable-clock", description = "let POST /_sluice/advance move windows, record ages and backoffs on, for tests")
    private boolean movableClock;

    @Option(names = "--ready-file", paramLabel = "FILE",
            description = "write where it answers to this file, as JSON, once Kafka does; it is removed at the end")
    private Path readyFile;

    @Option(names = "--exit-with-parent", description = "end when the process that has started this one ends, however it does")
    private boolean exitWithParent;

    @Option(names = QUIET, description = "log warnings and errors alone; what functions log is in: sluice logs")
    private boolean quiet;

    @Unmatched
    private List<String> stray = new ArrayList<>();

    ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        ConfigSources sources = new ConfigSources(terminal.workingDirectory(), config, terminal.environment(), flags(), stray());
        sources.doubtfulVariables().forEach(doubtful -> terminal.err().println("sluice: " + doubtful));
        ServerConfig serverConfig = ServerConfig.load(sources);
        Path ready = readyFile == null ? null : terminal.workingDirectory().resolve(readyFile);
        if (ready != null) {
            ReadyFile.removeOlder(ready);
        }
        ParentWatch parent = exitWithParent ? ParentWatch.ofThisProcess() : null;
        AtomicReference<Sluice> running = new AtomicReference<>();
        AtomicReference<ReadyFile> said = new AtomicReference<>();
        Termination termination = Termination.onSignal(() -> {
            ReadyFile told = said.get();
            if (told != null) {
                told.close(); // here too: the JVM may end before the thread below does it
            }
            Sluice sluice = running.get();
            if (sluice != null) {
                sluice.close(CLOSE_WITHIN);
            }
        }, terminal.err());
        try {
            Sluice sluice = Sluice.startInOwnJvm(serverConfig, terminal.out(),
                    quiet ? new PrintStream(OutputStream.nullOutputStream()) : System.err);
            running.set(sluice);
            LastResort.guard(sluice, terminal.err());
            if (exitWithParent) {
                parent.start(() -> endWithoutParent(sluice));
            }
            if (ready == null) {
                sluice.awaitClosed();
            } else {
                try (ReadyFile told = new ReadyFile(ready, sluice, serverConfig, terminal)) {
                    said.set(told);
                    told.start();
                    sluice.awaitClosed();
                }
            }
            if (exitWithParent && !parent.isAlive()) {
                return 0;
            }
            if (!termination.begun()) {
                throw CommandFailedException.failed("The server ended by itself; its log says why");
            }
            return 0;
        } catch (ServerEndedException fault) {
            throw CommandFailedException.canNotGoOn(fault);
        } finally {
            termination.over();
        }
    }

    /** In order as far as that goes, and soon in any case: whoever counts processes after a test run finds none. */
    private static void endWithoutParent(Sluice sluice) {
        Thread atLast = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(AT_LAST_MILLIS);
            } catch (InterruptedException nobodyDoes) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(0);
        }, "sluice-at-last");
        atLast.setDaemon(true);
        atLast.start();
        sluice.close(CLOSE_WITHOUT_PARENT);
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new HashMap<>();
        flags.put("host", host);
        flags.put("port", port);
        flags.put("dataDir", dataDir);
        flags.put("kafka", kafka);
        flags.put("embeddedKafkaPort", embeddedKafkaPort);
        flags.put("embeddedKafkaAdvertise", embeddedKafkaAdvertise);
        flags.put("embeddedKafkaListeners", embeddedKafkaListeners);
        flags.put("joinForeignGroups", joinForeignGroups ? "true" : null);
        flags.put("region", region);
        flags.put("accountId", accountId);
        flags.put("isolation", isolation);
        flags.put("relaxed", relaxed ? "true" : null);
        flags.put("allowReset", allowReset ? "true" : null);
        flags.put("movableClock", movableClock ? "true" : null);
        flags.values().removeIf(text -> text == null);
        return flags;
    }

    /** Without the value that follows an unknown flag: one problem is enough for both. */
    private List<String> stray() {
        List<String> flagsAndArguments = new ArrayList<>();
        for (int i = 0; i < stray.size(); i++) {
            if (stray.get(i).startsWith("-") || i == 0 || !stray.get(i - 1).startsWith("-")) {
                flagsAndArguments.add(stray.get(i));
            }
        }
        return flagsAndArguments;
    }
}
