package dev.sluice.cli;

import dev.sluice.cli.screen.Screen;
import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows records of a topic of the default cluster. */
@Command(name = "consume", mixinStandardHelpOptions = true,
        description = "Shows the records of a topic, each as PARTITION:OFFSET KEY VALUE. Joins no consumer group, so that no mapping notices.",
        footer = {"", "Examples:", "  sluice consume orders              the first 100",
                "  sluice consume orders --from -5    the last 5 of each partition",
                "  sluice consume orders -f           what comes from now on",
                "  sluice consume orders --value-only | jq ."})
final class ConsumeCommand implements Callable<Integer> {

    private static final int MOST_PER_PAGE = 1_000;
    private static final int WAIT_SECONDS = 30;

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private OutputOption output;

    @Parameters(paramLabel = "TOPIC", description = "what to read")
    private String topic;

    @Option(names = "--from", paramLabel = "WHERE",
            description = "beginning, end, an offset, or -N for the last N of each partition (default: beginning; with --follow: end)")
    private String from;

    @Option(names = {"-p", "--partition"}, paramLabel = "N", description = "only this partition")
    private Integer partition;

    @Option(names = {"-n", "--limit"}, paramLabel = "N", defaultValue = "100",
            description = "at most so many (default: ${DEFAULT-VALUE}; with --follow before it goes on)")
    private long limit;

    @Option(names = {"-f", "--follow"}, description = "goes on with what is written from now on, until it is interrupted")
    private boolean follow;

    @Option(names = "--value-only", description = "the values alone, a line each")
    private boolean valueOnly;

    ConsumeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw CommandFailedException.wrongUsage("--limit is " + limit + "; allowed is 1 or more");
        }
        ControlClient client = endpoint.client(terminal);
        String path = "/_sluice/topics/" + ControlClient.segment(topic) + "/records?"
                + (partition == null ? "" : "partition=" + partition + "&");
        String where = from != null ? from : follow ? "end" : "beginning";
        Json page = client.get(path + "from=" + ControlClient.segment(where) + "&limit=" + Math.min(limit, MOST_PER_PAGE));
        long shown = show(page);
        while (page.flag("more") && shown < limit) {
            page = client.get(path + next(page) + "&limit=" + Math.min(limit - shown, MOST_PER_PAGE));
            shown += show(page);
        }
        if (page.flag("more") && !follow) {
            terminal.err().println("sluice: there are more; --limit shows more of them, --from other ones");
        } else if (shown == 0 && !follow) {
            terminal.err().println("sluice: there are no records");
        }
        while (follow) {
            page = client.get(path + next(page) + "&limit=" + MOST_PER_PAGE + "&wait=" + WAIT_SECONDS);
            show(page);
        }
        return 0;
    }

    private static String next(Json page) {
        return "next=" + ControlClient.segment(page.text("next").orElse(""));
    }

    private long show(Json page) {
        List<Json> records = page.list("records");
        for (Json record : records) {
            if (output.json()) { // a line each, as they come
                terminal.out().println(Json.print(record));
            } else if (valueOnly) {
                terminal.out().println(shown(text(record, "value")));
            } else {
                String headers = record.list("headers").stream().map(header -> header.text("name").orElse("") + "=" + text(header, "value"))
                        .collect(Collectors.joining(" "));
                String line = record.number("partition").orElse(0L) + ":" + record.number("offset").orElse(0L) + "  " + text(record, "key")
                        + "  " + text(record, "value") + (headers.isEmpty() ? "" : "  [" + headers + "]");
                show(line);
            }
        }
        terminal.out().flush();
        return records.size();
    }

    private void show(String line) {
        Screen screen = output.screen(terminal);
        terminal.out().println(screen.columns() == 0 ? shown(line) : Screen.clipped(shown(line).replace('\n', ' '), screen.columns()));
    }

    /** What somebody has written to a topic must not command the terminal; a pipe gets it as it is. */
    private String shown(String text) {
        return terminal.screen().columns() == 0 ? text : DeliveryPrint.printable(text);
    }

    private static String text(Json record, String member) {
        return record.text(member).or(() -> record.text(member + "Base64").map(base64 -> "base64:" + base64)).orElse("-");
    }
}
