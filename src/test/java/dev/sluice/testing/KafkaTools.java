package dev.sluice.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The programs of a released version of Kafka, each in a JVM of its own. Immutable. */
public final class KafkaTools {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String version;
    private final Path jars;

    /** @param version such as 3.9.1; fetched when it isn't there yet */
    public KafkaTools(String version) throws IOException {
        this.version = version;
        this.jars = Path.of(run(List.of("bash", "scripts/broker-jars", version), "", Duration.ofMinutes(5)).strip());
    }

    /** Writes these by the console producer. @param settings a properties file of what the listener wants; null for nothing */
    public void produce(String bootstrapServers, Path settings, String topic, List<String> values) {
        boolean ofTheTools = Integer.parseInt(version.substring(0, version.indexOf('.'))) >= 4;
        List<String> arguments = new ArrayList<>(
                List.of(version.matches("2\\.[0-4]\\..*") ? "--broker-list" : "--bootstrap-server", bootstrapServers, "--topic", topic));
        if (settings != null) {
            arguments.addAll(List.of("--producer.config", settings.toString()));
        }
        run(ofTheTools ? "org.apache.kafka.tools.ConsoleProducer" : "kafka.tools.ConsoleProducer", String.join("\n", values) + "\n",
                arguments.toArray(String[]::new));
    }

    /** What the program says; it must end well, and soon. */
    String run(String main, String input, String... arguments) {
        try {
            return run(command(List.of(), main, arguments), input, PATIENCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> command(List<String> options, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx384m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", jars + File.separator + "*", main));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private static String run(List<String> command, String input, Duration patience) throws IOException {
        Path errors = Files.createTempFile("kafka-tools", ".log");
        Path output = Files.createTempFile("kafka-tools", ".out");
        Path given = Files.writeString(Files.createTempFile("kafka-tools", ".in"), input, StandardCharsets.UTF_8);
        try {
            Process process = new ProcessBuilder(command).redirectInput(given.toFile()).redirectOutput(output.toFile())
                    .redirectError(errors.toFile()).start();
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " did not end: " + Files.readString(errors));
            }
            if (process.exitValue() != 0) {
                throw new IOException(command + ": " + Files.readString(errors) + Files.readString(output));
            }
            return Files.readString(output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            Files.delete(errors);
            Files.delete(output);
            Files.delete(given);
        }
    }
}
