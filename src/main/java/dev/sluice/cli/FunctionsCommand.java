package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import dev.sluice.resource.NearestName;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Registers functions that every account and region sees, and shows those of all. */
@Command(name = "functions", mixinStandardHelpOptions = true, description = "Shows all functions, or one in detail; adds and removes them.",
        footer = {"", "Examples:", "  sluice functions                 all", "  sluice functions orders          one in detail",
                "  sluice functions add orders --jar target/orders.jar --handler com.acme.Orders"})
final class FunctionsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private OutputOption output;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "the function to show in detail")
    private String name;

    private FunctionsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new FunctionsCommand(terminal))
                .addSubcommand("add", new CommandLine(new FunctionsAddCommand(terminal)))
                .addSubcommand("list", new CommandLine(new ListAll(terminal)))
                .addSubcommand("remove", new CommandLine(new Remove(terminal)));
    }

    @Override
    public Integer call() {
        Json answer = endpoint.client(terminal).get("/_sluice/functions");
        if (name == null) {
            list(terminal, output, answer);
            return 0;
        }
        List<Json> functions = answer.list("functions");
        List<Json> named = functions.stream().filter(function -> function.text("name").filter(name::equals).isPresent()).toList();
        if (named.isEmpty()) {
            throw CommandFailedException.failed("There is no function '" + name + "'" + NearestName.of(name,
                    functions.stream().map(function -> function.text("name").orElse("")).toList())
                    .map(near -> "; did you mean " + near + "?").orElse("; 'sluice functions' lists all"));
        }
        if (output.json()) {
            terminal.out().println(Json.pretty(new Json(named.stream().map(Json::value).toList())));
            return 0;
        }
        for (int i = 0; i < named.size(); i++) {
            if (i > 0) {
                terminal.out().println();
            }
            FunctionList.show(named.get(i), terminal.out(), output.screen(terminal));
        }
        return 0;
    }

    private static void list(Terminal terminal, OutputOption output, Json answer) {
        if (output.json()) {
            terminal.out().println(Json.pretty(answer));
        } else {
            FunctionList.print(answer.list("functions"), terminal.out(), output.screen(terminal));
        }
    }

    static String path(String name) {
        return "/_sluice/functions/" + ControlClient.segment(name);
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Shows the functions of all accounts and regions.")
    static final class ListAll implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private EndpointOption endpoint;

        @Mixin
        private OutputOption output;

        ListAll(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            list(terminal, output, endpoint.client(terminal).get("/_sluice/functions"));
            return 0;
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Removes a function that was added here.")
    static final class Remove implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private EndpointOption endpoint;

        @Mixin
        private ScopeOptions scope;

        @Parameters(paramLabel = "NAME", description = "the function's name")
        private String name;

        Remove(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            endpoint.client(terminal).send("DELETE", path(name) + scope.query(), null);
            terminal.out().println("Function " + name + " is removed.");
            return 0;
        }
    }
}
