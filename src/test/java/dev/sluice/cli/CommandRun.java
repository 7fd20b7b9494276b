package dev.sluice.cli;

import dev.sluice.cli.screen.Screen;
import dev.sluice.cli.screen.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** One command line run in this JVM, and what came of it. */
public record CommandRun(int status, String out, String err) {

    static CommandRun of(String... args) {
        return with(Map.of(), "", Path.of("").toAbsolutePath(), args);
    }

    /** On a terminal so wide. */
    static CommandRun on(int columns, String... args) {
        return with(new Screen(columns, false), Map.of(), "", Path.of("").toAbsolutePath(), args);
    }

    static CommandRun with(Map<String, String> environment, String in, Path workingDirectory, String... args) {
        return with(Screen.PIPE, environment, in, workingDirectory, args);
    }

    static CommandRun with(Screen screen, Map<String, String> environment, String in, Path workingDirectory, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(environment, workingDirectory, new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), screen);
        int status = Main.run(terminal, args);
        return new CommandRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
