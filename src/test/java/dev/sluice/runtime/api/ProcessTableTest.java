package dev.sluice.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessTableTest {

    /** A line of proc_pid_stat(5). */
    private static String stat(String name, String state) {
        return "4711 (" + name + ") " + state
                + " 1 4700 4699 0 -1 4194304 196 0 0 0 1 2 0 0 20 0 1 0 123456 2891776 285 18446744073709551615\n";
    }

    @Test
    void readsWhatProcSaysWhateverAProcessIsCalled() {
        ProcessTable.Entry entry = new ProcessTable.Entry(4711, 4700, 4699, 123456);
        assertThat(ProcessTable.entry(4711, stat("sh", "S"))).contains(entry);
        assertThat(ProcessTable.entry(4711, stat("a) R 1 (2", "R"))).contains(entry);
    }

    @Test
    void whatHasEndedIsNoProcess() {
        assertThat(ProcessTable.entry(4711, stat("sh", "Z"))).isEmpty();
    }
}
