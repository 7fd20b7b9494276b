package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Linux tells of a process's start, beside what Java made of it. */
class StartedWithIT {

    @TempDir
    private Path self;

    @Test
    void takesWhatJavaCouldNotReadFromTheSystemAndNothingElse() throws IOException {
        write("cmdline", "java\0-jar\0ü.jar\0produce\0\0wert ü\0plain\0");

        assertThat(new StartedWith(self, false).arguments("produce", "", "wert \uFFFD\uFFFD", "plain"))
                .containsExactly("produce", "", "wert ü", "plain");
    }

    @Test
    void leavesArgumentsAloneThatJavaCouldRead() {
        assertThat(new StartedWith(self, true).arguments("produce", "ü")).containsExactly("produce", "ü");
    }

    @Test
    void takesTheReplacementCharacterWhereItWasTyped() throws IOException {
        write("cmdline", "java\0produce\0\uFFFD\0");

        assertThat(new StartedWith(self, true).arguments("produce", "\uFFFD")).containsExactly("produce", "\uFFFD");
        assertThat(new StartedWith(self.resolve("nowhere"), true).arguments("\uFFFD")).containsExactly("\uFFFD");
    }

    @Test
    void refusesWhatNobodyCanTell() {
        assertThatThrownBy(() -> new StartedWith(self, false).arguments("produce", "\uFFFD"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessage("Argument 2 has characters beyond ASCII, which Java can't read in this locale; set LC_ALL=C.UTF-8, or another"
                        + " locale of UTF-8");
    }

    @Test
    void readsVariablesThatAreUtf8AndLeavesTheOthers() throws IOException {
        Files.write(self.resolve("environ"), "A=ü=ü\0B=\u00ff\0C=c\0".getBytes(StandardCharsets.UTF_8));
        assertThat(new StartedWith(self, false).environment(Map.of("A", "\uFFFD\uFFFD=\uFFFD\uFFFD", "B", "\uFFFD\uFFFD", "C", "c")))
                .isEqualTo(Map.of("A", "ü=ü", "B", "ÿ", "C", "c"));

        Files.write(self.resolve("environ"), new byte[] {'A', '=', (byte) 0xff, 0});
        assertThat(new StartedWith(self, false).environment(Map.of("A", "\uFFFD"))).isEqualTo(Map.of("A", "\uFFFD"));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(self.resolve(name), text);
    }
}
