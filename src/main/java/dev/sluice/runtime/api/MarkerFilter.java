package dev.sluice.runtime.api;

import dev.sluice.runtime.process.RuntimeProcesses.Output;
import java.security.SecureRandom;

/**
 * Takes the server's own markers out of what a process prints, wherever they are: at the end of a read, in the middle of a line.
 * Confined to the thread that reads.
 */
final class MarkerFilter {

    /** Shorter than what a pipe takes in one piece on any system (512), and long enough to be nobody's output. */
    private static final int LENGTH = 24;
    /** In no UTF-8 text, so that hardly ever a byte is held back; nowhere else in the marker, which makes the search simple. */
    private static final byte FIRST = (byte) 0xFE;

    private final byte[] marker;
    private final Output output;
    /** How many bytes of a marker ended the last read. */
    private int held;

    MarkerFilter(byte[] marker, Output output) {
        this.marker = marker;
        this.output = output;
    }

    /** A marker for one process. */
    static byte[] newMarker(SecureRandom random) {
        byte[] marker = new byte[LENGTH];
        random.nextBytes(marker);
        for (int i = 1; i < LENGTH; i++) {
            marker[i] &= 0x7F;
        }
        marker[0] = FIRST;
        return marker;
    }

    /** Hands on what is no marker; how many there were. */
    int accept(byte[] bytes, int count) {
        int seen = 0;
        int from = 0;
        int matched = held;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == marker[matched]) {
                matched++;
                if (matched == marker.length) {
                    if (held == 0) {
                        emit(bytes, from, i + 1 - marker.length);
                    }
                    held = 0;
                    matched = 0;
                    from = i + 1;
                    seen++;
                }
            } else {
                end();
                matched = bytes[i] == FIRST ? 1 : 0;
            }
        }
        if (held == 0) {
            emit(bytes, from, count - matched);
        }
        held = matched;
        return seen;
    }

    /** Hands on what was held back: it was no marker. */
    void end() {
        emit(marker, 0, held);
        held = 0;
    }

    private void emit(byte[] bytes, int from, int to) {
        if (to > from) {
            output.write(bytes, from, to - from);
        }
    }
}
