package dev.sluice.cli;

import dev.sluice.cli.screen.Terminal;
import dev.sluice.json.Json;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what a shell evaluates so that the AWS CLI and SDKs talk to Sluice. Asks no server but for {@code --kafka}: it also works before there is one. */
@Command(name = "env", mixinStandardHelpOptions = true,
        description = "Prints the environment for the AWS CLI and SDKs: eval \"$(sluice env)\".",
        footer = {"", "Examples:", "  eval \"$(sluice env)\"", "  sluice env --shell fish | source",
                "  sluice env --shell powershell | Out-String | Invoke-Expression"})
final class EnvCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private EndpointOption endpoint;

    @Option(names = "--region", description = "the region to work in (default: $SLUICE_REGION, else us-east-1)")
    private String region;

    @Option(names = "--account-id", paramLabel = "ID",
            description = "the account to work in (default: $SLUICE_ACCOUNT_ID, else 000000000000)")
    private String accountId;

    @Option(names = "--kafka", paramLabel = "KIND",
            description = "also where the embedded broker's listener of this kind is, and the file with what its clients need:"
                    + " plaintext, ssl, sasl_plaintext, sasl_ssl (asks the server)")
    private String kafka;

    enum Shell { bash, fish, powershell, cmd }

    @Option(names = "--shell", paramLabel = "SHELL", defaultValue = "bash",
            description = "for which shell: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, which is for zsh and sh, too)")
    private Shell shell;

    EnvCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        URI uri = endpoint.uri(terminal);
        String account = accountId == null ? terminal.variable("SLUICE_ACCOUNT_ID", "000000000000") : accountId;
        String home = region == null ? terminal.variable("SLUICE_REGION", "us-east-1") : region;
        if (!account.matches("\\d{12}")) {
            throw CommandFailedException.wrongUsage("--account-id is '" + account + "'; allowed is 12 digits");
        }
        if (home.isBlank()) {
            throw CommandFailedException.wrongUsage("--region is blank; allowed is a region such as us-east-1");
        }
        Json listener = kafka == null ? null : listener();
        comment("The credentials are made up: a command that misses the endpoint fails instead of reaching AWS.");
        comment("The access key is the account id that Sluice puts into ARNs.");
        // What the user's own AWS set-up would put in place of the values below.
        unset(List.of("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_LAMBDA",
                "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"));
        export("AWS_ENDPOINT_URL", uri.toString());
        export("AWS_REGION", home);
        export("AWS_DEFAULT_REGION", home);
        export("AWS_ACCESS_KEY_ID", account);
        export("AWS_SECRET_ACCESS_KEY", "made-up-by-sluice");
        export("AWS_EC2_METADATA_DISABLED", "true");
        if (listener != null) {
            export("KAFKA_BOOTSTRAP_SERVERS", listener.text("bootstrapServers").orElse(""));
            listener.text("clientProperties").ifPresent(file -> export("KAFKA_CLIENT_PROPERTIES", file));
        }
        return 0;
    }

    private Json listener() {
        List<Json> listeners = endpoint.client(terminal).get("/_sluice/clusters").list("listeners");
        List<String> kinds = listeners.stream().map(listener -> listener.text("securityProtocol").orElse("")).toList();
        return listeners.stream().filter(listener -> listener.text("securityProtocol").orElse("").equalsIgnoreCase(kafka)).findFirst()
                .orElseThrow(() -> CommandFailedException.wrongUsage(kinds.isEmpty()
                        ? "--kafka is '" + kafka + "', and the server has no embedded broker"
                        : "--kafka is '" + kafka + "'; the embedded broker has " + String.join(", ", kinds).toLowerCase(Locale.ROOT)
                                + " (start it with --embedded-kafka-listeners)"));
    }

    private void comment(String text) {
        terminal.out().println((shell == Shell.cmd ? "rem " : "# ") + text);
    }

    private void unset(List<String> names) {
        switch (shell) {
            case bash -> terminal.out().println("unset " + String.join(" ", names));
            case fish -> names.forEach(name -> terminal.out().println("set -e " + name));
            case powershell -> names.forEach(name -> terminal.out().println("Remove-Item Env:" + name + " -ErrorAction SilentlyContinue"));
            case cmd -> names.forEach(name -> terminal.out().println("set " + name + "="));
        }
    }

    private void export(String name, String value) {
        terminal.out().println(switch (shell) {
            case bash -> "export " + name + "='" + value.replace("'", "'\\''") + "'";
            case fish -> "set -gx " + name + " '" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
            case powershell -> "$Env:" + name + " = '" + value.replace("'", "''") + "'";
            case cmd -> "set " + name + "=" + value;
        });
    }
}
