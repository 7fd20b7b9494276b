package dev.sluice.runtime.code;

import java.io.File;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Do the names of files, arguments and variables leave this JVM in UTF-8, as everything on Lambda is? Not in a POSIX locale (LANG unset,
 * LC_ALL=C), whatever {@code file.encoding} says, and nothing that a JVM can do to itself changes that. Stateless.
 */
public final class PlatformEncoding {

    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final String FILE_NAMES = System.getProperty("sun.jnu.encoding", "unknown");
    private static final boolean UTF_8_NAMES = WINDOWS || isUtf8(FILE_NAMES);
    /** Until Java 17 what starts processes followed file.encoding, and the names of files did not. */
    private static final boolean UTF_8_PROCESSES = WINDOWS
            || (Runtime.version().feature() < 18 ? Charset.defaultCharset().equals(StandardCharsets.UTF_8) : UTF_8_NAMES);

    private PlatformEncoding() {
    }

    /** Whether files can have any name, and arguments of this JVM arrive as they were typed. */
    public static boolean isUtf8() {
        return UTF_8_NAMES;
    }

    /** Whether a process that this JVM starts gets this argument or variable as it is, in UTF-8. */
    public static boolean handsOver(String text) {
        return UTF_8_PROCESSES || isAscii(text);
    }

    /** Why a file of this name can't be reached, and what to do about it; empty when the encoding is no obstacle. */
    public static Optional<String> obstacle(String name) {
        return UTF_8_NAMES || isAscii(name) ? Optional.empty() : Optional.of("Java can't name files beyond ASCII here, as it runs in a"
                + " locale that isn't UTF-8 (its encoding is " + FILE_NAMES + "); start it with LC_ALL=C.UTF-8");
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static boolean isUtf8(String charset) {
        return Charset.isSupported(charset) && Charset.forName(charset).equals(StandardCharsets.UTF_8);
    }
}
