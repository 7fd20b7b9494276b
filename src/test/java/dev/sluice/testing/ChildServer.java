package dev.sluice.testing;

import dev.sluice.cli.Main;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a JVM of its own, as the command line starts it: for what only a process shows, such as {@code kill -9}. Confined to one
 * thread.
 */
public final class ChildServer implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("Sluice ready on (http://\\S+) \\(Kafka .*\\)");

    private final Process process;
    private final URI endpoint;

    /** Starts {@code sluice serve} with a free port and these flags, and returns when the API is ready. */
    public ChildServer(Path dataDir, String... flags) throws IOException {
        this(List.of(), ProcessBuilder.Redirect.INHERIT, dataDir, flags);
    }

    /** @param jvm options of the JVM @param errors where its standard error goes */
    public ChildServer(List<String> jvm, ProcessBuilder.Redirect errors, Path dataDir, String... flags) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(jvm);
        command.addAll(
                List.of("-cp", classPath(), Main.class.getName(), "serve", "--port", "0", "--data-dir", dataDir.toString()));
        command.addAll(Arrays.asList(flags));
        process = new ProcessBuilder(command).redirectError(errors).start();
        BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        Matcher ready = READY.matcher(Objects.requireNonNullElse(line, ""));
        if (!ready.matches()) {
            process.destroyForcibly();
            throw new IOException("The server did not start: " + line);
        }
        endpoint = URI.create(ready.group(1));
    }

    public URI endpoint() {
        return endpoint;
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** As {@code kill -9}. */
    public void kill() {
        end(process.destroyForcibly());
    }

    /** SIGTERM; the exit status. */
    public int terminate() {
        process.destroy();
        end(process);
        return process.exitValue();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private static void end(Process ending) {
        try {
            if (!ending.waitFor(20, TimeUnit.SECONDS)) {
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
}
