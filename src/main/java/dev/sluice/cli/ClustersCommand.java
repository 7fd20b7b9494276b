package dev.sluice.cli;

import dev.sluice.cli.screen.Table;
import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows which clusters the server knows and what their ports speak. */
@Command(name = "clusters", mixinStandardHelpOptions = true,
        description = "Shows the clusters that the server knows, what is configured for them, what their ports were found to speak, and how"
                + " many mappings read from each.",
        footer = {"", "A port is asked before its first use, and again after a connection failed."})
final class ClustersCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private OutputOption output;

    ClustersCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Json answer = endpoint.client(terminal).get("/_sluice/clusters");
        if (output.json()) {
            terminal.out().println(Json.pretty(answer));
            return 0;
        }
        Table table = new Table("BROKERS", "CONFIGURED", "PORTS SPEAK", "MAPPINGS", "CLUSTER");
        for (Json cluster : answer.list("clusters")) {
            List<String> spoken = cluster.list("addresses").stream().map(address -> address.text("speaks").orElse("-")).distinct().toList();
            table.row(cluster.text("bootstrapServers").orElse("-"), cluster.text("securityProtocol").orElse("by secrets"),
                    spoken.isEmpty() ? "not asked" : String.join(", ", spoken), String.valueOf(cluster.list("mappings").size()),
                    cluster.list("match").isEmpty() ? cluster.text("name").orElse("-")
                            : cluster.list("match").stream().map(line -> String.valueOf(line.value())).collect(Collectors.joining(" ")));
        }
        table.print(terminal.out(), output.screen(terminal));
        listeners(answer.list("listeners"));
        logIns(answer.list("clusters"));
        for (Json refused : answer.list("refused")) {
            terminal.out().println("Mapping " + refused.text("mapping").orElse("-") + ": " + refused.text("reason").orElse("-"));
        }
        return 0;
    }

    /** Of the embedded broker, where it has others than the plaintext one that everybody expects. */
    private void listeners(List<Json> listeners) {
        if (listeners.stream().noneMatch(listener -> listener.text("clientProperties").isPresent())) {
            return;
        }
        terminal.out().println();
        Table table = new Table("EMBEDDED BROKER", "KIND", "WHAT A CLIENT NEEDS");
        for (Json listener : listeners) {
            table.row(listener.text("bootstrapServers").orElse("-"), listener.text("securityProtocol").orElse("-"),
                    listener.text("clientProperties").orElse("-"));
        }
        table.print(terminal.out(), output.screen(terminal));
    }

    /** Whose credentials win, of the mappings that name some. */
    private void logIns(List<Json> clusters) {
        for (Json cluster : clusters) {
            for (Json use : cluster.list("credentials")) {
                String types = use.list("types").stream().map(type -> String.valueOf(type.value())).collect(Collectors.joining(", "));
                if (!types.isEmpty() || !use.text("use").orElse("NONE").equals("NONE")) {
                    terminal.out().println();
                    terminal.out().println("Mapping " + use.text("mapping").orElse("-"));
                    terminal.out().println("  names " + (types.isEmpty() ? "no secret" : types));
                    terminal.out().println("  log-in: " + use.text("text").orElse("-"));
                }
            }
        }
    }
}
