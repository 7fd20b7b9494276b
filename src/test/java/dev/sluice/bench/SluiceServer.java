package dev.sluice.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The product as a child process, and when it said that it was ready. Confined to one thread. */
final class SluiceServer implements AutoCloseable {

    private static final Pattern API_READY = Pattern.compile("Sluice ready on (\\S+) \\(Kafka (\\S+)\\)");
    private static final Pattern KAFKA_READY = Pattern.compile("Kafka ready on (\\S+)");
    private static final int PATIENCE_SECONDS = 60;
    private static final int LOG_LINES = 50;

    private final Process process;
    private final long started;
    private final CompletableFuture<Ready> api = new CompletableFuture<>();
    private final CompletableFuture<Ready> kafka = new CompletableFuture<>();

    /** A ready line: the address in it, and the nanoseconds since the process was started. */
    record Ready(String address, long nanos) {
    }

    private SluiceServer(Process process, long started) {
        this.process = process;
        this.started = started;
        Thread reader = new Thread(this::readLines, "sluice-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts {@code launcher serve …} on free ports.
     *
     * @param kafka the brokers to use, null for the embedded one
     */
    static SluiceServer start(Setting setting, List<String> launcher, Path dataDirectory, String kafka) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of("serve", "--port", "0", "--data-dir", dataDirectory.toString()));
        command.addAll(kafka == null ? List.of("--embedded-kafka-port", "0") : List.of("--kafka", kafka));
        // In the work directory, and without Sluice's variables: neither a sluice.yaml nor a setting of the user's takes part.
        ProcessBuilder builder = new ProcessBuilder(command).directory(setting.work().toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log(setting).toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        long started = System.nanoTime();
        return new SluiceServer(builder.start(), started);
    }

    /** {@code java options -jar target/sluice.jar}. */
    static List<String> byJar(Setting setting, String... options) {
        List<String> launcher = new ArrayList<>(List.of(Setting.java()));
        launcher.addAll(List.of(options));
        launcher.addAll(setting.serverOptions());
        launcher.addAll(List.of("-jar", setting.jar().toString()));
        return launcher;
    }

    /** {@code scripts/sluice}. */
    static List<String> byScript(Setting setting) {
        return List.of(setting.root().resolve("scripts" + File.separator + "sluice").toString());
    }

    Ready apiReady() {
        return await(api);
    }

    Ready kafkaReady() {
        return await(kafka);
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    long nanosSinceStart() {
        return System.nanoTime() - started;
    }

    /** Resident memory in KiB, as the operating system counts it. */
    long residentKib() throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", String.valueOf(process.pid())).start();
        try (BufferedReader answer = ps.inputReader(StandardCharsets.US_ASCII)) {
            String line = answer.readLine();
            if (line == null) {
                throw new IOException("ps knows no process " + process.pid());
            }
            return Long.parseLong(line.strip());
        }
    }

    /** As {@code kill -9}. */
    void kill() {
        end(process.destroyForcibly());
    }

    /** In good order; kills it when that takes too long. */
    @Override
    public void close() {
        process.destroy();
        end(process);
    }

    private static void end(Process ending) {
        try {
            if (!ending.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                ending.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            ending.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private Ready await(CompletableFuture<Ready> line) {
        try {
            return line.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            kill();
            throw new IllegalStateException("Sluice did not become ready", e);
        }
    }

    /** The end of what all servers have logged. */
    static String lastLogged(Setting setting) {
        try {
            List<String> lines = Files.readAllLines(log(setting));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "There is no log of Sluice: " + e;
        }
    }

    private static Path log(Setting setting) {
        return setting.work().resolve("sluice.log");
    }

    private void readLines() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                long nanos = nanosSinceStart();
                Matcher ready = API_READY.matcher(line);
                Matcher kafkaReady = KAFKA_READY.matcher(line);
                if (ready.matches()) {
                    api.complete(new Ready(ready.group(1), nanos));
                } else if (kafkaReady.matches()) {
                    kafka.complete(new Ready(kafkaReady.group(1), nanos));
                }
            }
        } catch (IOException e) {
            api.completeExceptionally(e);
        }
        IOException ended = new IOException("The process has ended");
        api.completeExceptionally(ended);
        kafka.completeExceptionally(ended);
    }
}
