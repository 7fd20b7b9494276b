package dev.sluice.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;

/** A running {@link SluiceJar}, or another program: what it has written, and how to end it. Closing it is {@code kill -9}. Thread-safe. */
public final class SluiceProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("Sluice ready on (http://\\S+) \\(Kafka (\\S+)\\)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final Thread outReader;
    private final Thread errReader;

    SluiceProcess(Process process) {
        this.process = process;
        outReader = reader(process.inputReader(StandardCharsets.UTF_8), out, "out");
        errReader = reader(process.errorReader(StandardCharsets.UTF_8), err, "err");
    }

    public long pid() {
        return process.pid();
    }

    public List<String> outLines() {
        return List.copyOf(out);
    }

    public String out() {
        return text(out);
    }

    public String err() {
        return text(err);
    }

    /** Returns when the API accepts requests. */
    public SluiceProcess awaitReady() {
        await("the first ready line", () -> readyLine().isPresent());
        return this;
    }

    /** Returns when the brokers answer. */
    public SluiceProcess awaitKafka() {
        await("the second ready line", () -> out.stream().anyMatch(line -> line.startsWith("Kafka ready on ")));
        return this;
    }

    /** Returns when a line of standard error is as wanted. */
    public void awaitErr(String what, Predicate<String> line) {
        await(what, () -> err.stream().anyMatch(line));
    }

    /** Returns when a line of standard output is as wanted. */
    public void awaitOut(String what, Predicate<String> line) {
        await(what, () -> out.stream().anyMatch(line));
    }

    /** Where the API answers, from the first ready line. */
    public URI endpoint() {
        return URI.create(awaitReady().readyLine().orElseThrow().group(1));
    }

    /** The brokers' addresses, from the first ready line. */
    public String bootstrapServers() {
        return awaitReady().readyLine().orElseThrow().group(2);
    }

    /** Writes all there is to read for the process, and ends its input. */
    void input(String text) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException endedBefore) {
            throw new UncheckedIOException(endedBefore);
        }
    }

    /** SIGTERM. */
    public void terminate() {
        // By its handle: Process.destroy closes the streams as well, and what is written last would be lost.
        process.toHandle().destroy();
    }

    /** Leaves the test out where this process was started with SIGINT ignored, as under nohup, and so were its children. */
    public void assumeItCatchesSigint() throws IOException {
        Path status = Path.of("/proc/" + pid() + "/status");
        if (Files.exists(status)) {
            String caught = Files.readAllLines(status).stream().filter(line -> line.startsWith("SigCgt:")).findFirst().orElseThrow();
            Assumptions.assumeTrue((Long.parseUnsignedLong(caught.substring("SigCgt:".length()).strip(), 16) & 1L << 1) != 0,
                    "this process was started with SIGINT ignored, and so were its children");
        }
    }

    /** SIGINT, as Ctrl-C sends it. */
    public void interrupt() throws IOException {
        try {
            new ProcessBuilder("kill", "-INT", String.valueOf(pid())).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The exit status, once all output is read. */
    public int awaitExit(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("The process did not end within " + within + "; " + written());
            }
            outReader.join(PATIENCE.toMillis());
            errReader.join(PATIENCE.toMillis());
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
        awaitExit(PATIENCE);
    }

    private Optional<Matcher> readyLine() {
        return out.stream().map(READY::matcher).filter(Matcher::matches).findFirst();
    }

    private void await(String what, BooleanSupplier condition) {
        try {
            Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20))
                    .until(() -> condition.getAsBoolean() || !process.isAlive() && !outReader.isAlive() && !errReader.isAlive());
        } catch (ConditionTimeoutException late) {
            throw new AssertionError("Not within " + PATIENCE + ": " + what + "; " + written(), late);
        }
        if (!condition.getAsBoolean()) {
            throw new AssertionError("The process ended before " + what + "; " + written());
        }
    }

    private String written() {
        return "it wrote\n" + out() + err();
    }

    private static Thread reader(BufferedReader from, List<String> to, String name) {
        Thread thread = new Thread(() -> {
            try (from) {
                for (String line = from.readLine(); line != null; line = from.readLine()) {
                    to.add(line);
                }
            } catch (IOException closed) {
                // The process is gone, and what it wrote is read.
            }
        }, "process-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static String text(List<String> lines) {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }
}
