package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import dev.sluice.server.ServerConfig;
import dev.sluice.server.Sluice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Says to whoever has started the server where it answers, and that Kafka does: a JSON file that is there, whole, from then on until the
 * server ends. Single-use.
 */
final class ReadyFile implements AutoCloseable {

    private final Path file;
    private final Thread thread;

    /** @throws CommandFailedException when an older one can't be removed, which would say what is no longer so */
    ReadyFile(Path file, Sluice sluice, ServerConfig config, Terminal terminal) {
        this.file = file;
        thread = new Thread(() -> {
            try {
                sluice.awaitKafka();
                write(sluice, config);
            } catch (IOException e) {
                terminal.err().println("sluice: --ready-file " + file + " can't be written: " + e);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }, "sluice-ready-file");
        thread.setDaemon(true);
    }

    static void removeOlder(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw CommandFailedException.wrongUsage("--ready-file is '" + file + "', which can't be replaced: " + e);
        }
    }

    void start() {
        thread.start();
    }

    private void write(Sluice sluice, ServerConfig config) throws IOException {
        String json =
                "{\"url\":" + Json.quote(sluice.endpoint().toString()) + ",\"kafka\":" + Json.quote(sluice.bootstrapServers()) + ",\"pid\":"
                        + ProcessHandle.current().pid() + ",\"region\":" + Json.quote(config.aws().scope().region()) + ",\"accountId\":"
                        + Json.quote(config.aws().scope().accountId()) + "}\n";
        Path beside = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(beside, json);
        // At once: who waits for the file reads it as soon as it is there.
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It goes with the directory that it is in; its pid says that nobody is there.
            return;
        }
    }
}
