package dev.sluice.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.runtime.api.Children.Printed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Output where the system doesn't let the server write into a process's pipe, as on macOS and Windows. */
class ProcessOutputIT {

    private final Printed printed = new Printed();
    private Process process;
    private ProcessOutput output;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder("/bin/cat").start();
        output = new ProcessOutput(process, Optional.empty(), printed::write, "cat");
    }

    @AfterEach
    void end() {
        process.toHandle().destroyForcibly();
    }

    private void print(String text) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write(text.getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    @Test
    void isQuietWhenNothingComesAnyMore() throws Exception {
        print("one line\n");
        await().pollInterval(Duration.ofMillis(1)).until(() -> !printed.text().isEmpty());
        output.settle();
        assertThat(printed.text()).isEqualTo("one line\n");
    }

    @Test
    void isNotWaitedForLongerThanAMoment() throws Exception {
        Process noisy = new ProcessBuilder("/bin/sh", "-c", "while true; do echo noise; done").start();
        ProcessOutput noise = new ProcessOutput(noisy, Optional.empty(), (bytes, offset, count) -> {}, "noise");
        try {
            long start = System.nanoTime();
            noise.settle();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        } finally {
            noisy.toHandle().destroyForcibly();
        }
    }

    @Test
    void isCompleteWhenTheProcessHasEnded() throws Exception {
        print("first\nlast");
        process.getOutputStream().close();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        output.finish();
        assertThat(printed.text()).isEqualTo("first\nlast");
    }
}
