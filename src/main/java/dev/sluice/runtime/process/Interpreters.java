package dev.sluice.runtime.process;

import dev.sluice.function.NotRunnableException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which program on this machine runs the code of a runtime? The one that is configured, else the first on the path. Thread-safe. */
final class Interpreters {

    private static final Logger LOG = LoggerFactory.getLogger(Interpreters.class);
    private static final Pattern PYTHON = Pattern.compile("python(\\d+)\\.\\d+");
    /** A version manager's program on a busy machine takes most of a second. */
    private static final int PATIENCE_SECONDS = 10;
    private static final Pattern NODE = Pattern.compile("nodejs(\\d+)\\.x");

    private final Map<String, Path> configured;
    private final List<Path> path;
    /** What programs have said of themselves; empty for those that can't run. */
    private final Map<Path, Optional<Found>> asked = new ConcurrentHashMap<>();
    /** For which runtimes it was said that another version runs them. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** @param version as runtimes name it: {@code 3.12}, {@code 22}; empty when it didn't say */
    record Found(Path program, String version) {
    }

    /** @param path directories, separated as in PATH */
    Interpreters(Map<String, Path> configured, String path) {
        this.configured = configured;
        this.path = Stream.of(path.split(Pattern.quote(File.pathSeparator))).filter(entry -> !entry.isBlank())
                .flatMap(entry -> directory(entry).stream()).toList();
    }

    /** Empty for what can't be one, which is everybody's else to complain of: on Windows, entries come in quotes, too. */
    private static Optional<Path> directory(String entry) {
        try {
            return Optional.of(Path.of(entry.replace("\"", "")));
        } catch (InvalidPathException e) {
            LOG.debug("PATH has an entry that is no directory: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** @param runtime such as {@code python3.12} or {@code nodejs22.x} */
    Found find(String runtime) throws NotRunnableException {
        Path given = configured.get(runtime);
        if (given != null) {
            if (!Files.isExecutable(given)) {
                throw new NotRunnableException("runtimes." + runtime + " is " + given + ", which "
                        + (Files.exists(given) ? "can't be executed" : "doesn't exist"));
            }
            return new Found(given, asked(given).map(Found::version).orElse(""));
        }
        List<String> names = names(runtime);
        for (String name : names) {
            Optional<Found> found = path.stream().map(directory -> directory.resolve(name)).filter(Files::isRegularFile)
                    .filter(Files::isExecutable).flatMap(program -> asked(program).stream()).findFirst();
            if (found.isPresent()) {
                Path program = found.get().program();
                boolean other = !name.equals(names.get(0)) && !version(runtime).equals(found.get().version());
                if (other && told.add(runtime)) {
                    LOG.warn(
                            "No {} that runs was found on the path; {} (version {}) runs functions of the runtime {} instead. runtimes.{} in"
                                    + " sluice.yaml names another one",
                            names.get(0), program, found.get().version(), runtime, runtime);
                }
                return found.get();
            }
        }
        asked.clear();
        throw new NotRunnableException(
                "the runtime " + runtime + " needs " + String.join(" or ", names) + ", and there is none that runs in "
                        + path.stream().map(Path::toString).collect(java.util.stream.Collectors.joining(File.pathSeparator))
                        + "; install it, or name it as runtimes." + runtime + " in sluice.yaml");
    }

    /** Whoever asks the same at the same time asks twice, rather than wait for the other. */
    private Optional<Found> asked(Path program) {
        Optional<Found> known = asked.get(program);
        if (known == null) {
            known = ask(program);
            asked.put(program, known);
        }
        return known;
    }

    /**
     * Where the interpreter itself is: version managers put programs on the path that only choose one, by variables and directories that
     * a function's process hasn't, and fail for a version that isn't chosen. Empty for one that fails.
     */
    private static Optional<Found> ask(Path program) {
        boolean node = program.getFileName().toString().startsWith("node");
        try {
            ProcessBuilder question = new ProcessBuilder(program.toString(), node ? "-p" : "-c",
                    node ? "process.execPath + '\\n' + process.versions.node.split('.')[0]"
                            : "import sys; print(sys.executable, '%d.%d' % sys.version_info[:2], sep='\\n')")
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            // What a function doesn't get of the server's own.
            question.environment().keySet().removeAll(List.of("NODE_OPTIONS", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP"));
            return answered(program, question.start());
        } catch (IOException e) {
            LOG.debug("{} can't be run: {}", program, e.getMessage());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + program + " was asked for its place", e);
        }
    }

    private static Optional<Found> answered(Path program, Process asked) throws IOException, InterruptedException {
        try {
            if (!asked.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || asked.exitValue() != 0) {
                return Optional.empty();
            }
            List<String> answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                    .map(String::strip).toList();
            boolean said = answer.size() == 2 && Files.isExecutable(Path.of(answer.get(0)));
            return Optional.of(said ? new Found(Path.of(answer.get(0)), answer.get(1)) : new Found(program, ""));
        } finally {
            asked.destroyForcibly();
        }
    }

    private static String version(String runtime) {
        Matcher node = NODE.matcher(runtime);
        return node.matches() ? node.group(1) : runtime.substring("python".length());
    }

    /** The programs that can run it, the best first. */
    private static List<String> names(String runtime) {
        List<String> names = new ArrayList<>();
        Matcher python = PYTHON.matcher(runtime);
        Matcher node = NODE.matcher(runtime);
        if (python.matches()) {
            names.add(runtime);
            names.add("python" + python.group(1));
        } else if (node.matches()) {
            // Node's own name has no version; those that can be installed side by side do.
            names.add("node" + node.group(1));
            names.add("node");
        } else {
            throw new IllegalArgumentException("no program is known for " + runtime);
        }
        return File.separatorChar == '\\' ? names.stream().flatMap(name -> Stream.of(name + ".exe", name)).toList() : names;
    }
}
