package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes one mapping. */
@Command(name = "delete", mixinStandardHelpOptions = true,
        description = "Deletes a mapping; what is in flight ends first. Its consumer group and the offsets stay with the brokers.")
final class MappingsDeleteCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Parameters(paramLabel = "UUID", description = MappingsCommand.MAPPING)
    private String uuid;

    MappingsDeleteCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Json deleted = endpoint.client(terminal).send("DELETE", MappingsCommand.path(uuid), null);
        terminal.out().println("Mapping " + deleted.text("UUID").orElse(uuid) + " is being deleted.");
        return 0;
    }
}
