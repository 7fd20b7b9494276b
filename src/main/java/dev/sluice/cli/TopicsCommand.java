package dev.sluice.cli;

import dev.sluice.cli.screen.Table;
import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the topics of the default cluster. */
@Command(name = "topics", mixinStandardHelpOptions = true,
        description = "Shows the topics of the default cluster, how many records they hold, and which functions are fed from them.",
        footer = {"", "Examples:", "  sluice topics", "", "What is in one: sluice consume TOPIC"})
final class TopicsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private OutputOption output;

    TopicsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ControlClient client = endpoint.client(terminal);
        Json answer = client.get("/_sluice/topics");
        if (output.json()) {
            terminal.out().println(Json.pretty(answer));
            return 0;
        }
        List<Json> topics = answer.list("topics");
        if (topics.isEmpty()) {
            terminal.out().println("No topics. Make one with: sluice produce TOPIC VALUE");
            return 0;
        }
        Map<String, List<String>> readers = readers(client.get("/_sluice/mappings").list("mappings"));
        Table table = new Table("TOPIC", "PARTITIONS", "RECORDS", "FUNCTIONS");
        for (Json topic : topics) {
            String name = topic.text("name").orElse("-");
            table.row(name, topic.number("partitions").map(String::valueOf).orElse("-"),
                    topic.number("records").map(String::valueOf).orElse("-"),
                    String.join(",", readers.getOrDefault(name, List.of("-"))));
        }
        table.print(terminal.out(), output.screen(terminal));
        return 0;
    }

    private static Map<String, List<String>> readers(List<Json> mappings) {
        Map<String, List<String>> readers = new HashMap<>();
        for (Json mapping : mappings) {
            String[] arn = mapping.text("FunctionArn").orElse("").split(":", 7);
            mapping.list("Topics").forEach(topic -> readers.computeIfAbsent(String.valueOf(topic.value()), none -> new ArrayList<>())
                    .add(arn.length == 7 ? arn[6] : "-"));
        }
        return readers;
    }
}
