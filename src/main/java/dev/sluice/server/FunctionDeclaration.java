package dev.sluice.server;

import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.Isolation;
import dev.sluice.function.LocalOptions;
import dev.sluice.function.RegistrationRules;
import dev.sluice.function.RuntimeName;
import dev.sluice.runtime.code.PlatformEncoding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads what the file says of its functions, one after the other. Confined to one thread. */
final class FunctionDeclaration {

    private final Path directory;
    /** Which function has them. */
    private final Map<Integer, String> debugPorts = new HashMap<>();

    /** @param directory where relative paths start */
    FunctionDeclaration(Path directory) {
        this.directory = directory;
    }

    Optional<ServerConfig.DeclaredFunction> read(String name, ConfigSection section) {
        if (!name.matches("[a-zA-Z0-9-_]{1,64}")) {
            section.problem(null, "is no function name; allowed are 1 to 64 letters, digits, - and _");
        }
        Optional<RuntimeName> runtime = section.read("runtime", ValueReader::runtime);
        boolean attach = section.read("attach", ValueReader::trueOrFalse).orElse(true);
        Predicate<String> given = member -> section.has(member) && (attach || !member.equals("attach"));
        Optional<FunctionCode> code = code(section, given, runtime);
        Optional<String> handler = section.read("handler", ValueReader::text);
        Map<String, String> unfit = RegistrationRules.problems(given, runtime);
        unfit.forEach(section::problem);
        int timeout = section.read("timeoutSeconds", ValueReader.wholeNumber(1, 900))
                .orElse((int) FunctionSettings.DEFAULT_TIMEOUT.toSeconds());
        int memoryMb = section.read("memoryMb", ValueReader.wholeNumber(128, 10_240)).orElse(FunctionSettings.DEFAULT_MEMORY_MB);
        var environment = section.pairs("environment");
        RegistrationRules.environmentProblem(environment).ifPresent(problem -> section.problem("environment", problem));
        LocalOptions local = local(name, section, !unfit.containsKey("isolation") && !unfit.containsKey("debugPort"));
        section.rejectOtherKeys();
        return code.map(
                where -> new ServerConfig.DeclaredFunction(name, where, new FunctionSettings(runtime.map(RuntimeName::text).orElse(null),
                        handler.orElse(null), null, "", Duration.ofSeconds(timeout), memoryMb, environment).with(local)));
    }

    private LocalOptions local(String name, ConfigSection section, boolean java) {
        boolean debug = section.read("debug", ValueReader::trueOrFalse).orElse(false);
        Isolation isolation = section.read("isolation", ValueReader::isolation).orElse(null);
        Integer debugPort = section.read("debugPort", ValueReader.wholeNumber(1, 65_535)).orElse(null);
        if (!java) {
            return new LocalOptions(null, debug, null);
        }
        if (isolation == Isolation.JVM && section.has("debugPort")) {
            section.problem("debugPort", "goes with isolation: process, and isolation is jvm; a debugger of the server's own JVM needs"
                    + " no debugPort");
            return new LocalOptions(isolation, debug, null);
        }
        String other = debugPort == null ? null : debugPorts.putIfAbsent(debugPort, name);
        if (other != null) {
            section.problem("debugPort", "is " + debugPort + ", as that of functions." + other + "; allowed is a port that no other"
                    + " function has");
        }
        return new LocalOptions(isolation, debug, debugPort);
    }

    private Optional<FunctionCode> code(ConfigSection section, Predicate<String> given, Optional<RuntimeName> runtime) {
        Optional<FunctionCode> jar = section.read("jar", ValueReader.path(directory)).map(FunctionCode.LocalJar::new);
        Optional<List<ClassPathEntry>> entries = section.values("classpath", this::classPathEntry);
        if (entries.filter(List::isEmpty).isPresent()) {
            section.problem("classpath", "has no entry that can be used; at least one is needed");
        }
        Optional<FunctionCode> classPath = entries.filter(list -> !list.isEmpty()).map(FunctionCode.LocalTree::new);
        Optional<FunctionCode> laidOut = section.read("directory", ValueReader.path(directory))
                .map(path -> RegistrationRules.directory(path, runtime));
        Optional<FunctionCode> command = command(section);
        Optional<FunctionCode> attached = Optional.of(new FunctionCode.Attached()).filter(code -> given.test("attach")).map(code -> code);
        Optional<FunctionCode> url = section.read("url", ValueReader::url).map(to -> new FunctionCode.HttpEndpoint(to, false));
        Optional<FunctionCode> invokeUrl =
                section.read("invokeUrl", ValueReader::url).map(to -> new FunctionCode.HttpEndpoint(to, true));
        long codes = RegistrationRules.CODE.stream().filter(given).count();
        if (codes != 1) {
            String all = String.join(", ", RegistrationRules.CODE);
            section.problem(null, codes == 0 ? "has no code; one of " + all + " is needed"
                    : "has more than one of " + all + "; exactly one is needed");
        }
        return Stream.of(jar, classPath, laidOut, command, attached, url, invokeUrl).flatMap(Optional::stream).findFirst();
    }

    private Optional<FunctionCode> command(ConfigSection section) {
        Path workingDirectory = section.read("workingDirectory", ValueReader.path(directory)).orElse(directory);
        Optional<List<String>> command = section.list("command", RegistrationRules.COMMAND);
        Optional<String> problem = command.flatMap(RegistrationRules::commandProblem);
        problem.ifPresent(what -> section.problem("command", what));
        return problem.isPresent() ? Optional.empty() : command.map(words -> new FunctionCode.LocalDirectory(workingDirectory, words));
    }

    private ClassPathEntry classPathEntry(String text) throws BadValueException {
        return ClassPathEntry.parse(directory, text).orElseThrow(() -> new BadValueException(text,
                ClassPathEntry.ALLOWED + PlatformEncoding.obstacle(text).map(obstacle -> ". " + obstacle).orElse("")));
    }
}
