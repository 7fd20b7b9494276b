package dev.sluice.runtime.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/** The port that each function had last, in a file. Confined to whoever has a lock around it. */
final class RememberedPorts {

    private final Path file;

    RememberedPorts(Path file) {
        this.file = file;
    }

    /** 0 for none; what isn't a port was written by somebody else, and is none. */
    int of(String function) throws IOException {
        String port = all().getProperty(function, "");
        if (!port.matches("\\d{1,5}")) {
            return 0;
        }
        int number = Integer.parseInt(port);
        return number <= 65_535 ? number : 0;
    }

    void remember(String function, int port) throws IOException {
        Properties all = all();
        all.setProperty(function, String.valueOf(port));
        Path written = file.resolveSibling(file.getFileName() + ".new");
        try (OutputStream out = Files.newOutputStream(written)) {
            all.store(out, "The port at which processes of a function attach themselves");
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Properties all() throws IOException {
        Properties all = new Properties();
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                all.load(in);
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " is no file of ports; delete it", e);
            }
        }
        return all;
    }
}
