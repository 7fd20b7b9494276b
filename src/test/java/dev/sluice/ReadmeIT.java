package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.FreePort;
import dev.sluice.fixture.SluiceJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionEvaluationListener;
import org.awaitility.core.EvaluatedCondition;
import org.awaitility.core.TimeoutEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the README as somebody does who follows it from top to bottom: each block that is tagged {@code run}, in order, in one directory, and
 * each line that is tagged {@code expect} has to appear in a terminal. Only ports, and blanks that are tabs, differ.
 */
class ReadmeIT {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(bash run|text expect)([^\\n]*)\\n(.*?)^```$");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Path JAR = Path.of(System.getProperty("sluice.jar")).toAbsolutePath();

    @TempDir
    private Path directory;
    private final List<Process> background = new ArrayList<>();
    private final Map<String, String> ports = Map.of("4574", String.valueOf(FreePort.one()), "9092", String.valueOf(FreePort.one()), "8080",
            String.valueOf(FreePort.one()));
    private int terminals;

    @AfterEach
    void end() throws Exception {
        for (Process process : background) {
            process.destroy();
        }
        for (Process process : background) {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void everyBlockDoesWhatItSays() throws Exception {
        checkout();
        boolean aws = installed("aws");
        boolean skipped = false;
        int run = 0;
        for (Matcher block = BLOCK.matcher(Files.readString(Path.of("README.md"))); block.find();) {
            String text = withPorts(block.group(3));
            if (block.group(1).equals("bash run")) {
                skipped = block.group(2).contains("aws") && !aws;
                if (!skipped) {
                    run(text, block.group(2).contains("background"));
                    run++;
                }
            } else if (!skipped) {
                text.lines().forEach(this::awaitLine);
            }
        }
        assertThat(run).isGreaterThanOrEqualTo(7);
    }

    /** What a clone has after its first build. */
    private void checkout() throws IOException {
        Files.createDirectory(directory.resolve("scripts"));
        SluiceJar.script(directory.resolve("scripts/sluice"));
        Files.createSymbolicLink(directory.resolve("src"), Path.of("src").toAbsolutePath());
        Files.createSymbolicLink(directory.resolve("target"), JAR.getParent());
    }

    private void run(String text, boolean inBackground) throws Exception {
        Path terminal = directory.resolve("terminal-" + terminals++);
        ProcessBuilder bash = new ProcessBuilder("bash", "-ec", inBackground ? "exec " + text : text).directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(terminal.toFile());
        bash.environment().putAll(Map.of("SLUICE_PORT", ports.get("4574"), "SLUICE_EMBEDDED_KAFKA_PORT", ports.get("9092")));
        bash.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.equals("SLUICE_ENDPOINT"));
        Process process = bash.start();
        if (inBackground) {
            background.add(process);
            return;
        }
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("It hangs: " + text + "\n" + Files.readString(terminal));
        }
        assertThat(process.exitValue()).as(text + "\n" + Files.readString(terminal) + "\n" + terminals()).isZero();
    }

    private void awaitLine(String line) {
        Pattern expected = Pattern.compile(Pattern.quote(line).replace("…", "\\E[^\\n]*\\Q").replace(" ", "\\E[ \\t]+\\Q"));
        await(line).conditionEvaluationListener(new ConditionEvaluationListener<>() {
            @Override
            public void conditionEvaluated(EvaluatedCondition<Object> condition) {
                // Only its end is of interest.
            }

            @Override
            public void onTimeout(TimeoutEvent timeout) {
                System.out.println("Not seen: " + line + "\n" + lastTerminals());
            }
        }).atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).failFast("a terminal has closed",
                () -> background.stream().anyMatch(process -> !process.isAlive()))
                .until(() -> expected.matcher(terminals()).find());
    }

    private String lastTerminals() {
        try {
            return terminals();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String terminals() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < terminals; i++) {
            all.append(Files.readString(directory.resolve("terminal-" + i), StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    private String withPorts(String text) {
        return ports.keySet().stream()
                .collect(Collectors.collectingAndThen(Collectors.joining("|"), any -> Pattern.compile("\\b(" + any + ")\\b")))
                .matcher(text).replaceAll(port -> ports.get(port.group()));
    }

    private static boolean installed(String program) throws Exception {
        return new ProcessBuilder("bash", "-c", program + " --version").redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    }
}
