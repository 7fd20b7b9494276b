package dev.sluice.cli;

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

    HintsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<Json> hints = endpoint.client(terminal).get("/_sluice/hints").list("hints");
        if (hints.isEmpty()) {
            terminal.out().println("No request was refused with a hint since the server was started.");
        }
        for (int i = hints.size() - 1; i >= 0; i--) {
            Json hint = hints.get(i);
            terminal.out().println(text(hint, "time") + " " + text(hint, "method") + " " + text(hint, "path"));
            terminal.out().println("  " + text(hint, "error") + ": " + text(hint, "message"));
            terminal.out().println("  " + text(hint, "hint"));
        }
        return 0;
    }

    private static String text(Json json, String member) {
        return json.text(member).orElse("-");
    }
}
