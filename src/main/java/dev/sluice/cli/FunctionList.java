package dev.sluice.cli;

import dev.sluice.cli.screen.Facts;
import dev.sluice.cli.screen.Screen;
import dev.sluice.cli.screen.Table;
import dev.sluice.json.Json;
import java.io.File;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How are functions shown: all in a table, or one with all that the server tells of it? Stateless. */
final class FunctionList {

    private FunctionList() {
    }

    static void print(List<Json> functions, PrintStream out, Screen screen) {
        if (functions.isEmpty()) {
            out.println("No functions. Add one with: sluice functions add NAME --jar FILE --handler CLASS");
            return;
        }
        Table table = new Table("NAME", "REGION", "ACCOUNT", "RUNTIME", "TIMEOUT", "RESERVED", "VERSIONS", "ALIASES", "HANDLER", "CODE")
                .spare(7, 6, 5, 2, 1);
        for (Json function : functions) {
            table.row(function.text("name").orElse("-"), function.text("region").orElse("any"), function.text("accountId").orElse("any"),
                    runtime(function), timeout(function), function.number("reservedConcurrency").map(String::valueOf).orElse("-"),
                    String.valueOf(function.list("versions").size()), aliases(function), function.text("handler").orElse("-"),
                    code(function));
        }
        table.print(out, screen);
    }

    static void show(Json function, PrintStream out, Screen screen) {
        Facts facts = new Facts();
        facts.add("Name", function.text("name").orElse("-"));
        facts.add("Account", function.text("accountId").orElse("any"));
        facts.add("Region", function.text("region").orElse("any"));
        facts.add("Code", code(function));
        facts.add("Runtime", runtime(function));
        facts.add("Handler", function.text("handler").orElse("-"));
        facts.add("Timeout", timeout(function));
        function.number("memoryMb").ifPresent(megabytes -> facts.add("Memory", megabytes + " MB"));
        function.number("reservedConcurrency").ifPresent(reserved -> facts.add("Reserved", String.valueOf(reserved)));
        // The names alone: values may be secrets.
        List<Json> variables = function.list("environmentNames");
        if (!variables.isEmpty()) {
            facts.add("Variables", variables.stream().map(variable -> String.valueOf(variable.value())).collect(Collectors.joining(", ")));
        }
        facts.add("Versions", String.valueOf(function.list("versions").size()));
        facts.add("Aliases", aliases(function));
        function.text("lastModified").ifPresent(time -> facts.add("Modified", time));
        facts.print(out, screen);
    }

    private static String runtime(Json function) {
        String runtime = function.text("runtime").or(() -> function.text("imageUri").map(uri -> "image")).orElse("-");
        if (!function.flag("runsHere")) {
            return runtime + " (can't run here)";
        }
        Optional<String> port = function.number("debugPort").map(number -> "process, debug port " + number);
        // Of functions in the working tree nobody says the runtime; those that may run in a process are Java.
        // And why, when it is in a process although nobody said so.
        Optional<String> moved =
                function.text("runsInBecause").filter(because -> function.text("runsIn").filter("process"::equals).isPresent())
                        .map(because -> "process: " + because);
        return port.or(() -> moved).or(() -> function.text("isolation"))
                .map(where -> (runtime.equals("-") ? "java" : runtime) + " (" + where + ")")
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
