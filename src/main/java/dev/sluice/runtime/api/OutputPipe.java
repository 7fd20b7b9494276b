package dev.sluice.runtime.api;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Both ends of the pipe that a process prints into, opened a second time over /proc. The JDK's own reading end can't be closed
 * while somebody reads it, which would tie a thread for as long as any descendant keeps the pipe open; the writing end it doesn't
 * have.
 *
 * @param source ends when it is closed by another thread, in the middle of a read
 * @param sink for the server's own markers
 */
record OutputPipe(InputStream source, OutputStream sink) implements Closeable {

    /** Empty on other systems than Linux, for another user's process, and when it has ended or sent its output elsewhere. */
    static Optional<OutputPipe> of(Process process) throws IOException {
        Optional<String> pipe = ProcessTable.output(process.pid()).filter(target -> target.startsWith("pipe:"));
        if (pipe.isEmpty() || !ProcessTable.isOurs(pipe.get())) {
            return Optional.empty();
        }
        FileChannel source = null;
        FileOutputStream sink = null;
        boolean taken = false;
        try {
            source = FileChannel.open(ProcessTable.outputPath(process.pid()), StandardOpenOption.READ);
            // Appending, as should it be a file by now, it must not be emptied; no channel, as an interrupt would close that.
            sink = new FileOutputStream(ProcessTable.outputPath(process.pid()).toFile(), true);
            taken = ProcessTable.output(process.pid()).equals(pipe) && takeOver(process);
        } catch (FileSystemException | FileNotFoundException e) {
            // It has ended in this moment, or its output is something else in this moment that can't be opened (ENXIO was seen).
            taken = false;
        } finally {
            if (!taken) {
                close(source);
                close(sink);
            }
        }
        return taken ? Optional.of(new OutputPipe(Channels.newInputStream(source), sink)) : Optional.empty();
    }

    /** When a process ends the JDK reads what is left of its output, on this monitor: not if its end has been closed before. */
    private static boolean takeOver(Process process) throws IOException {
        InputStream ofTheJdk = process.getInputStream();
        synchronized (ofTheJdk) {
            if (!process.isAlive()) {
                return false;
            }
            ofTheJdk.close();
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
        sink.close();
    }

    private static void close(Closeable end) throws IOException {
        if (end != null) {
            end.close();
        }
    }
}
