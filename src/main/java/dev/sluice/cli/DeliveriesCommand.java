package dev.sluice.cli;

import dev.sluice.cli.screen.Table;
import dev.sluice.cli.screen.Terminal;
import dev.sluice.cli.screen.Waiting;
import dev.sluice.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what became of the deliveries. */
@Command(name = "deliveries", mixinStandardHelpOptions = true,
        description = "Shows which records went to which function and what came of it, the newest first; or one delivery in detail.",
        footer = {"", "Examples:", "  sluice deliveries --mapping orders --failed",
                "  sluice deliveries -f            goes on with what is new",
                "  sluice deliveries 3f2a          one, with its records decoded",
                "  sluice deliveries replay 3f2a   invokes the function once more"})
final class DeliveriesCommand implements Callable<Integer> {

    private static final int MOST = 1_000;
    private static final long FOLLOW_MILLIS = 500;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd").withZone(ZoneId.systemDefault());

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private OutputOption output;

    @Option(names = {"-m", "--mapping"}, paramLabel = "UUID", description = "only those of " + MappingsCommand.MAPPING)
    private String mapping;

    @Option(names = "--function", paramLabel = "NAME", description = "only those to this function")
    private String function;

    @Option(names = "--failed", description = "only those that were not simply delivered")
    private boolean failed;

    @Option(names = {"-n", "--limit"}, paramLabel = "N", defaultValue = "20",
            description = "at most so many, 1 to 1000 (default: ${DEFAULT-VALUE})")
    private int limit;

