package dev.sluice.runtime.api;

import dev.sluice.runtime.process.RuntimeProcesses.Output;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * Hands on what a process prints, on a thread of its own, and tells when everything printed so far has been. For that the server
 * writes a marker into the very same pipe: what comes out before it was printed before. Where the pipe can't be opened for that
 * (anywhere but on Linux) it waits until nothing comes any more for a moment. Thread-safe; single-use.
 */
final class ProcessOutput {

    private static final int BUFFER = 16 * 1024;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Without markers: how long nothing must come, and how long that is waited for. */
    private static final Duration QUIET = Duration.ofMillis(5);
    private static final Duration MOST_UNREST = Duration.ofMillis(50);
    /** How long the rest may take when the process has ended. */
    private static final Duration END_PATIENCE = Duration.ofMillis(500);
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final Optional<OutputPipe> pipe;
    private final InputStream source;
    private final byte[] marker = MarkerFilter.newMarker(RANDOM);
    private final MarkerFilter filter;
    private final Thread reader;
    private long asked;
    private long seen;
    private long lastRead = System.nanoTime();
    private boolean ended;
    private boolean finishing;

    ProcessOutput(Process process, Output output, String name) throws IOException {
        this(process, OutputPipe.of(process), output, name);
    }

    /** @param pipe empty to do without markers */
    ProcessOutput(Process process, Optional<OutputPipe> pipe, Output output, String name) {
        this.pipe = pipe;
        this.source = pipe.map(OutputPipe::source).orElseGet(process::getInputStream);
        this.filter = new MarkerFilter(marker, output);
        this.reader = new Thread(this::read, "output of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Returns when everything that was printed before has been handed on. */
    void settle() {
        settle(FOR_EVER);
    }

    /** The process has ended: hands on what is left, and lets the pipe go even if a descendant keeps it open. */
    void finish() {
        settle(END_PATIENCE);
        synchronized (this) {
            finishing = true;
            if (pipe.isEmpty()) {
                Uninterrupted.await(this, END_PATIENCE, () -> ended);
                return;
            }
        }
        try {
            pipe.get().close();
        } catch (IOException e) {
            throw new UncheckedIOException("can't close " + reader.getName(), e);
        }
        synchronized (this) {
            Uninterrupted.await(this, END_PATIENCE, () -> ended);
        }
    }

    private void settle(Duration patience) {
        if (pipe.isEmpty()) {
            awaitQuiet();
            return;
        }
        long own;
        synchronized (this) {
            if (ended || finishing) {
                return;
            }
            asked++;
            own = asked;
        }
        try {
            pipe.get().sink().write(marker);
        } catch (IOException e) {
            synchronized (this) {
                if (!ended && !finishing) {
                    throw new UncheckedIOException("can't write to the " + reader.getName(), e);
                }
            }
        }
        synchronized (this) {
            Uninterrupted.await(this, patience, () -> ended || seen >= own);
        }
    }

    private synchronized void awaitQuiet() {
        long start = System.nanoTime();
        while (!ended && System.nanoTime() - start < MOST_UNREST.toNanos()) {
            long quiet = System.nanoTime() - Math.max(lastRead, start);
            if (quiet >= QUIET.toNanos()) {
                return;
            }
            Uninterrupted.await(this, QUIET.minusNanos(quiet), () -> ended);
        }
    }

    private void read() {
        byte[] buffer = new byte[BUFFER];
        // Closed in any case: a process must not wait for a reader that there isn't.
        try (InputStream in = source) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                int markers = filter.accept(buffer, count);
                synchronized (this) {
                    lastRead = System.nanoTime();
                    seen += markers;
                    if (markers > 0) {
                        notifyAll();
                    }
                }
            }
        } catch (ClosedChannelException e) {
            // The process has ended, and somebody else keeps the pipe open.
        } catch (IOException e) {
            throw new UncheckedIOException("can't read the " + reader.getName(), e);
        } finally {
            end();
        }
    }

    private void end() {
        try {
            filter.end();
        } finally {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }
    }
}
