package dev.sluice.store;

import static dev.sluice.fixture.Mappings.aMapping;

import dev.sluice.fixture.FunctionDefinitions;
import dev.sluice.fixture.Mappings;
import dev.sluice.mapping.EventSourceMapping;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A process of its own that uses a data directory and prints a line for everything that was acknowledged. As a class it is both
 * sides: {@link #main} in the child, the rest in the test. Closing it is {@code kill -9}.
 */
final class StoreProcess implements AutoCloseable {

    private static final String OPEN = "open";
    private static final String REFUSED = "refused: ";

    private final Process process;
    private final BufferedReader output;

    private StoreProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    static StoreProcess start(Path directory) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new StoreProcess(new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                StoreProcess.class.getName(), directory.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** The next line of the child, null when it is gone. */
    String line() throws IOException {
        return output.readLine();
    }

    void awaitOpen() throws IOException {
        String line = line();
        while (line != null && !line.equals(OPEN)) {
            line = line();
        }
        if (line == null) {
            throw new IOException("the child process ended before it had the directory open");
        }
    }

    /** The child's error message, when it was refused. */
    String refusal() throws IOException {
        for (String line = line(); line != null; line = line()) {
            if (line.startsWith(REFUSED)) {
                return line.substring(REFUSED.length());
            }
            if (line.equals(OPEN)) {
                throw new IOException("the child process was not refused");
            }
        }
        throw new IOException("the child process ended without a refusal");
    }

    long pid() {
        return process.pid();
    }

    /** kill -9; what the child wrote before can still be read. */
    void kill() {
        // By its handle: Process.destroyForcibly closes the child's output as well.
        process.toHandle().destroyForcibly();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + process.pid() + " survived kill -9");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        output.close();
    }

    /** What the child does for the {@code number}-th line it prints. */
    static EventSourceMapping mapping(int number, EventSourceMapping inserted) {
        return Mappings.like(inserted).generation(2).batchSize(number).lastProcessingResult("OK").build();
    }

    /** Opens the directory and changes things for ever; every line is printed after its change was acknowledged. */
    public static void main(String[] args) {
        try (DataDirectory directory = DataDirectory.open(Path.of(args[0]));
                SqliteStore store = SqliteStore.open(directory.databaseFile())) {
            System.out.println(OPEN);
            for (int i = 1; !System.out.checkError(); i = i % 10_000 + 1) {
                EventSourceMapping inserted = aMapping().selfManagedKafka("a:1", "b:2").topics("t" + i).build();
                store.mappings().insert(inserted);
                store.mappings().replace(inserted, mapping(i, inserted));
                store.functions().save(FunctionDefinitions.aFunction("f").description(inserted.id().toString()).build());
                System.out.println(i + " " + inserted.id());
            }
        } catch (UncheckedIOException e) {
            System.out.println(REFUSED + e.getMessage());
        }
    }
}
