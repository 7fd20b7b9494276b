package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Registers one function for every account and region. */
@Command(name = "add", mixinStandardHelpOptions = true, description = "Adds a function, or replaces it.",
        footer = {"", "Examples:", "  sluice functions add orders --jar target/orders.jar --handler com.acme.Orders",
                "  sluice functions add orders --directory src --runtime python3.12 \\",
                "      --handler app.handler", "  sluice functions add orders --url http://localhost:8080/",
                "  sluice functions add orders --working-directory src -- node server.mjs"})
final class FunctionsAddCommand implements Callable<Integer> {

    private static final String END_OF_OPTIONS = "--";

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private EndpointOption endpoint;

    @Mixin
    private ScopeOptions scope;

    @Parameters(index = "0", paramLabel = "NAME", description = "the function's name")
    private String name;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "-- COMMAND",
            description = "a program with its arguments that asks for events at"
                    + " AWS_LAMBDA_RUNTIME_API, as in: sluice functions add NAME -- node server.mjs")
    private List<String> command = new ArrayList<>();

    @ArgGroup(exclusive = true)
    private Code code;

    @Option(names = "--working-directory", paramLabel = "DIR", description = "where COMMAND runs, and where a program with a / in its name"
            + " is looked for (default: this directory)")
    private Path workingDirectory;

    @Option(names = "--runtime", paramLabel = "RUNTIME",
            description = "what runs the code in --directory: java21, python3.12, nodejs22.x, provided.al2023 and the like (default: Java)")
    private String runtime;

    @Option(names = "--handler", paramLabel = "HANDLER",
            description = "package.Class::method or package.Class of Java code; file.function of Python and Node")
    private String handler;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "1 to 900 (default: 3)")
    private Integer timeoutSeconds;

    @Option(names = "--debug", description = "its timeout doesn't apply")
    private boolean debug;

    @Option(names = "--isolation", paramLabel = "auto|jvm|process",
            description = "where its Java code runs: in the server's JVM, or in one of its own (default: as the server says)")
    private String isolation;

    @Option(names = "--debug-port", paramLabel = "PORT", description = "its Java code runs in a JVM of its own, which waits at this port"
            + " for a debugger; its timeout doesn't apply")
    private Integer debugPort;

    @Option(names = "--memory", paramLabel = "MB", description = "128 to 10240 (default: 128)")
    private Integer memoryMb;

    @Option(names = "--env", paramLabel = "NAME=VALUE", description = "a variable of the function; may be given several times")
    private List<String> environment = new ArrayList<>();

    FunctionsAddCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Where the code is, when it isn't a command. */
    static final class Code {
        @Option(names = "--jar", paramLabel = "FILE", required = true, description = "a handler JAR; with --handler")
        private Path jar;

        @Option(names = "--classpath", paramLabel = "ENTRIES", required = true, description = "directories, JARs and patterns such"
                + " as 'target/dependency/*.jar', separated as in Java's class path; with --handler")
        private String classPath;

        @Option(names = "--directory", paramLabel = "DIR", required = true,
                description = "a directory that is laid out as Lambda's zip; of Java code classes at the root, JARs in lib/; with --handler")
        private Path directory;

        @Option(names = "--attach", required = true,
                description = "processes that you start yourself, in a debugger or a container; the server says where they ask for events")
        private boolean attach;

        @Option(names = "--url", paramLabel = "URL", required = true, description = "an endpoint that takes the event as a POST")
        private String url;

        @Option(names = "--invoke-url", paramLabel = "URL", required = true,
                description = "the invocations URL of a Runtime Interface Emulator or of 'sam local start-lambda'")
        private String invokeUrl;
    }

    @Override
    public Integer call() {
        List<String> members = new ArrayList<>();
        addCode(members);
        HandlerCheck check = new HandlerCheck(places(), runtime, handler);
        check.otherLanguage().ifPresent(file -> {
            throw CommandFailedException.wrongUsage("--directory is '" + code.directory + "', which has " + file
                    + " and neither classes nor JARs; --runtime is missing? (as in --runtime python3.12)");
        });
        addText(members, "runtime", runtime);
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
        Json added =
                endpoint.client(terminal).send("PUT", FunctionsCommand.path(name) + scope.query(), "{" + String.join(",", members) + "}");
        terminal.out().println("Function " + name + " is registered for " + scope.text() + ".");
        check.missing().ifPresent(what -> terminal.err().println("Warning: " + what + ".\nInvocations fail until it is there."));
        added.text("runtimeApi").ifPresent(address -> terminal.out()
                .println("It waits for processes that you start with AWS_LAMBDA_RUNTIME_API=" + address));
        return 0;
    }

    private void addCode(List<String> members) {
        if (!command.isEmpty() && !command.equals(afterEndOfOptions())) {
            throw wrong(
                    "NAME and nothing else is before --, and the command after it, as in: sluice functions add NAME -- node server.mjs");
        }
        if (command.isEmpty() == (code == null)) {
            throw wrong("Exactly one of --jar, --classpath, --directory, --attach, --url, --invoke-url, and a command after -- is needed");
        }
        if (code == null) {
            members.add("\"command\":" + array(command.stream()));
            members.add("\"workingDirectory\":" + Json.quote(workingDirectory == null ? terminal.workingDirectory().toString()
                    : existing("--working-directory", workingDirectory)));
            return;
        }
        if (workingDirectory != null) {
            throw wrong("--working-directory goes with a command after -- and with nothing else");
        }
        if (code.jar != null) {
            Path jar = terminal.workingDirectory().resolve(code.jar).normalize();
            if (!Files.isRegularFile(jar)) {
                throw CommandFailedException.wrongUsage("--jar is '" + code.jar + "'; there is no such file");
            }
            addText(members, "jar", jar.toString());
        }
        if (code.classPath != null) {
            members.add("\"classpath\":" + array(classPath()));
        }
        if (code.directory != null) {
            addText(members, "directory", existing("--directory", code.directory));
        }
        if (code.attach) {
            members.add("\"attach\":true");
        }
        addText(members, "url", code.url);
        addText(members, "invokeUrl", code.invokeUrl);
    }

    /** Where code of the working tree is; empty of all other. */
    private List<Path> places() {
        if (code == null || code.attach) {
            return List.of();
        }
        Path here = terminal.workingDirectory();
        return code.classPath != null ? classPath().map(Path::of).toList()
                : Stream.of(code.jar, code.directory).filter(path -> path != null).map(path -> here.resolve(path).normalize()).toList();
    }

    private List<String> afterEndOfOptions() {
        List<String> arguments = spec.commandLine().getParseResult().originalArgs();
        int end = arguments.indexOf(END_OF_OPTIONS);
        return end < 0 ? List.of() : arguments.subList(end + 1, arguments.size());
    }

    private String existing(String option, Path given) {
        Path directory = terminal.workingDirectory().resolve(given).normalize();
        if (!Files.isDirectory(directory)) {
            throw CommandFailedException.wrongUsage(option + " is '" + given + "'; there is no such directory");
        }
        return directory.toString();
    }

    /** What is wrong with an entry that is there, the server says. */
    private Stream<String> classPath() {
        return Arrays.stream(code.classPath.split(Pattern.quote(File.pathSeparator))).map(entry -> {
            int file = Math.max(entry.lastIndexOf('/'), entry.lastIndexOf(File.separatorChar)) + 1;
            boolean pattern = entry.indexOf('*', file) >= 0;
            Path path = terminal.workingDirectory().resolve(pattern ? entry.substring(0, file) : entry).normalize();
            if (entry.isBlank() || !Files.exists(path)) {
                throw CommandFailedException.wrongUsage("--classpath has '" + entry + "'; there is no such "
                        + (pattern ? "directory" : "file or directory"));
            }
            return pattern ? path + File.separator + entry.substring(file) : path.toString();
        });
    }

    private static String array(Stream<String> texts) {
        return texts.map(Json::quote).collect(Collectors.joining(",", "[", "]"));
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
                throw wrong("--env has a value without a name; allowed is NAME=VALUE");
            }
            variables.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return variables;
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
