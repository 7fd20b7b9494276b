package dev.sluice.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of Go's syscall package, which are those of Lambda's logs: "Runtime exited with error: signal: killed". */
class ExitStatusTest {

    @ParameterizedTest
    @CsvSource({"1,exit status 1", "127,exit status 127", "128,exit status 128", "129,signal: hangup", "130,signal: interrupt",
            "131,signal: quit", "132,signal: illegal instruction", "133,signal: trace/breakpoint trap", "134,signal: aborted",
            "135,signal: bus error", "136,signal: floating point exception", "137,signal: killed",
            "138,signal: user defined signal 1", "139,signal: segmentation fault", "140,signal: user defined signal 2",
            "141,signal: broken pipe", "142,signal: alarm clock", "143,signal: terminated",
            "144,exit status 144", "255,exit status 255", "-1073741510,exit status -1073741510"})
    void saysItAsLambdaDoes(int status, String text) {
        assertThat(ExitStatus.text(status)).isEqualTo(text);
    }

    @Test
    void hasNothingToSayOfStatusZero() {
        assertThat(ExitStatus.text(0)).isNull();
    }
}
