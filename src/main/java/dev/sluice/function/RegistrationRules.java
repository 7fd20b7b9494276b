package dev.sluice.function;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What goes with what when somebody registers a function in {@code sluice.yaml} or in the control API, where members have the same names?
 * Stateless, thread-safe.
 */
public final class RegistrationRules {

    /** The members that say what a function's code is; one function has exactly one of them. */
    public static final List<String> CODE = List.of("jar", "classpath", "directory", "command", "attach", "url", "invokeUrl");

    /** What a command may look like, for messages. */
    public static final String COMMAND = "a list of the program and its arguments, as in [node, server.mjs]";

    private static final List<String> WITH_RUNTIME = List.of("jar", "classpath", "directory");
    private static final List<String> WITH_HANDLER = List.of("jar", "classpath", "directory", "command");

    private RegistrationRules() {
    }

    /** The code in a directory, which is Java's unless the runtime is another. @param runtime empty when none was said */
    public static FunctionCode directory(Path directory, Optional<RuntimeName> runtime) {
        return runtime.map(RuntimeName::isJava).orElse(true) ? FunctionCode.LocalTree.ofDirectory(directory)
                : new FunctionCode.LocalDirectory(directory, List.of());
    }

    /** What is wrong with a command, as the end of a sentence; empty when it can be one. */
    public static Optional<String> commandProblem(List<String> command) {
        if (command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            return Optional.of("has the character U+0000 in it, which no argument of a program can have");
        }
        return command.isEmpty() || command.get(0).isBlank() ? Optional.of("names no program; allowed is " + COMMAND) : Optional.empty();
    }

    /** What is wrong with an environment, as the end of a sentence; empty when a process can have it. */
    public static Optional<String> environmentProblem(Map<String, String> environment) {
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                return Optional.of(
                        "has the name \"" + name.replace("\0", "\\u0000") + "\"; allowed is a name without = and U+0000, as in TABLE_NAME");
            }
            if (variable.getValue().indexOf('\0') >= 0) {
                return Optional.of("has the character U+0000 in the value of " + name + ", which no variable can have");
            }
        }
        return Optional.empty();
    }

    /**
     * What is missing and what doesn't belong there: by the member, as the end of a sentence that begins with it.
     *
     * @param given whether a member was said, be it valid or not
     * @param runtime empty when none was said, or one that can't be
     */
    public static Map<String, String> problems(Predicate<String> given, Optional<RuntimeName> runtime) {
        Map<String, String> problems = new LinkedHashMap<>();
        boolean classes = given.test("jar") || given.test("classpath");
        boolean unclear = given.test("runtime") && runtime.isEmpty();
        boolean java = classes || given.test("directory") && runtime.map(RuntimeName::isJava).orElse(true);
        if (classes && runtime.isPresent() && !runtime.get().isJava()) {
            problems.put("runtime", "is " + runtime.get().text() + "; allowed with jar and classpath is one of Java as in java21, and with"
                    + " directory also others");
        }
        goesWith(WITH_RUNTIME, "runtime", given, problems);
        goesWith(List.of("command"), "workingDirectory", given, problems);
        goesWith(WITH_HANDLER, "handler", given, problems);
        if (!given.test("handler") && !unclear) {
            Optional<RuntimeName> needing = given.test("directory") ? runtime.filter(name -> !name.isJava()) : Optional.empty();
            if (needing.isPresent()) {
                needing.get().handlerExample().ifPresent(
                        example -> problems.put("handler", "is missing; " + needing.get().text() + " needs it, as in " + example));
            } else if (java) {
                problems.put("handler", "is missing; Java code needs it, as in com.example.Orders::handleRequest");
            }
        }
        Stream.of("isolation", "debugPort").filter(given).filter(member -> !java).forEach(member -> problems.put(member,
                given.test("directory") ? "goes with Java code and with nothing else, and runtime is " + runtime.orElseThrow().text()
                        : goesWith(WITH_RUNTIME)));
        return problems;
    }

    private static void goesWith(List<String> codes, String member, Predicate<String> given, Map<String, String> problems) {
        if (given.test(member) && codes.stream().noneMatch(given)) {
            problems.put(member, goesWith(codes));
        }
    }

    private static String goesWith(List<String> codes) {
        return "goes with " + String.join(", ", codes) + " and with nothing else";
    }
}
