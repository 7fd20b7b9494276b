package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Enables or disables one mapping, and says what became of it. */
@Command(mixinStandardHelpOptions = true, description = "Lets a mapping poll, or lets it rest; waits until it does.")
final class MappingSwitch implements Callable<Integer> {

    private static final Set<String> IN_BETWEEN = Set.of("Creating", "Enabling", "Disabling", "Updating");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long PAUSE_MILLIS = 100;

    private final Terminal terminal;
    private final boolean enable;

    @Mixin
    private EndpointOption endpoint;

    @Parameters(paramLabel = "UUID", description = MappingsCommand.MAPPING)
    private String uuid;

    MappingSwitch(Terminal terminal, boolean enable) {
        this.terminal = terminal;
        this.enable = enable;
    }

    @Override
    public Integer call() throws InterruptedException {
        ControlClient client = endpoint.client(terminal);
        String path = MappingsCommand.path(uuid);
        Json mapping = client.send("POST", path + (enable ? "/enable" : "/disable"), "{}");
        long begun = System.nanoTime();
        while (IN_BETWEEN.contains(state(mapping)) && System.nanoTime() - begun < PATIENCE_NANOS) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            mapping = client.get(path);
        }
        String state = state(mapping);
        if (state.equals(enable ? "Enabled" : "Disabled")) {
            terminal.out().println("The mapping is " + state + ".");
            return 0;
        }
        if (IN_BETWEEN.contains(state)) {
            terminal.out().println("The mapping is still " + state + "; 'sluice mappings " + uuid + "' shows where it stands.");
            return 0;
        }
        throw CommandFailedException.failed("The mapping is " + state + " again: "
                + mapping.member("disabled").text("cause").orElse(mapping.text("StateTransitionReason").orElse("nobody says why")));
    }

    private static String state(Json mapping) {
        return mapping.text("State").orElse("-");
    }
}