    @Option(names = {"-f", "--follow"}, description = "goes on with what is new or has changed, until it is interrupted")
    private boolean follow;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "the delivery to show in detail")
    private String id;

    private DeliveriesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new DeliveriesCommand(terminal)).addSubcommand("replay", new CommandLine(new Replay(terminal)));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 1 || limit > MOST) {
            throw CommandFailedException.wrongUsage("--limit is " + limit + "; allowed is a whole number from 1 to " + MOST);
        }
        if (id != null && (mapping != null || function != null || failed || follow)) {
            throw CommandFailedException.wrongUsage(
                    "ID is given together with --mapping, --function, --failed or --follow; these choose from the list");
        }
        ControlClient client = endpoint.client(terminal);
        if (id != null) {
            show(client.get(path(id)));
        } else if (follow) {
            follow(client);
        } else {
            list(client.get(query()));
        }
        return 0;
    }

    private void show(Json delivery) {
        if (output.json()) {
            terminal.out().println(Json.pretty(delivery));
        } else {
            new DeliveryPrint(terminal.out(), output.screen(terminal)).show(delivery);
        }
    }

    private void list(Json answer) {
        if (output.json()) {
            terminal.out().println(Json.pretty(answer));
            return;
        }
        List<Json> deliveries = answer.list("deliveries");
        if (deliveries.isEmpty()) {
            terminal.out().println(failed || mapping != null || function != null ? "No such deliveries." : "No deliveries yet.");
        } else {
            Table table = table();
            deliveries.forEach(delivery -> row(table, delivery));
            table.print(terminal.out(), output.screen(terminal));
        }
        for (Json filtered : failed || function != null ? List.<Json>of() : answer.list("filteredOut")) {
            output.screen(terminal).wrapped("Filters of mapping " + text(filtered, "mapping") + " kept from its function: "
                    + filteredOut(filtered), 0).forEach(terminal.out()::println);
        }
        long lost = answer.member("lost").number("entries").orElse(0L);
        if (lost > 0) {
            terminal.err().println("sluice: " + lost + " entries came faster than the journal could write them and are missing");
        }
    }

    /** Asks again and again; what was seen before in the same state is not shown again. */
    private void follow(ControlClient client) throws InterruptedException {
        Map<String, String> seen = new LinkedHashMap<>();
        Table table = table();
        while (true) {
            List<Json> news = new ArrayList<>();
            Map<String, String> now = new LinkedHashMap<>();
            for (Json delivery : client.get(query()).list("deliveries")) {
                String stand = text(delivery, "state") + number(delivery, "attemptCount");
                now.put(text(delivery, "id"), stand);
                if (!stand.equals(seen.get(text(delivery, "id")))) {
                    news.add(delivery);
                }
            }
            seen = now;
            if (!news.isEmpty()) {
                Collections.reverse(news);
                if (output.json()) { // a line each, as they come
                    news.forEach(delivery -> terminal.out().println(Json.print(delivery)));
                } else {
                    news.forEach(delivery -> row(table, delivery));
                }
                table.print(terminal.out(), output.screen(terminal));
                terminal.out().flush();
            }
            TimeUnit.MILLISECONDS.sleep(FOLLOW_MILLIS);
        }
    }

    private static Table table() {
        return new Table("ID", "STATE", "FIRST SEEN", "FUNCTION", "RECORDS", "FROM", "ATTEMPTS", "LAST RESULT")
                .ids(0).spare(6);
    }

    private void row(Table table, Json delivery) {
        table.row(text(delivery, "id"), text(delivery, "state") + delivery.text("replayOf").map(of -> " (replay)").orElse(""),
                time(text(delivery, "firstSeen")), text(delivery, "function"), number(delivery, "records"), ranges(delivery),
                number(delivery, "attemptCount"), text(delivery, "lastResult"));
    }

    private String query() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("limit", String.valueOf(limit));
        if (mapping != null) {
            parameters.put("mapping", mapping);
        }
        if (function != null) {
            parameters.put("function", function);
        }
        if (failed) {
            parameters.put("state", "running,failed,partly,notFinished");
        }
        return "/_sluice/deliveries?" + parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** How many records filters dropped, and the last one. */
    static String filteredOut(Json filtered) {
        long records = filtered.number("records").orElse(0L);
        long ofOtherFormat = filtered.number("ofOtherFormat").orElse(0L);
        Json last = filtered.member("last");
        return records + (records == 1 ? " record" : " records") + (ofOtherFormat > 0 ? " (" + ofOtherFormat + " for their format)" : "")
                + "; the last, " + text(last, "topic") + "-" + number(last, "partition") + ":" + number(last, "offset") + ": "
                + text(last, "reason");
    }

    /** {@code orders-0:5..9} for each partition. */
    static String ranges(Json delivery) {
        return delivery.list("partitions").stream().map(DeliveriesCommand::range).collect(Collectors.joining(","));
    }

    static String range(Json range) {
        String first = number(range, "firstOffset");
        String last = number(range, "lastOffset");
        return text(range, "topic") + "-" + number(range, "partition") + ":" + (first.equals(last) ? first : first + ".." + last);
    }

    static String text(Json json, String member) {
        return json.text(member).orElse("-");
    }

    static String number(Json json, String member) {
        return json.number(member).map(String::valueOf).orElse("-");
    }

    /** Short on a terminal. */
    private String time(String instant) {
        return output.screen(terminal).columns() == 0 || instant.equals("-") ? millis(instant)
                : Instant.parse(instant).isAfter(Instant.now().minus(1, ChronoUnit.DAYS))
                        ? CLOCK.format(Instant.parse(instant)) : DAY.format(Instant.parse(instant));
    }

    static String millis(String instant) {
        return instant.equals("-") ? instant : Instant.parse(instant).truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String path(String id) {
        return "/_sluice/deliveries/" + ControlClient.segment(id);
    }

    /** Puts a delivery before its function once more. */
    @Command(name = "replay", mixinStandardHelpOptions = true,
            description = "Invokes the function once more with the same records; moves no offset. Ends with status 1 when it fails.")
    static final class Replay implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private EndpointOption endpoint;

        @Parameters(paramLabel = "ID", description = "the delivery")
        private String id;

        Replay(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            Json answer = Waiting.during(() -> endpoint.client(terminal).send("POST", path(id) + "/replay", "{}"), terminal,
                    "the function runs");
            return new DeliveryPrint(terminal.out(), terminal.screen()).replayed(answer) ? 0 : CommandFailedException.FAILED;
        }
    }
}
