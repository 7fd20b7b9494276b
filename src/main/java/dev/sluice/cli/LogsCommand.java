package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import dev.sluice.resource.NearestName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a function has logged. */
@Command(name = "logs", mixinStandardHelpOptions = true,
        description = "Shows what a function has logged since the server was started, with Lambda's START, END and REPORT lines:"
                + " the newest lines, each as TIME REQUEST-ID TEXT.",
        footer = {"", "Examples:", "  sluice logs orders -n 20        the newest 20 lines",
                "  sluice logs orders -f           as they come", "",
                "Lines are kept in the server's memory, 1 MB for each function. To see them as they come: --follow"})
final class LogsCommand implements Callable<Integer> {

    private static final int MOST = 10_000;
    /** How long the server may take to answer that there is nothing new. */
    private static final int WAIT_SECONDS = 30;

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private OutputOption output;

    @Parameters(paramLabel = "FUNCTION", description = "the function's name")
    private String function;

    @Option(names = {"-f", "--follow"}, description = "goes on with what is logged from now on, until it is interrupted")
    private boolean follow;

    @Option(names = {"-n", "--limit"}, paramLabel = "N", defaultValue = "100",
            description = "at most so many lines to begin with, 1 to 10000 (default: ${DEFAULT-VALUE})")
    private int limit;

    @Option(names = {"-r", "--request"}, paramLabel = "ID", description = "only those of the invocation with this request id")
    private String request;

    private boolean severalAccounts;

    private LogsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new LogsCommand(terminal));
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > MOST) {
            throw CommandFailedException.wrongUsage("--limit is " + limit + "; allowed is a whole number from 1 to " + MOST);
        }
        ControlClient client = endpoint.client(terminal);
        ControlClient.Answer first = client.ask(path("limit=" + limit));
        List<String> names = client.get("/_sluice/functions").list("functions").stream()
                .map(known -> known.text("name").orElseThrow()).toList();
        if (first.status() == 404) {
            throw CommandFailedException.failed("There is no function '" + function + "'" + NearestName.of(function, names)
                    .map(near -> "; did you mean " + near + "?").orElse("; 'sluice functions' lists all"));
        }
        severalAccounts = names.stream().filter(function::equals).count() > 1;
        Json page = first.expectSuccess();
        print(page);
        if (!follow && page.list("lines").isEmpty()) {
            terminal.err().println(request == null ? "sluice: function " + function + " has logged nothing yet"
                    : "sluice: function " + function + " has no lines of an invocation " + request);
        }
        if (follow) {
            follow(client, page.number("next").orElseThrow());
        }
        return 0;
    }

    /** Until the JVM is told to end. */
    private void follow(ControlClient client, long after) {
        long shown = after;
        while (true) {
            shown = news(client, shown);
        }
    }

    /** Waits for what is logged next, and shows it. */
    private long news(ControlClient client, long after) {
        Json page = client.get(path("limit=" + MOST + "&after=" + after + "&wait=" + WAIT_SECONDS));
        long lost = page.number("lost").orElse(0L);
        if (lost > 0) {
            terminal.err().println("sluice: " + lost + " lines came faster than they could be shown and are missing");
        }
        print(page);
        return page.number("next").orElseThrow();
    }

    private String path(String parameters) {
        return "/_sluice/functions/" + ControlClient.segment(function) + "/logs?" + parameters
                + (request == null ? "" : "&request=" + URLEncoder.encode(request, StandardCharsets.UTF_8));
    }

    private void print(Json page) {
        for (Json line : page.list("lines")) {
            if (output.json()) { // a line each, as they come
                terminal.out().println(Json.print(line));
                continue;
            }
            String account = severalAccounts && line.text("accountId").isPresent()
                    ? line.text("accountId").get() + "/" + line.text("region").orElse("-") + " " : "";
            terminal.out().println(line.text("time").orElse("-") + " " + account + line.text("requestId").orElse("-") + " "
                    + line.text("text").orElse(""));
        }
        terminal.out().flush();
    }
}
