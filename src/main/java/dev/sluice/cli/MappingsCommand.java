package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the mappings of all accounts and regions. */
@Command(name = "mappings", mixinStandardHelpOptions = true,
        description = "Shows all mappings, or one in detail.",
        footer = {"", "Examples:", "  sluice mappings                 all, and what holds them up",
                "  sluice mappings orders          one, by UUID, function or topic",
                "  sluice mappings --watch         again every 2 seconds", "  sluice mappings -o json         for programs"})
final class MappingsCommand implements Callable<Integer> {

    /** How a mapping is named wherever a command asks for one. */
    static final String MAPPING = "the mapping: its UUID or the beginning of it, or the name of its function or topic";

    private static final int WATCH_SECONDS = 2;
    private static final String CLEAR = "\u001b[H\u001b[2J";

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private OutputOption output;

    @Option(names = "--watch", description = "show it again every 2 seconds, until interrupted")
    private boolean watch;

    @Parameters(arity = "0..1", paramLabel = "UUID", description = MAPPING)
    private String uuid;

    private MappingsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new MappingsCommand(terminal))
                .addSubcommand("create", new CommandLine(new MappingsCreateCommand(terminal)))
                .addSubcommand("delete", new CommandLine(new MappingsDeleteCommand(terminal)))
                .addSubcommand("enable", new CommandLine(new MappingSwitch(terminal, true)))
                .addSubcommand("disable", new CommandLine(new MappingSwitch(terminal, false)))
                .addSubcommand("retry", new CommandLine(new Retry(terminal)))
                .addSubcommand("skip", new CommandLine(new Skip(terminal)));
    }

    @Override
    public Integer call() throws InterruptedException {
        ControlClient client = endpoint.client(terminal);
        show(client);
        while (watch) {
            TimeUnit.SECONDS.sleep(WATCH_SECONDS);
            terminal.out().print(terminal.screen().columns() == 0 ? System.lineSeparator() : CLEAR);
            show(client);
        }
        return 0;
    }

    private void show(ControlClient client) {
        Json answer = client.get(uuid == null ? "/_sluice/mappings" : path(uuid));
        MappingPrint print = new MappingPrint(terminal.out(), output.screen(terminal));
        if (output.json()) {
            terminal.out().println(Json.pretty(answer));
        } else if (uuid == null) {
            print.list(answer.list("mappings"));
        } else {
            print.show(answer);
        }
        terminal.out().flush();
    }

    static String path(String uuid) {
        return "/_sluice/mappings/" + ControlClient.segment(uuid);
    }

    /** Ends a backoff. */
    @Command(name = "retry", mixinStandardHelpOptions = true, description = "Tries the batch that waits for its next attempt now.")
    static final class Retry implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private EndpointOption endpoint;

        @Parameters(paramLabel = "UUID", description = MAPPING)
        private String uuid;

        Retry(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            boolean retried = endpoint.client(terminal).send("POST", path(uuid) + "/retry", "{}").flag("retried");
            terminal.out().println(retried ? "The next attempt runs now." : "No batch waits for its next attempt.");
            return 0;
        }
    }

    /** Goes on without records. */
    @Command(name = "skip", mixinStandardHelpOptions = true,
            description = "Commits past the batches that wait for their next attempt; their records are not delivered.")
    static final class Skip implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private EndpointOption endpoint;

        @Parameters(paramLabel = "UUID", description = MAPPING)
        private String uuid;

        Skip(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            long skipped = endpoint.client(terminal).send("POST", path(uuid) + "/skip", "{}").number("skipped").orElse(0L);
            terminal.out().println(skipped == 0 ? "No batch waits for its next attempt."
                    : skipped + (skipped == 1 ? " record was" : " records were") + " skipped; 'sluice deliveries --failed' shows which.");
            return 0;
        }
    }
}
