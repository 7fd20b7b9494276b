package dev.sluice.api.control;

import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.RegistrationRules;
import dev.sluice.function.RuntimeName;
import dev.sluice.runtime.code.PlatformEncoding;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The members of a function in the control API that say where its code is on this machine. */
final class LocalCodeForm {

    private LocalCodeForm() {
    }

    static Optional<FunctionCode> jar(ControlBody body) {
        return body.text("jar").map(text -> new FunctionCode.LocalJar(
                path(text).filter(Files::isRegularFile).orElseThrow(() -> refused(body, "jar", text, "a file"))));
    }

    /** @param runtime empty when none was said */
    static Optional<FunctionCode> directory(ControlBody body, Optional<RuntimeName> runtime) {
        return place(body, "directory").map(path -> RegistrationRules.directory(path, runtime));
    }

    static Optional<FunctionCode> command(ControlBody body) {
        Optional<Path> workingDirectory = place(body, "workingDirectory");
        return body.textArray("command").map(command -> {
            RegistrationRules.commandProblem(command).ifPresent(problem -> {
                throw body.refused("command " + problem);
            });
            return new FunctionCode.LocalDirectory(workingDirectory.orElseThrow(() -> body.refused(
                    "workingDirectory is missing; command needs it: the absolute path of a directory that the server can see")), command);
        });
    }

    static Optional<FunctionCode> attached(ControlBody body) {
        boolean attach = body.flag("attach").orElse(false);
        return attach ? Optional.of(new FunctionCode.Attached()) : Optional.empty();
    }

    static Optional<FunctionCode> classPath(ControlBody body) {
        return body.textArray("classpath").map(texts -> {
            List<ClassPathEntry> entries = new ArrayList<>();
            for (String text : texts) {
                entries.add(entry(text).orElseThrow(() -> body.refused("classpath", "\"" + text + "\"",
                        "absolute paths that the server can see, each of " + ClassPathEntry.ALLOWED + obstacle(text))));
            }
            if (entries.isEmpty()) {
                throw body.refused("classpath is empty; it needs at least one entry");
            }
            return new FunctionCode.LocalTree(entries);
        });
    }

    private static Optional<ClassPathEntry> entry(String text) {
        // Up to a pattern, which isn't a path everywhere. A relative one is refused: where the server runs is nobody's business.
        int pattern = text.indexOf('*');
        if (path(pattern < 0 ? text : text.substring(0, pattern)).isEmpty()) {
            return Optional.empty();
        }
        return ClassPathEntry.parse(Path.of("").toAbsolutePath(), text)
                .filter(entry -> entry.pattern() == null ? Files.exists(entry.path()) : Files.isDirectory(entry.path()));
    }

    private static Optional<Path> place(ControlBody body, String member) {
        return body.text(member)
                .map(text -> path(text).filter(Files::isDirectory).orElseThrow(() -> refused(body, member, text, "a directory")));
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Path::isAbsolute).map(Path::normalize);
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    private static ControlException refused(ControlBody body, String member, String text, String what) {
        return body.refused(member, "\"" + text + "\"", "the absolute path of " + what + " that the server can see" + obstacle(text));
    }

    private static String obstacle(String text) {
        return PlatformEncoding.obstacle(text).map(obstacle -> ". " + obstacle).orElse("");
    }
}
