package dev.sluice.cli;

import java.io.File;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Registers functions that every account and region sees, and shows those of all. */
@Command(name = "functions", mixinStandardHelpOptions = true, description = "Adds, lists and removes functions.")
final class FunctionsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new FunctionsCommand())
                .addSubcommand("add", new CommandLine(new FunctionsAddCommand(terminal)))
                .addSubcommand("list", new CommandLine(new ListAll(terminal)))
                .addSubcommand("remove", new CommandLine(new Remove(terminal)));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A subcommand is missing; allowed are add, list, remove");
    }

    static String path(String name) {
        return "/_sluice/functions/" + ControlClient.segment(name);
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Shows the functions of all accounts and regions.")
    static final class ListAll implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private EndpointOption endpoint;

        ListAll(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<Json> functions = endpoint.client(terminal).get("/_sluice/functions").list("functions");
            if (functions.isEmpty()) {
                terminal.out().println("No functions. Add one with: sluice functions add NAME --jar FILE --handler CLASS");
                return 0;
            }
            Table table = new Table("NAME", "REGION", "ACCOUNT", "RUNTIME", "TIMEOUT", "RESERVED", "VERSIONS", "ALIASES", "HANDLER",
                    "CODE");
            for (Json function : functions) {
                table.row(function.text("name").orElse("-"), function.text("region").orElse("any"),
                        function.text("accountId").orElse("any"), runtime(function),
                        timeout(function),
                        function.number("reservedConcurrency").map(String::valueOf).orElse("-"),
                        String.valueOf(function.list("versions").size()), aliases(function),
                        function.text("handler").orElse("-"), code(function));
            }
            table.print(terminal.out());
            return 0;
        }

        private static String runtime(Json function) {
            String runtime = function.text("runtime").or(() -> function.text("imageUri").map(uri -> "image")).orElse("-");
            if (!function.flag("runsHere")) {
                return runtime + " (can't run here)";
            }
            Optional<String> port = function.number("debugPort").map(number -> "process, debug port " + number);
            // Of functions in the working tree nobody says the runtime; those that may run in a process are Java.
            // And why, when it is in a process although nobody said so.
            Optional<String> moved = function.text("runsInBecause").filter(because -> function.text("runsIn").filter("process"::equals).isPresent())
                    .map(because -> "process: " + because);
            return port.or(() -> moved).or(() -> function.text("isolation")).map(where -> (runtime.equals("-") ? "java" : runtime) + " (" + where + ")")
                    .orElse(runtime);
        }

        private static String timeout(Json function) {
            boolean off = function.flag("debug") || function.flag("attach") || function.number("debugPort").isPresent();
            return off ? "off" : function.number("timeoutSeconds").map(seconds -> seconds + " s").orElse("-");
        }

        private static String aliases(Json function) {
            String aliases = function.member("aliases").texts().entrySet().stream()
                    .map(alias -> alias.getKey() + "=" + alias.getValue()).collect(Collectors.joining(","));
            return aliases.isEmpty() ? "-" : aliases;
        }

        private static String code(Json function) {
            if (function.flag("attach")) {
                return "attach" + function.text("runtimeApi").map(address -> " to " + address).orElse("");
            }
            if (!function.list("command").isEmpty()) {
                return function.list("command").stream().map(word -> quoted(String.valueOf(word.value()))).collect(Collectors.joining(" "))
                        + function.text("workingDirectory").map(directory -> " in " + directory).orElse("");
            }
            String classPath = function.list("classpath").stream().map(entry -> String.valueOf(entry.value()))
                    .collect(Collectors.joining(File.pathSeparator));
            if (!classPath.isEmpty()) {
                return classPath;
            }
            return function.text("jar").or(() -> function.text("directory")).or(() -> function.text("url")).or(() -> function.text("invokeUrl"))
                    .or(() -> function.text("imageUri")).orElse("uploaded");
        }

        private static String quoted(String word) {
            return word.isEmpty() || word.chars().anyMatch(Character::isWhitespace) ? "'" + word + "'" : word;
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Removes a function that was added here.")
    static final class Remove implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private EndpointOption endpoint;

        @Parameters(paramLabel = "NAME", description = "the function's name")
        private String name;

        Remove(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            endpoint.client(terminal).send("DELETE", path(name), null);
            terminal.out().println("Function " + name + " is removed.");
            return 0;
        }
    }
}
