package dev.sluice.runtime.process;

import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import dev.sluice.function.RuntimeKind;
import dev.sluice.runtime.code.CodeStore;
import dev.sluice.runtime.code.ProvidedBootstrap;
import dev.sluice.runtime.code.ServerPath;
import dev.sluice.runtime.instance.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which command runs a version of a function in a process of its own? Thread-safe. */
public final class ProcessCommands {

    private final Interpreters interpreters;
    private final Bootstraps bootstraps;

    private ProcessCommands(Interpreters interpreters, Bootstraps bootstraps) {
        this.interpreters = interpreters;
        this.bootstraps = bootstraps;
    }

    public static ProcessCommands of(LocalRuntimes runtimes, CodeStore store) {
        return new ProcessCommands(new Interpreters(runtimes.interpreters(), ServerPath.TEXT), new Bootstraps(store.bootstraps()));
    }

    /**
     * The command, its first the program.
     *
     * @param taskRoot where the code is
     * @param environment that it is run with
     */
    public List<String> of(Instance.Origin origin, Path taskRoot, Map<String, String> environment)
            throws NotRunnableException, IOException {
        FunctionVersion version = origin.version();
        if (!version.code().command().isEmpty()) {
            return version.code().command();
        }
        String runtime = version.settings().runtime();
        return switch (RuntimeKind.of(runtime).orElseThrow(() -> new IllegalArgumentException("no process runs " + runtime))) {
            case JAVA -> ChildJvm.command(origin, environment);
            case PYTHON -> python(version, taskRoot);
            case NODE -> node(version, taskRoot, environment);
            case PROVIDED -> List.of(ProvidedBootstrap.in(taskRoot, origin.layers(), version.function()).toString());
        };
    }

    private List<String> python(FunctionVersion version, Path taskRoot) throws NotRunnableException, IOException {
        String handler = handler(version, "app.handler");
        String python = interpreters.find(version.settings().runtime()).program().toString();
        if (Files.isRegularFile(taskRoot.resolve("awslambdaric/__init__.py"))) {
            return List.of(python, "-s", "-B", "-m", "awslambdaric", handler);
        }
        // Without what is installed for this user, which is missing on Lambda; nothing buffered, which a kill would lose; nothing compiled
        // beside the code, which Lambda can't write to; and UTF-8 as with Lambda's locale, which this machine may not have.
        return List.of(python, "-s", "-u", "-B", "-X", "utf8", bootstraps.file("bootstrap.py").toString());
    }

    private List<String> node(FunctionVersion version, Path taskRoot, Map<String, String> environment)
            throws NotRunnableException, IOException {
        String handler = handler(version, "index.handler");
        Interpreters.Found node = interpreters.find(version.settings().runtime());
        List<String> command = new ArrayList<>();
        command.add(node.program().toString());
        Optional<Path> client = NodeCommand.ownClient(taskRoot);
        if (client.isPresent()) {
            command.addAll(List.of(client.get().toString(), handler));
        } else {
            command.addAll(NodeCommand.flags(version.settings().runtime(), node.version(), environment.getOrDefault("NODE_OPTIONS", "")));
            command.add(bootstraps.file("bootstrap.mjs").toString());
        }
        return command;
    }

    private static String handler(FunctionVersion version, String example) throws NotRunnableException {
        if (version.settings().handler() == null) {
            throw NotRunnableException.functionError("Runtime.MalformedHandlerName", "function " + version.function()
                    + " has no handler; give file.function of " + version.code().place() + ", as in " + example, null);
        }
        return version.settings().handler();
    }
}
