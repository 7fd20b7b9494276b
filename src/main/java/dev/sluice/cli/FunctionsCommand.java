package dev.sluice.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
                .addSubcommand("add", new CommandLine(new Add(terminal)))
                .addSubcommand("list", new CommandLine(new ListAll(terminal)))
                .addSubcommand("remove", new CommandLine(new Remove(terminal)));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A subcommand is missing; allowed are add, list, remove");
    }

    private static String path(String name) {
        return "/_sluice/functions/" + ControlClient.segment(name);
    }

    /** Where the code is: exactly one of five. */
    static final class Code {
        @Option(names = "--jar", paramLabel = "FILE", required = true, description = "a handler JAR; with --handler")
        private Path jar;

        @Option(names = "--classpath", paramLabel = "ENTRIES", required = true, description = "directories, JARs and patterns such"
                + " as 'target/dependency/*.jar', separated as in Java's class path; with --handler")
        private String classPath;

        @Option(names = "--directory", paramLabel = "DIR", required = true,
                description = "a directory that is laid out as Lambda's zip: classes at the root, JARs in lib/; with --handler")
        private Path directory;

        @Option(names = "--url", paramLabel = "URL", required = true, description = "an endpoint that takes the event as a POST")
        private String url;

        @Option(names = "--invoke-url", paramLabel = "URL", required = true,
                description = "the invocations URL of a Runtime Interface Emulator or of 'sam local start-lambda'")
        private String invokeUrl;
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Adds a function, or replaces it.")
    static final class Add implements Callable<Integer> {

        private final Terminal terminal;

        @Spec
        private CommandSpec spec;

        @Mixin
        private EndpointOption endpoint;

        @Parameters(paramLabel = "NAME", description = "the function's name")
        private String name;

        @ArgGroup(exclusive = true, multiplicity = "1")
        private Code code;

        @Option(names = "--handler", description = "package.Class::method or package.Class")
        private String handler;

        @Option(names = "--timeout", paramLabel = "SECONDS", description = "1 to 900 (default: 3)")
        private Integer timeoutSeconds;

        @Option(names = "--debug", description = "its timeout doesn't apply")
        private boolean debug;

        @Option(names = "--isolation", paramLabel = "jvm|process",
                description = "where its Java code runs: in the server's JVM, or in one of its own (default: as the server says)")
        private String isolation;

        @Option(names = "--debug-port", paramLabel = "PORT", description = "its Java code runs in a JVM of its own, which waits at this port"
                + " for a debugger; its timeout doesn't apply")
        private Integer debugPort;

        @Option(names = "--memory", paramLabel = "MB", description = "128 to 10240 (default: 128)")
        private Integer memoryMb;

        @Option(names = "--env", paramLabel = "NAME=VALUE", description = "a variable of the function; may be given several times")
        private List<String> environment = new ArrayList<>();

        Add(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<String> members = new ArrayList<>();
            if (code.jar != null) {
                Path jar = terminal.workingDirectory().resolve(code.jar).normalize();
                if (!Files.isRegularFile(jar)) {
                    throw CommandFailedException.wrongUsage("--jar is '" + code.jar + "'; there is no such file");
                }
                members.add("\"jar\":" + Json.quote(jar.toString()));
            }
            if (code.classPath != null) {
                members.add("\"classpath\":[" + classPath().map(Json::quote).collect(Collectors.joining(",")) + "]");
            }
            if (code.directory != null) {
                Path directory = terminal.workingDirectory().resolve(code.directory).normalize();
                if (!Files.isDirectory(directory)) {
                    throw CommandFailedException.wrongUsage("--directory is '" + code.directory + "'; there is no such directory");
                }
                members.add("\"directory\":" + Json.quote(directory.toString()));
            }
            addText(members, "url", code.url);
            addText(members, "invokeUrl", code.invokeUrl);
            addText(members, "handler", handler);
            if (timeoutSeconds != null) {
                members.add("\"timeoutSeconds\":" + timeoutSeconds);
            }
            if (debug) {
                members.add("\"debug\":true");
            }
            addText(members, "isolation", isolation);
            if (debugPort != null) {
                members.add("\"debugPort\":" + debugPort);
            }
            if (memoryMb != null) {
                members.add("\"memoryMb\":" + memoryMb);
            }
            List<String> variables = new ArrayList<>();
            variables().forEach((variable, value) -> variables.add(Json.quote(variable) + ":" + Json.quote(value)));
            members.add("\"environment\":{" + String.join(",", variables) + "}");
            endpoint.client(terminal).send("PUT", path(name), "{" + String.join(",", members) + "}");
            terminal.out().println("Function " + name + " is registered for every account and region.");
            return 0;
        }

        /** What is wrong with an entry that is there, the server says. */
        private Stream<String> classPath() {
            return Arrays.stream(code.classPath.split(Pattern.quote(File.pathSeparator))).map(entry -> {
                int name = Math.max(entry.lastIndexOf('/'), entry.lastIndexOf(File.separatorChar)) + 1;
                boolean pattern = entry.indexOf('*', name) >= 0;
                Path path = terminal.workingDirectory().resolve(pattern ? entry.substring(0, name) : entry).normalize();
                if (entry.isBlank() || !Files.exists(path)) {
                    throw CommandFailedException.wrongUsage("--classpath has '" + entry + "'; there is no such "
                            + (pattern ? "directory" : "file or directory"));
                }
                return pattern ? path + File.separator + entry.substring(name) : path.toString();
            });
        }

        private static void addText(List<String> members, String member, String text) {
            if (text != null) {
                members.add("\"" + member + "\":" + Json.quote(text));
            }
        }

        private Map<String, String> variables() {
            Map<String, String> variables = new LinkedHashMap<>();
            for (String pair : environment) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    // Without what was written: it may be a secret whose name was forgotten.
                    throw new ParameterException(spec.commandLine(), "--env has a value without a name; allowed is NAME=VALUE");
                }
                variables.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
            return variables;
        }
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
            return port.or(() -> function.text("isolation")).map(where -> (runtime.equals("-") ? "java" : runtime) + " (" + where + ")")
                    .orElse(runtime);
        }

        private static String timeout(Json function) {
            boolean off = function.flag("debug") || function.number("debugPort").isPresent();
            return off ? "off" : function.number("timeoutSeconds").map(seconds -> seconds + " s").orElse("-");
        }

        private static String aliases(Json function) {
            String aliases = function.member("aliases").texts().entrySet().stream()
                    .map(alias -> alias.getKey() + "=" + alias.getValue()).collect(Collectors.joining(","));
            return aliases.isEmpty() ? "-" : aliases;
        }

        private static String code(Json function) {
            String classPath = function.list("classpath").stream().map(entry -> String.valueOf(entry.value()))
                    .collect(Collectors.joining(File.pathSeparator));
            if (!classPath.isEmpty()) {
                return classPath;
            }
            return function.text("jar").or(() -> function.text("directory")).or(() -> function.text("url")).or(() -> function.text("invokeUrl"))
                    .or(() -> function.text("imageUri")).orElse("uploaded");
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
