package dev.sluice.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * With which arguments and variables was this process started, also where its locale has no characters for them? In a POSIX locale (LANG
 * unset, LC_ALL=C) Java reads every byte beyond ASCII as U+FFFD; Linux still has the bytes, and they are read as UTF-8. Immutable.
 *
 * @param self what the system tells of this process: {@code /proc/self}, which needn't be there
 * @param utf8 whether Java has read arguments as UTF-8
 */
record StartedWith(Path self, boolean utf8) {

    static final String WAY_OUT = "set LC_ALL=C.UTF-8, or another locale of UTF-8";

    private static final char UNREADABLE = '\uFFFD';

    static StartedWith thisProcess() {
        return new StartedWith(Path.of("/proc/self"), "UTF-8".equals(System.getProperty("sun.jnu.encoding")));
    }

    /** Whether Java has put something else in place of a character. */
    static boolean unreadable(String text) {
        return text.indexOf(UNREADABLE) >= 0;
    }

    /**
     * The arguments as they were typed.
     *
     * @throws CommandFailedException when that can't be known: nothing is written of which nobody knows what it was
     */
    String[] arguments(String... read) {
        List<byte[]> bytes = null;
        String[] typed = read.clone();
        for (int i = 0; i < read.length; i++) {
            if (!unreadable(read[i])) {
                continue;
            }
            bytes = bytes == null ? entries("cmdline") : bytes;
            // Before them are the JVM's own.
            int at = bytes.size() - read.length + i;
            if (bytes.size() <= read.length) {
                if (utf8) {
                    // The character itself, as far as can be told.
                    continue;
                }
                throw CommandFailedException
                        .wrongUsage("Argument " + (i + 1) + " has characters beyond ASCII, which Java can't read in this"
                                + " locale; " + WAY_OUT);
            }
            int number = i + 1;
            typed[i] = text(bytes.get(at)).orElseThrow(() -> CommandFailedException.wrongUsage(
                    "Argument " + number + " has bytes that are no UTF-8"));
        }
        return typed;
    }

    /** The variables; what is no UTF-8 either stays as Java has read it. */
    Map<String, String> environment(Map<String, String> read) {
        Map<String, String> all = new HashMap<>(read);
        if (read.values().stream().noneMatch(StartedWith::unreadable)) {
            return all;
        }
        for (byte[] entry : entries("environ")) {
            text(entry).ifPresent(pair -> {
                int equals = pair.indexOf('=', 1);
                String present = equals < 0 ? null : all.get(pair.substring(0, equals));
                if (present != null && unreadable(present)) {
                    all.put(pair.substring(0, equals), pair.substring(equals + 1));
                }
            });
        }
        return all;
    }

    /** None where the system doesn't tell. */
    private List<byte[]> entries(String file) {
        byte[] all;
        try {
            all = Files.readAllBytes(self.resolve(file));
        } catch (IOException notLinux) {
            return List.of();
        }
        List<byte[]> entries = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < all.length; i++) {
            if (all[i] == 0) {
                entries.add(java.util.Arrays.copyOfRange(all, start, i));
                start = i + 1;
            }
        }
        return entries;
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException otherEncoding) {
            return Optional.empty();
        }
    }
}
