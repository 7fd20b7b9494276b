package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what a shell needs to complete commands and options. */
@Command(name = "completion", mixinStandardHelpOptions = true, description = "Prints what a shell needs to complete commands and options.",
        footer = {"", "Examples:", "  source <(sluice completion bash)                              in ~/.bashrc",
                "  source <(sluice completion zsh)                               in ~/.zshrc",
                "  sluice completion powershell | Out-String | Invoke-Expression   in $PROFILE"})
final class CompletionCommand implements Callable<Integer> {

    enum Shell { bash, zsh, powershell }

    private final Terminal terminal;
    private final Supplier<CommandLine> all;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    /** @param all the whole command line */
    CompletionCommand(Terminal terminal, Supplier<CommandLine> all) {
        this.terminal = terminal;
        this.all = all;
    }

    @Override
    public Integer call() {
        CommandLine sluice = all.get();
        terminal.out().print(shell == Shell.powershell ? powershell(sluice) : AutoComplete.bash("sluice", sluice));
        return 0;
    }

    /** The words that may follow each command, and the choice among them by what is typed so far. */
    private static String powershell(CommandLine sluice) {
        Map<String, String> words = new TreeMap<>();
        collect(words, "", sluice);
        return """
                # Completes the commands and options of sluice.
                $SluiceWords = @{
                %s
                }
                Register-ArgumentCompleter -Native -CommandName sluice -ScriptBlock {
                  param($wordToComplete, $commandAst, $cursorPosition)
                  $path = ''
                  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
                    $next = ($path + ' ' + $element.ToString()).Trim()
                    if ($SluiceWords.ContainsKey($next)) { $path = $next }
                  }
                  $SluiceWords[$path] -split ' ' | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                  }
                }
                """.formatted(words.entrySet().stream().map(each -> "  '" + each.getKey() + "' = '" + each.getValue() + "'")
                .collect(Collectors.joining("\n")));
    }

    private static void collect(Map<String, String> words, String path, CommandLine command) {
        words.put(path, Stream.concat(command.getSubcommands().keySet().stream(),
                new TreeSet<>(command.getCommandSpec().optionsMap().keySet()).stream()).collect(Collectors.joining(" ")));
        command.getSubcommands().forEach((name, sub) -> collect(words, (path + " " + name).strip(), sub));
    }
}
