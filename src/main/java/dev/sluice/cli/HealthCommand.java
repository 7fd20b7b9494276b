package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells whether a server answers, and its brokers. */
@Command(name = "health", mixinStandardHelpOptions = true,
        description = "Tells whether the server and its brokers answer; status 0 when they do.",
        footer = {"", "Examples:", "  sluice health --wait kafka --timeout 30   in a script, before it begins"})
final class HealthCommand implements Callable<Integer> {

    enum Part { kafka }

    private static final long PAUSE_MILLIS = 200;

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private OutputOption output;

    @Option(names = "--wait", paramLabel = "kafka", description = "wait until the brokers of the default cluster answer")
    private Part wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "60", description = "how long to wait (default: 60)")
    private int timeoutSeconds;

    HealthCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        ControlClient client = endpoint.client(terminal);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        while (true) {
            ControlClient.Answer answer = answer(client, deadline);
            if (answer != null) {
                return report(client, answer);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    /** Null while there is time left and something to wait for, which may be the server itself. */
    private ControlClient.Answer answer(ControlClient client, long deadline) {
        boolean last = wait == null || System.nanoTime() - deadline >= 0;
        try {
            ControlClient.Answer answer = client.ask("/_sluice/health?wait=kafka");
            return answer.status() == 503 && !last ? null : answer;
        } catch (CommandFailedException unreachable) {
            if (last) {
                throw unreachable;
            }
            return null;
        }
    }

    private int report(ControlClient client, ControlClient.Answer answer) {
        if (answer.status() != 200 && answer.status() != 503) {
            throw CommandFailedException.failed(answer.message());
        }
        if (output.json()) {
            terminal.out().println(Json.pretty(answer.body()));
            return answer.status() == 200 ? 0 : CommandFailedException.FAILED;
        }
        String kafka = answer.body().text("kafka").orElse("unknown");
        String brokers = answer.body().text("bootstrapServers").filter(text -> !text.isEmpty()).orElse("no default cluster");
        terminal.out().println("Sluice is up on " + client.endpoint());
        terminal.out().println("Kafka is " + kafka + " on " + brokers);
        return answer.status() == 200 ? 0 : CommandFailedException.FAILED;
    }
}
