package dev.sluice.testing;

import dev.sluice.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server in a process of its own: how is it started, where does it answer, and is it still there? It ends with this JVM, however that
 * ends. Thread-safe; single-use: start, {@link #end}.
 */
final class ServerProcess {

    /** For a JVM that is to start soon and not to run for long; with room for what a start leaves behind, so that nothing is collected in it. */
    static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:NewSize=192m", "-XX:-UsePerfData",
            "-Dfile.encoding=UTF-8");

    private static final Duration START_WITHIN = Duration.ofSeconds(120);
    private static final long LOOK_MILLIS = 5;
    private static final int SHOWN_OF_LOG = 4_000;

    private final Process process;
    private final RunDirectory directory;
    private final Json ready;

    private ServerProcess(Process process, RunDirectory directory, Json ready) {
        this.process = process;
        this.directory = directory;
        this.ready = ready;
    }

    /** Returns when its brokers answer. @param outlive whether it may go on when this JVM ends */
    static ServerProcess start(ServerSettings settings, boolean outlive) {
        try {
            return start(settings, outlive, CacheDirectory.find());
        } catch (IOException e) {
            throw new SluiceStartException("The Sluice server can't be started: " + e.getMessage(), e);
        }
    }

    private static ServerProcess start(ServerSettings settings, boolean outlive, Path cache) throws IOException {
        ServerProgram program = ServerProgram.find(cache);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ClassArchive archive = ClassArchive.of(program, java, cache);
        RunDirectory directory = RunDirectory.make(cache);
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(QUICK);
        command.addAll(archive.flags());
        if (Runtime.version().feature() >= 24) {
            // Kafka unmaps its index files by sun.misc.Unsafe, of which these versions warn.
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-jar", program.jar().toString(), "serve", "--port", "0", "--quiet", "--allow-reset", "--movable-clock",
                "--data-dir", directory.data().toString(), "--ready-file", directory.readyFile().toString()));
        if (settings.kafka() == null) {
            command.addAll(List.of("--embedded-kafka-port", "0"));
        } else {
            command.addAll(List.of("--kafka", settings.kafka()));
        }
        if (!outlive) {
            command.add("--exit-with-parent");
        }
        command.addAll(settings.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(directory.log().toFile()));
        builder.environment().putAll(settings.environment());
        // What a developer has set for servers of his own isn't meant for this one; nor are a debugger's or profiler's flags.
        builder.environment().keySet()
                .removeIf(name -> name.startsWith("SLUICE_") && !settings.environment().containsKey(name)
                        || name.equals("JAVA_TOOL_OPTIONS"));
        Process process = builder.start();
        process.getOutputStream().close();
        directory.belongsTo(process.toHandle());
        Json ready = awaitReady(process, directory);
        if (!archive.exists() && !"false".equals(System.getProperty("sluice.archive"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(archive::makeInBackground, "sluice-class-archive"));
        }
        return new ServerProcess(process, directory, ready);
    }

    /** The file is written at once. The end of a process and the beginning of a file wake nobody in common, so both are looked for. */
    private static Json awaitReady(Process process, RunDirectory directory) throws IOException {
        long deadline = System.nanoTime() + START_WITHIN.toNanos();
        try {
            while (!Files.exists(directory.readyFile())) {
                if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new SluiceStartException("The Sluice server ended with status " + process.exitValue()
                            + " before it was ready. " + said(directory), null);
                }
                if (System.nanoTime() > deadline) {
                    process.destroyForcibly();
                    throw new SluiceStartException("The Sluice server's Kafka was not ready within " + START_WITHIN.toSeconds() + " s. "
                            + said(directory), null);
                }
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new SluiceStartException("Interrupted while the Sluice server started", e);
        }
        return Json.parse(Files.readString(directory.readyFile()));
    }

    private static String said(RunDirectory directory) throws IOException {
        // In whatever charset it is: an unreadable character must not hide the reason.
        String log = new String(Files.readAllBytes(directory.log()), Charset.defaultCharset()).strip();
        return "Its log is " + directory.log() + (log.isEmpty() ? ", and empty" : ", which ends with:\n"
                + log.substring(Math.max(0, log.length() - SHOWN_OF_LOG)));
    }

    URI endpoint() {
        return URI.create(ready.text("url").orElseThrow());
    }

    String bootstrapServers() {
        return ready.text("kafka").orElseThrow();
    }

    String region() {
        return ready.text("region").orElseThrow();
    }

    long pid() {
        return process.pid();
    }

    Path log() {
        return directory.log();
    }

    /** Asks it to end, and returns when it has, or after a few seconds. Its data is gone then, its log stays. Idempotent. */
    void end() {
        process.destroy();
        try {
            if (!process.waitFor(8, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                process.waitFor(2, TimeUnit.SECONDS);
            }
            directory.delete();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("The data of the Sluice server can't be removed", e);
        }
    }

    /** Asks it to end, and waits for nothing. */
    void endSoon() {
        process.destroy();
    }
}
