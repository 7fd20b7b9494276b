package dev.sluice.chaos;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program in a JVM of its own that can be killed and started again; it says on a line of its output when it serves. Thread-safe. */
final class ChildJvm implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final String ready;
    private final Path directory;
    private volatile Process process; // written under the lock of this
    private CompletableFuture<Void> serving; // guarded by this

    /**
     * @param arguments of {@code java}
     * @param ready how the line begins that says that it serves
     * @param directory where it runs and where its log {@code NAME.log} is
     */
    ChildJvm(String name, List<String> arguments, Map<String, String> environment, String ready, Path directory) {
        this.name = name;
        this.command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        this.command.addAll(arguments);
        this.environment = Map.copyOf(environment);
        this.ready = ready;
        this.directory = directory;
    }

    /** Starts it, without waiting until it serves. */
    synchronized ChildJvm start() throws IOException {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("The " + name + " runs already");
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
        // In the work directory and without Sluice's variables: neither a sluice.yaml nor a setting of the user's takes part.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("SLUICE_"));
        builder.environment().putAll(environment);
        process = builder.start();
        serving = new CompletableFuture<>();
        Process started = process;
        CompletableFuture<Void> told = serving;
        Thread reader = new Thread(() -> read(started, told), name + "-output");
        reader.setDaemon(true);
        reader.start();
        return this;
    }

    /** Returns when it serves. */
    void awaitServing() throws IOException {
        CompletableFuture<Void> wanted;
        synchronized (this) {
            wanted = serving;
        }
        try {
            wanted.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (Exception e) {
            throw new IOException("The " + name + " does not serve; its log is " + log(), e);
        }
    }

    synchronized boolean alive() {
        return process != null && process.isAlive();
    }

    /** SIGSTOP, or SIGCONT: it doesn't run, but its sockets are there. */
    synchronized void freeze(boolean on) throws IOException {
        try {
            new ProcessBuilder("kill", on ? "-STOP" : "-CONT", String.valueOf(process.pid())).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As {@code kill -9}; returns when it is gone. */
    synchronized void kill() {
        end(process.destroyForcibly());
    }

    /** SIGTERM; the exit status, or -1 when it did not end in time and was killed. */
    synchronized int terminate() {
        process.toHandle().destroy();
        return end(process) ? process.exitValue() : -1;
    }

    /** Kills it without waiting for anything: the harness itself is being ended. */
    void abandon() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    Path log() {
        return directory.resolve(name + ".log");
    }

    @Override
    public synchronized void close() {
        if (process != null) {
            kill();
        }
    }

    private static boolean end(Process ending) {
        try {
            boolean ended = ending.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                ending.destroyForcibly().waitFor();
            }
            return ended;
        } catch (InterruptedException e) {
            ending.destroyForcibly();
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void read(Process from, CompletableFuture<Void> told) {
        try (BufferedReader output = from.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(ready)) {
                    told.complete(null);
                }
            }
            told.completeExceptionally(new IOException("The " + name + " has ended"));
        } catch (IOException e) {
            told.completeExceptionally(e);
        }
    }

    /** The class path of the tests, for programs that are here. */
    static List<String> mainClass(String heap, Class<?> main, String... args) {
        List<String> arguments = new ArrayList<>(List.of("-Xmx" + heap, "-cp",
                System.getProperty("java.class.path").replace('\n', File.pathSeparatorChar), main.getName()));
        arguments.addAll(List.of(args));
        return arguments;
    }
}
