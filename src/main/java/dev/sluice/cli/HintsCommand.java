package dev.sluice.cli;

import dev.sluice.cli.screen.Screen;
import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what the server knew of refused requests beyond AWS's words. */
@Command(name = "hints", mixinStandardHelpOptions = true,
        description = "Shows the requests that were refused lately with a hint at the cause or the way out, the newest last.",
        footer = {"", "The hint is also in the answer's header X-Sluice-Hint, which the AWS CLI doesn't show."})
final class HintsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private OutputOption output;

    HintsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Json answer = endpoint.client(terminal).get("/_sluice/hints");
        if (output.json()) {
            terminal.out().println(Json.pretty(answer));
            return 0;
        }
        List<Json> hints = answer.list("hints");
        Screen screen = output.screen(terminal);
        if (hints.isEmpty()) {
            terminal.out().println("No request was refused with a hint since the server was started.");
        }
        for (int i = hints.size() - 1; i >= 0; i--) {
            Json hint = hints.get(i);
            terminal.out().println(text(hint, "time") + " " + text(hint, "method") + " " + text(hint, "path"));
            screen.wrapped(text(hint, "error") + ": " + text(hint, "message"), 2).forEach(line -> terminal.out().println("  " + line));
            screen.wrapped(text(hint, "hint"), 2).forEach(line -> terminal.out().println("  " + line));
        }
        return 0;
    }

    private static String text(Json json, String member) {
        return json.text(member).orElse("-");
    }
}
