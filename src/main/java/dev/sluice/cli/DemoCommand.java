package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.server.InvalidConfigException;
import dev.sluice.server.ServerConfig;
import dev.sluice.server.ServerEndedException;
import dev.sluice.server.Sluice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the main job in one command, on a server and a broker of its own. */
@Command(name = "demo", mixinStandardHelpOptions = true,
        description = "Starts a server with its own broker and shows records arriving at two functions.")
final class DemoCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--records", paramLabel = "N", defaultValue = "10", description = "how many records (default: 10)")
    private int records;

    @Option(names = "--queue", description = "Queue mode instead: ten invocations at once on one partition")
    private boolean queue;

    @Option(names = "--exit", description = "end when all arrived (status 0), or when they don't (status 1)")
    private boolean exit;

    private final AtomicReference<Sluice> running = new AtomicReference<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Path dataDir;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (records < 1) {
            throw new ParameterException(spec.commandLine(), "--records is " + records + "; allowed is 1 or more");
        }
        dataDir = Files.createTempDirectory("sluice-demo");
        Termination termination = Termination.onSignal(this::close, terminal.err());
        try (DemoHttpFunction http = new DemoHttpFunction(queue ? QueueDemo.FUNCTION_TAKES : Duration.ZERO)) {
            http.start();
            running.set(start());
            LastResort.guard(running.get(), terminal.err());
            ControlClient client = new ControlClient(running.get().endpoint());
            boolean arrived = queue ? queue(client, http) : stream(client, http);
            if (!exit) {
                running.get().awaitClosed();
            }
            return arrived ? 0 : CommandFailedException.FAILED;
        } catch (ServerEndedException fault) {
            throw CommandFailedException.canNotGoOn(fault);
        } finally {
            if (!termination.begun()) {
                termination.over();
                close();
            }
        }
    }

    private boolean stream(ControlClient client, DemoHttpFunction http) throws InterruptedException {
        Demo demo = new Demo(client, http, terminal.out());
        boolean arrived = demo.run(records);
        if (!exit) {
            demo.sayWhatNext();
        }
        return arrived;
    }

    private boolean queue(ControlClient client, DemoHttpFunction http) throws InterruptedException {
        QueueDemo demo = new QueueDemo(client, http, terminal.out());
        boolean arrived = demo.run(records);
        if (!exit) {
            demo.sayWhatNext();
        }
        return arrived;
    }

    /** On the default ports, or on free ones where those are taken, so that the demo also runs beside another Sluice or Kafka. */
    private Sluice start() {
        try {
            return Sluice.startInOwnJvm(config(free(4574) ? "4574" : "0", free(9092) ? "9092" : "0"), terminal.out(), System.err);
        } catch (InvalidConfigException takenMeanwhile) {
            return Sluice.startInOwnJvm(config("0", "0"), terminal.out(), System.err);
        }
    }

    private ServerConfig config(String port, String embeddedKafkaPort) {
        return ServerConfig.of(Map.of("dataDir", dataDir.toString(), "port", port, "embeddedKafkaPort", embeddedKafkaPort));
    }

    private static boolean free(int port) {
        try (ServerSocket everywhere = new ServerSocket(port)) {
            everywhere.getLocalPort();
        } catch (IOException taken) {
            return false;
        }
        try (ServerSocket here = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return here.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        Sluice sluice = running.get();
        if (sluice != null) {
            sluice.close(ServeCommand.CLOSE_WITHIN);
        }
        try (Stream<Path> files = Files.walk(dataDir)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            terminal.err().println("sluice: the demo's data could not be removed: " + left);
        }
    }
}
