package dev.sluice.cli;

import dev.sluice.cli.screen.Facts;
import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows in a few lines what runs, and what keeps records from their functions. */
@Command(name = "status", mixinStandardHelpOptions = true,
        description = "Shows what runs, and what keeps records from their functions; each line of trouble with the command that shows more.",
        footer = {"", "Examples:", "  sluice status"})
final class StatusCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private OutputOption output;

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ControlClient client = endpoint.client(terminal);
        Json health = client.ask("/_sluice/health").body();
        List<Json> functions = client.get("/_sluice/functions").list("functions");
        List<Json> mappings = client.get("/_sluice/mappings").list("mappings");
        if (output.json()) {
            terminal.out().println(Json.pretty(new Json(Map.of("health", health.value(), "functions", functions.size(), "mappings",
                    mappings.stream().map(Json::value).toList()))));
            return 0;
        }
        Facts facts = new Facts();
        facts.add("Sluice", "up on " + client.endpoint() + health.number("pid").map(pid -> ", process " + pid).orElse(""));
        facts.add("Kafka", health.text("kafka").orElse("unknown") + " on "
                + health.text("bootstrapServers").filter(text -> !text.isEmpty()).orElse("no default cluster"));
        facts.add("Functions", String.valueOf(functions.size()));
        facts.add("Mappings", mappings.size() + states(mappings));
        facts.print(terminal.out(), output.screen(terminal));
        new MappingPrint(terminal.out(), output.screen(terminal)).troubles(mappings);
        return 0;
    }

    private static String states(List<Json> mappings) {
        Map<String, Long> states = mappings.stream()
                .collect(Collectors.groupingBy(mapping -> mapping.text("State").orElse("-"), TreeMap::new, Collectors.counting()));
        return states.isEmpty() ? "" : states.entrySet().stream().map(state -> state.getValue() + " " + state.getKey())
                .collect(Collectors.joining(", ", ": ", ""));
    }
}
