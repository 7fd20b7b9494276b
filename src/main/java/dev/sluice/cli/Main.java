package dev.sluice.cli;

import dev.sluice.server.InvalidConfigException;
import dev.sluice.server.NearestName;
import dev.sluice.server.StartFailedException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line {@code sluice}. The only class that reads the environment and ends the JVM. */
@Command(name = "sluice", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Runs AWS Lambda's Kafka triggers on your own machine.",
        footer = {"", "Begin with 'sluice demo'. Each command has its own --help."})
public final class Main implements Runnable {

    /** Made only when asked for: looking at the options of every command would take longer than most commands do. */
    private static final Map<String, Function<Terminal, CommandLine>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("serve", terminal -> new CommandLine(new ServeCommand(terminal)));
        COMMANDS.put("demo", terminal -> new CommandLine(new DemoCommand(terminal)));
        COMMANDS.put("produce", terminal -> new CommandLine(new ProduceCommand(terminal)));
        COMMANDS.put("env", terminal -> new CommandLine(new EnvCommand(terminal)));
        COMMANDS.put("health", terminal -> new CommandLine(new HealthCommand(terminal)));
        COMMANDS.put("mappings", MappingsCommand::commandLine);
        COMMANDS.put("deliveries", DeliveriesCommand::commandLine);
        COMMANDS.put("functions", FunctionsCommand::commandLine);
        COMMANDS.put("logs", LogsCommand::commandLine);
    }

    /** Those that run functions in this JVM. */
    private static final Set<String> SERVERS = Set.of("serve", "demo");
    private static final String LOGBACK = "logback.configurationFile";

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        LambdaSurroundings.enter(args.length > 0 && SERVERS.contains(args[0]));
        // Not the default name: a program that embeds Sluice brings its own configuration of its own logging.
        if (System.getProperty(LOGBACK) == null) {
            System.setProperty(LOGBACK, "dev/sluice/cli/logback.xml");
        }
        Terminal terminal =
                new Terminal(System.getenv(), Path.of("").toAbsolutePath(), System.in, System.out, System.err);
        System.exit(run(terminal, args));
    }

    /** Runs one command and answers its exit status: 0 done, 1 failed, 2 wrong flags or configuration, 70 can't go on. */
    static int run(Terminal terminal, String... args) {
        CommandLine sluice = new CommandLine(new Main());
        if (args.length > 0 && COMMANDS.containsKey(args[0])) {
            sluice.addSubcommand(args[0], COMMANDS.get(args[0]).apply(terminal));
        } else {
            COMMANDS.forEach((name, command) -> sluice.addSubcommand(name, command.apply(terminal)));
        }
        PrintWriter out = new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8);
        // An argument with @ in front is itself: it may be one of a function's command.
        sluice.setOut(out).setErr(err).setExpandAtFiles(false);
        sluice.setParameterExceptionHandler((wrong, rejected) -> wrongUsage(wrong, err));
        sluice.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, err));
        try {
            return sluice.execute(args);
        } catch (VirtualMachineError fault) { // picocli hands on what is no Exception
            err.println("sluice: it can't go on: " + fault);
            return CommandFailedException.CAN_NOT_GO_ON;
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing; allowed are " + String.join(", ", COMMANDS.keySet()));
    }

    private static int wrongUsage(ParameterException wrong, PrintWriter err) {
        // picocli puts the word before some of its messages and not before others.
        err.println("sluice: " + wrong.getMessage().replaceFirst("^Error: ", ""));
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            List<String> allowed = new ArrayList<>(wrong.getCommandLine().getCommandSpec().optionsMap().keySet());
            allowed.addAll(wrong.getCommandLine().getSubcommands().keySet());
            NearestName.of(unmatched.getUnmatched().get(0), allowed).ifPresent(near -> err.println("Did you mean " + near + "?"));
        }
        err.println("'" + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help' shows what is allowed.");
        return CommandFailedException.WRONG_USAGE;
    }

    private static int failed(Exception failure, PrintWriter err) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof CommandFailedException known) {
            err.println("sluice: " + known.getMessage());
            return known.exitStatus();
        }
        if (failure instanceof InvalidConfigException invalid) {
            err.println("sluice: " + invalid.getMessage());
            return CommandFailedException.WRONG_USAGE;
        }
        err.println("sluice: " + (failure instanceof StartFailedException ? failure.getMessage() : "unexpected: " + failure));
        return CommandFailedException.FAILED;
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"sluice " + (version == null ? "(not built as a jar)" : version)};
        }
    }
}
