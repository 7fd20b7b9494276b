package dev.sluice.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The built jar as a user runs it: in a directory, with an environment, in a process of its own. Immutable.
 *
 * @param environment what is set beside this process's own environment, from which what speaks to Sluice, AWS or the JVM is taken away
 */
public record SluiceJar(Path directory, Map<String, String> environment) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    public SluiceJar {
        environment = Map.copyOf(environment);
    }

    public static SluiceJar in(Path directory) {
        return new SluiceJar(directory, Map.of());
    }

    /** The same with one more variable. */
    public SluiceJar with(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new SluiceJar(directory, more);
    }

    /** Starts a command that goes on until it is ended. */
    public SluiceProcess start(String... arguments) throws IOException {
        return new SluiceProcess(process(command(arguments)));
    }

    /** {@code serve} with free ports and, unless it is among the arguments, the embedded broker. */
    public SluiceProcess serve(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("serve", "--port", "0", "--embedded-kafka-port", "0"));
        all.addAll(Arrays.asList(arguments));
        return start(all.toArray(String[]::new));
    }

    /** {@link #serve} in a JVM with further options. */
    public SluiceProcess serveWith(List<String> jvm, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(command("serve", "--port", "0", "--embedded-kafka-port", "0"));
        all.addAll(all.indexOf("-jar"), jvm);
        all.addAll(Arrays.asList(arguments));
        return new SluiceProcess(process(all));
    }

    /** Runs a command to its end. */
    public Output run(String... arguments) throws IOException {
        return output(command(arguments), "");
    }

    /** Runs a command to its end; {@code input} is its standard input. */
    public Output runWithInput(String input, String... arguments) throws IOException {
        return output(command(arguments), input);
    }

    /** Runs another program in the same directory and environment. */
    public Output runOther(String... program) throws IOException {
        return output(List.of(program), "");
    }

    /** Runs a shell script, in which {@code sluice} is the command. */
    public Output runShell(String script) throws IOException {
        String sluice = "sluice() { '" + String.join("' '", command()) + "' \"$@\"; }\n";
        return output(List.of("sh", "-c", sluice + script), "");
    }

    private Output output(List<String> command, String input) throws IOException {
        try (SluiceProcess process = new SluiceProcess(process(command))) {
            process.input(input);
            int status = process.awaitExit(PATIENCE);
            return new Output(status, process.out(), process.err());
        }
    }

    private Process process(List<String> command) throws IOException {
        return builder(command).start();
    }

    /** Another program in the same directory and environment, not started yet. */
    ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_") || name.startsWith("AWS_")
                || name.equals("JAVA_TOOL_OPTIONS") || name.equals("JDK_JAVA_OPTIONS"));
        builder.environment().putAll(environment);
        return builder;
    }

    private static List<String> command(String... arguments) {
        String jar = System.getProperty("sluice.jar");
        if (jar == null || !Files.isRegularFile(Path.of(jar))) {
            throw new IllegalStateException(
                    "the system property sluice.jar is '" + jar + "'; it must name the built jar, as in mvn verify");
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-jar", jar));
        if (Runtime.version().feature() >= 24) {
            // As scripts/sluice does it: these versions warn of what Kafka's broker calls.
            command.add(1, "--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** What a command left behind; each line ends with a line feed. */
    public record Output(int status, String out, String err) {
    }
}
