package dev.sluice.cli;

import dev.sluice.cli.screen.Screen;
import dev.sluice.cli.screen.Terminal;
import dev.sluice.resource.NearestName;
import dev.sluice.server.InvalidConfigException;
import dev.sluice.server.StartFailedException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
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
        COMMANDS.put("status", terminal -> new CommandLine(new StatusCommand(terminal)));
        COMMANDS.put("produce", terminal -> new CommandLine(new ProduceCommand(terminal)));
        COMMANDS.put("consume", terminal -> new CommandLine(new ConsumeCommand(terminal)));
        COMMANDS.put("topics", terminal -> new CommandLine(new TopicsCommand(terminal)));
        COMMANDS.put("env", terminal -> new CommandLine(new EnvCommand(terminal)));
        COMMANDS.put("health", terminal -> new CommandLine(new HealthCommand(terminal)));
        COMMANDS.put("mappings", MappingsCommand::commandLine);
        COMMANDS.put("deliveries", DeliveriesCommand::commandLine);
        COMMANDS.put("functions", FunctionsCommand::commandLine);
        COMMANDS.put("logs", LogsCommand::commandLine);
        COMMANDS.put("clusters", terminal -> new CommandLine(new ClustersCommand(terminal)));
        COMMANDS.put("policy", terminal -> new CommandLine(new PolicyCommand(terminal)));
        COMMANDS.put("hints", terminal -> new CommandLine(new HintsCommand(terminal)));
        COMMANDS.put("completion", terminal -> new CommandLine(new CompletionCommand(terminal, () -> all(terminal))));
    }

    /** Those that run functions in this JVM. */
    private static final Set<String> SERVERS = Set.of("serve", "demo");
    /** How many columns the terminal has; said by the launcher, as Java can't tell, and only where standard output is one. */
    private static final String COLUMNS = "sluice.columns";

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        LambdaSurroundings.enter(args.length > 0 && SERVERS.contains(args[0]));
        printEverything();
        if (List.of(args).contains(ServeCommand.QUIET)) {
            System.setProperty(LogConfigurator.LEVEL, "WARN"); // the first logger that is made reads it
        }
        StartedWith started = StartedWith.thisProcess();
        try {
            Terminal terminal = new Terminal(started.environment(System.getenv()), workingDirectory(), System.in, System.out, System.err,
                    Screen.of(System.getProperty(COLUMNS), System.getenv("NO_COLOR")));
            System.exit(run(terminal, started.arguments(args)));
        } catch (CommandFailedException refused) {
            System.err.println("sluice: " + refused.getMessage());
            System.exit(refused.exitStatus());
        }
    }

    /**
     * In a POSIX locale, which has ASCII alone, what is printed is UTF-8, as everything else is: a terminal that can't show it shows no
     * less than it would of question marks, and a pipe loses nothing.
     */
    private static void printEverything() {
        String console = System.getProperty("stderr.encoding", System.getProperty("sun.stderr.encoding", Charset.defaultCharset().name()));
        Charset charset = Charset.isSupported(console) ? Charset.forName(console) : StandardCharsets.US_ASCII;
        if (charset.equals(StandardCharsets.US_ASCII)) {
            charset = StandardCharsets.UTF_8;
            System.setOut(new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), true, charset));
            System.setErr(new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.err)), true, charset));
        }
        System.setProperty(LogConfigurator.CHARSET, charset.name());
    }

    private static Path workingDirectory() {
        if (StartedWith.unreadable(System.getProperty("user.dir"))) {
            // Java's name for it is that of another directory, which it would make.
            throw CommandFailedException
                    .wrongUsage("The working directory's name has characters beyond ASCII, which Java can't read in this"
                            + " locale; " + StartedWith.WAY_OUT);
        }
        return Path.of("").toAbsolutePath();
    }

    /**
     * Runs one command and answers its exit status: 0 done, 1 failed, 2 wrong flags or configuration, 70 can't go on. A signal ends the JVM
     * with 130 or 143 by itself; only a server has an order to end in.
     */
    static int run(Terminal terminal, String... args) {
        CommandLine sluice = new CommandLine(new Main());
        if (args.length > 0 && COMMANDS.containsKey(args[0])) {
            sluice.addSubcommand(args[0], COMMANDS.get(args[0]).apply(terminal));
        } else {
            addAll(sluice, terminal);
        }
        PrintWriter out = new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8);
        // An argument with @ in front is itself: it may be one of a function's command.
        sluice.setOut(out).setErr(err).setExpandAtFiles(false).registerConverter(Path.class, Main::path);
        sluice.setParameterExceptionHandler((wrong, rejected) -> wrongUsage(wrong, rejected, terminal.screen(), err));
        sluice.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, terminal.screen(), err));
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

    private static CommandLine all(Terminal terminal) {
        CommandLine sluice = new CommandLine(new Main());
        addAll(sluice, terminal);
        return sluice;
    }

    private static void addAll(CommandLine sluice, Terminal terminal) {
        COMMANDS.forEach((name, command) -> sluice.addSubcommand(name, command.apply(terminal)));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing; allowed are " + String.join(", ", COMMANDS.keySet()));
    }

    /** @param arguments all that the command line has */
    private static int wrongUsage(ParameterException wrong, String[] arguments, Screen screen, PrintWriter err) {
        Set<String> subcommands = wrong.getCommandLine().getSubcommands().keySet();
        int depth = wrong.getCommandLine().getParent() == null ? 0 : 1;
        boolean unknownCommand = wrong instanceof UnmatchedArgumentException && !subcommands.isEmpty() && arguments.length > depth
                && !arguments[depth].startsWith("-");
        String command = depth == 0 ? "" : arguments[0] + " ";
        // picocli puts the word before some of its messages and not before others.
        say(screen, err, "sluice: " + (unknownCommand ? "Unknown command '" + command + arguments[depth] + "'; allowed are "
                + String.join(", ", subcommands) : wrong.getMessage().replaceFirst("^Error: ", "")));
        if (unknownCommand) {
            NearestName.of(arguments[depth], subcommands).ifPresent(near -> err.println("Did you mean " + command + near + "?"));
        } else if (wrong instanceof UnmatchedArgumentException unmatched) {
            List<String> allowed = new ArrayList<>(wrong.getCommandLine().getCommandSpec().optionsMap().keySet());
            allowed.addAll(wrong.getCommandLine().getSubcommands().keySet());
            NearestName.of(unmatched.getUnmatched().get(0), allowed).ifPresent(near -> err.println("Did you mean " + near + "?"));
        }
        err.println("'" + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help' shows what is allowed.");
        return CommandFailedException.WRONG_USAGE;
    }

    private static int failed(Exception failure, Screen screen, PrintWriter err) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof CommandFailedException known) {
            say(screen, err, "sluice: " + known.getMessage());
            return known.exitStatus();
        }
        if (failure instanceof InvalidPathException noPath) {
            err.println("sluice: " + noPath(noPath));
            return CommandFailedException.WRONG_USAGE;
        }
        if (failure instanceof InvalidConfigException invalid) {
            err.println("sluice: " + invalid.getMessage());
            return CommandFailedException.WRONG_USAGE;
        }
        err.println("sluice: " + (failure instanceof StartFailedException ? failure.getMessage() : "unexpected: " + failure));
        return CommandFailedException.FAILED;
    }

    private static void say(Screen screen, PrintWriter err, String text) {
        screen.wrapped(text, 0).forEach(err::println);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException noPath) {
            throw new CommandLine.TypeConversionException(noPath(noPath));
        }
    }

    private static String noPath(InvalidPathException noPath) {
        boolean ascii = noPath.getInput().chars().allMatch(c -> c < 0x80);
        return "'" + noPath.getInput() + "' can't be a path" + (ascii ? ": " + noPath.getReason()
                : ", as Java can't name files beyond ASCII in this locale; " + StartedWith.WAY_OUT);
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"sluice " + (version == null ? "(not built as a jar)" : version)};
        }
    }
}
