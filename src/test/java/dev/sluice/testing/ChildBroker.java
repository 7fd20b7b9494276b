package dev.sluice.testing;

import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.embedded.EmbeddedKafkaConfiguration;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A broker in a JVM of its own, on one port and one data directory for good, that can be stopped or killed and started again. Confined to
 * one thread.
 */
public final class ChildBroker implements AutoCloseable {
    private static final String READY = "ready on ";
    private static final int STOP_SECONDS = 15;

    private final Path directory;
    private final int port;
    private final List<String> jvmOptions;
    private Process process;

    /** Started by {@link #start()}; {@code jvmOptions} such as {@code -Xmx1g}. */
    public ChildBroker(Path directory, int port, String... jvmOptions) {
        this.directory = directory;
        this.port = port;
        this.jvmOptions = List.of(jvmOptions);
    }

    /** On a port that is free now. */
    public static ChildBroker onFreePort(Path directory, String... jvmOptions) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return new ChildBroker(directory, socket.getLocalPort(), jvmOptions);
        }
    }

    public String bootstrapServers() {
        return "localhost:" + port;
    }

    /** Returns when the broker serves its clients. */
    public ChildBroker start() throws IOException {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("The broker is running");
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(jvmOptions);
        command.addAll(Arrays.asList("-cp", classPath(), ChildBroker.class.getName(), directory.toString(), String.valueOf(port)));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null || !line.startsWith(READY)) {
            kill();
            throw new IOException("The broker did not start: " + line);
        }
        return this;
    }

    /** As {@code kill -9}. */
    public void kill() {
        end(process.destroyForcibly());
    }

    /** In good order. */
    public void stop() {
        process.destroy();
        end(process);
    }

    /** Kills it when it runs. */
    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }

    private static void end(Process ending) {
        try {
            if (!ending.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                ending.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            ending.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Surefire may hand the class path to this JVM by a manifest; then it says the real one in a property. */
    private static String classPath() {
        return Objects.requireNonNullElse(System.getProperty("surefire.test.class.path"), System.getProperty("java.class.path"))
                .replace('\n', File.pathSeparatorChar);
    }

    /** Runs until it is ended, or until the JVM that started it is gone and its standard input with it. */
    public static void main(String[] args) throws Exception {
        EmbeddedKafka broker = EmbeddedKafka.open(
                EmbeddedKafkaConfiguration.onLocalhost(Path.of(args[0]), Integer.parseInt(args[1])));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "child-broker-close"));
        broker.start().get();
        System.out.println(READY + broker.bootstrapServers());
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }
}
