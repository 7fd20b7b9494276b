package dev.sluice.runtime.api;

import java.util.List;

/** How a process ended, as Lambda says it: with the words of Go, in which its environment is written. */
final class ExitStatus {

    /** Java reports the signal n as this and n. */
    private static final int SIGNALS = 128;
    private static final List<String> SIGNAL_NAMES = List.of("hangup", "interrupt", "quit", "illegal instruction",
            "trace/breakpoint trap", "aborted", "bus error", "floating point exception", "killed", "user defined signal 1",
            "segmentation fault", "user defined signal 2", "broken pipe", "alarm clock", "terminated");

    private ExitStatus() {
    }

    /** Null for status 0. */
    static String text(int status) {
        int signal = status - SIGNALS;
        if (status == 0) {
            return null;
        }
        return signal >= 1 && signal <= SIGNAL_NAMES.size() ? "signal: " + SIGNAL_NAMES.get(signal - 1) : "exit status " + status;
    }
}
