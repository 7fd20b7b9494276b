package dev.sluice.runtime.api;

import java.io.FileInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What Linux tells in /proc; nothing on other systems. Thread-safe. */
final class ProcessTable {

    private static final Path PROC = Path.of("/proc");
    private static final String PEAK_MEMORY = "VmHWM:";
    /** Of the columns after the name: process group, session, start time. */
    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int STARTED = 19;

    private static final boolean AVAILABLE =
            link(PROC.resolve("self")).filter(own -> own.equals(Long.toString(ProcessHandle.current().pid()))).isPresent();

    private ProcessTable() {
    }

    /** @param started in ticks since the machine's start */
    record Entry(long pid, long group, long session, long started) {
    }

    /** Also false where /proc numbers the processes otherwise than this one sees them. */
    static boolean available() {
        return AVAILABLE;
    }

    /** The time of now on the clock of {@link Entry#started}, or a little before; empty where there is none. */
    static OptionalLong now() {
        // Seconds with two decimals; the ticks are hundredths on every machine that Linux runs Java on.
        return AVAILABLE ? read(PROC.resolve("uptime")).stream().mapToLong(
                text -> new BigDecimal(text.substring(0, text.indexOf(' '))).movePointRight(2).longValue()).findFirst()
                : OptionalLong.empty();
    }

    static Optional<Entry> entry(long pid) {
        return read(pid, "stat").flatMap(text -> entry(pid, text));
    }

    /** All that can be read, but for those that have ended. */
    static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                entry(Long.parseLong(process.getFileName().toString())).ifPresent(entries::add);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("can't read " + PROC, e);
        }
        return entries;
    }

    /** Whether it was started with this variable, {@code NAME=value}. */
    static boolean hasVariable(long pid, String variable) {
        return read(pid, "environ").filter(text -> ("\0" + text + "\0").contains("\0" + variable + "\0")).isPresent();
    }

    /** The most memory a process has used so far, in bytes. */
    static OptionalLong peakMemory(long pid) {
        return read(pid, "status").stream().flatMap(String::lines).filter(line -> line.startsWith(PEAK_MEMORY))
                .mapToLong(line -> Long.parseLong(line.substring(PEAK_MEMORY.length()).replace("kB", "").strip()) * 1024)
                .findFirst();
    }

    /** Where a process's output goes, such as {@code pipe:[4711]}. */
    static Optional<String> output(long pid) {
        return link(PROC.resolve(pid + "/fd/1"));
    }

    static Path outputPath(long pid) {
        return PROC.resolve(pid + "/fd/1");
    }

    /** Whether it is open in this process. */
    static boolean isOurs(String target) throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(PROC.resolve("self/fd"))) {
            for (Path descriptor : open) {
                if (link(descriptor).filter(target::equals).isPresent()) {
                    return true;
                }
            }
            return false;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Parsed from the end of the name, which may have anything in it. */
    static Optional<Entry> entry(long pid, String stat) {
        String[] columns = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        boolean ended = columns[0].equals("Z") || columns[0].equals("X");
        return ended ? Optional.empty() : Optional.of(new Entry(pid, Long.parseLong(columns[GROUP]),
                Long.parseLong(columns[SESSION]), Long.parseLong(columns[STARTED])));
    }

    private static Optional<String> link(Path path) {
        try {
            return Optional.of(Files.readSymbolicLink(path).toString());
        } catch (IOException e) {
            // It has ended or been closed since, or is another user's.
            return Optional.empty();
        }
    }

    private static Optional<String> read(long pid, String file) {
        return read(PROC.resolve(pid + "/" + file));
    }

    private static Optional<String> read(Path file) {
        // No channel: a thread that is interrupted could read nothing.
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // It has ended since, or is another user's.
            return Optional.empty();
        }
    }
}
