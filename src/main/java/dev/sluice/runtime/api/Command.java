package dev.sluice.runtime.api;

import dev.sluice.runtime.code.PlatformEncoding;
import dev.sluice.runtime.process.RuntimeProcesses.Launch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Starts what a launch says, with exactly its environment, in a session of its own where there is {@code setsid}. */
final class Command {

    static final String ADDRESS = "AWS_LAMBDA_RUNTIME_API";

    /** Where util-linux and busybox put it. */
    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));
    /** Without it hardly a program of Windows starts. */
    private static final String SYSTEM_ROOT = "SystemRoot";

    private Command() {
    }

    static Process start(Launch launch, String address) throws IOException {
        ProcessBuilder builder = new ProcessBuilder();
        Map<String, String> environment = builder.environment();
        String ownPath = environment.get("PATH");
        String systemRoot = environment.get(SYSTEM_ROOT);
        environment.clear();
        if (systemRoot != null && File.separatorChar == '\\') {
            environment.put(SYSTEM_ROOT, systemRoot);
        }
        environment.putAll(launch.environment());
        environment.put(ADDRESS, address);
        builder.directory(launch.directory().toFile()).redirectErrorStream(true);
        List<String> command = inOwnSession(launch, ownPath);
        Map<String, String> exactly = new HashMap<>(environment);
        exactly.entrySet().removeIf(variable -> PlatformEncoding.handsOver(variable.getKey() + variable.getValue()));
        if (exactly.isEmpty() && command.stream().allMatch(PlatformEncoding::handsOver)) {
            return builder.command(command).redirectInput(new File(File.separatorChar == '\\' ? "NUL" : "/dev/null")).start();
        }
        environment.keySet().removeAll(exactly.keySet());
        return throughAShell(builder, new ShellScript(command, exactly, launch.environment().keySet()));
    }

    private static Process throughAShell(ProcessBuilder builder, ShellScript script) throws IOException {
        Process shell = builder.command(ShellScript.SHELL).start();
        try {
            script.writeTo(shell);
            return shell;
        } catch (IOException e) {
            shell.destroyForcibly();
            throw e;
        }
    }

    /**
     * With setsid before it, where there is one: it becomes the command without another process. The command is looked for here,
     * as setsid would fail where nobody sees it, and look in the process's path only.
     */
    private static List<String> inOwnSession(Launch launch, String ownPath) throws IOException {
        Optional<Path> setsid = SETSID.stream().filter(Files::isExecutable).findFirst();
        if (setsid.isEmpty() || !ProcessTable.available()) {
            return launch.command();
        }
        String name = launch.command().get(0);
        Path program = name.contains("/") ? executable(launch.directory().resolve(name)).orElse(null)
                : Stream.of(launch.environment().getOrDefault("PATH", ""), ownPath == null ? "" : ownPath)
                        .flatMap(path -> Stream.of(path.split(":"))).filter(entry -> !entry.isEmpty())
                        .flatMap(entry -> executable(launch.directory().resolve(entry).resolve(name)).stream())
                        .findFirst().orElse(null);
        if (program == null) {
            throw new IOException("Cannot run program \"" + name + "\" (in directory \"" + launch.directory()
                    + "\"): there is no such file, or it can't be executed");
        }
        List<String> command = new ArrayList<>(List.of(setsid.get().toString(), program.toString()));
        command.addAll(launch.command().subList(1, launch.command().size()));
        return command;
    }

    private static Optional<Path> executable(Path file) {
        Path absolute = file.toAbsolutePath();
        return Files.isRegularFile(absolute) && Files.isExecutable(absolute) ? Optional.of(absolute) : Optional.empty();
    }
}
