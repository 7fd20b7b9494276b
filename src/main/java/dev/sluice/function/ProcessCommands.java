package dev.sluice.function;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Which command runs a version of a function in a process of its own? Thread-safe. */
final class ProcessCommands {

    private final Interpreters interpreters;
    private final Bootstraps bootstraps;

    private ProcessCommands(Interpreters interpreters, Bootstraps bootstraps) {
        this.interpreters = interpreters;
        this.bootstraps = bootstraps;
    }

    static ProcessCommands of(LocalRuntimes runtimes, CodeStore store) {
        return new ProcessCommands(new Interpreters(runtimes.interpreters(), ServerPath.TEXT), new Bootstraps(store.bootstraps()));
    }

    /**
     * The command, its first the program.
     *
     * @param taskRoot where the code is
     * @param environment that it is run with
     */
    List<String> of(Instance.Origin origin, Path taskRoot, Map<String, String> environment) throws NotRunnableException, IOException {
        FunctionVersion version = origin.version();
        if (version.code() instanceof FunctionCode.LocalDirectory directory && !directory.command().isEmpty()) {
            return directory.command();
        }
        String runtime = version.settings().runtime();
        return switch (RuntimeKind.of(runtime).orElseThrow(() -> new IllegalArgumentException("no process runs " + runtime))) {
            case JAVA -> ChildJvm.command(origin, environment);
            case PYTHON -> python(version, taskRoot);
            case NODE -> node(version, taskRoot);
            case PROVIDED -> List.of(ProvidedBootstrap.in(taskRoot, origin.layers(), version.function()).toString());
        };
    }

    private List<String> python(FunctionVersion version, Path taskRoot) throws NotRunnableException, IOException {
        String handler = handler(version, "app.handler");
        String python = interpreters.find(version.settings().runtime()).toString();
        // Without what is installed for this user: on Lambda it would be missing.
        return Files.isRegularFile(taskRoot.resolve("awslambdaric/__init__.py")) ? List.of(python, "-s", "-m", "awslambdaric", handler)
                : List.of(python, "-s", bootstraps.file("bootstrap.py").toString());
    }

    private List<String> node(FunctionVersion version, Path taskRoot) throws NotRunnableException, IOException {
        String handler = handler(version, "index.handler");
        String node = interpreters.find(version.settings().runtime()).toString();
        Path client = taskRoot.resolve("node_modules/aws-lambda-ric/bin/index.mjs");
        return Files.isRegularFile(client) ? List.of(node, client.toString(), handler)
                : List.of(node, bootstraps.file("bootstrap.mjs").toString());
    }

    private static String handler(FunctionVersion version, String example) throws NotRunnableException {
        if (version.settings().handler() == null) {
            throw new NotRunnableException("function " + version.function() + " has no handler; give file.function of " + version.code().place()
                    + ", as in " + example);
        }
        return version.settings().handler();
    }
}
