package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    @Test
    void helpNamesEveryCommand() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("serve", "demo", "produce", "env", "health", "mappings", "functions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "demo", "status", "produce", "consume", "topics", "env", "health", "mappings", "mappings create",
            "mappings delete", "deliveries", "functions", "functions add", "logs", "clusters", "policy", "hints", "completion"})
    void everyCommandHasHelpThatFitsATerminal(String command) {
        CommandRun run = CommandRun.of((command + " --help").split(" "));

        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("Usage: sluice " + command);
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void completionIsWhatTheShellsUnderstand() throws Exception {
        String bash = CommandRun.of("completion", "bash").out();
        assertThat(bash).contains("complete -F", "bashcompinit");
        Process shell = new ProcessBuilder("bash", "-c", "source /dev/stdin; COMP_WORDS=(sluice mapp) COMP_CWORD=1 COMP_LINE='sluice mapp';"
                + " $(complete -p sluice | sed 's/.* -F \\([^ ]*\\) .*/\\1/') sluice mapp sluice; echo ${COMPREPLY[@]}")
                .redirectErrorStream(true).start();
        try (var in = shell.getOutputStream()) {
            in.write(bash.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip()).isEqualTo("mappings");
        assertThat(CommandRun.of("completion", "powershell").out()).contains("Register-ArgumentCompleter",
                "'mappings' = 'create delete enable disable retry skip ", "'mappings create' = '");
        assertThat(CommandRun.of("completion", "tcsh")).satisfies(run -> {
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err()).contains("expected one of [bash, zsh, powershell]");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"fish | set -gx AWS_ENDPOINT_URL 'http://localhost:4574'", "fish | set -e AWS_PROFILE",
            "powershell | $Env:AWS_ENDPOINT_URL = 'http://localhost:4574'", "cmd | set AWS_ENDPOINT_URL=http://localhost:4574",
            "cmd | rem The access key"})
    void theEnvironmentIsForTheShellThatIsNamed(String shell, String line) {
        assertThat(CommandRun.of("env", "--shell", shell).out()).contains(line);
    }

    @Test
    void versionIsOneLine() {
        CommandRun run = CommandRun.of("--version");

        assertThat(run.status()).isZero();
        assertThat(run.out().lines()).hasSize(1).allMatch(line -> line.startsWith("sluice "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "serv | Did you mean serve?",
            "mapings | Unknown command 'mapings'; allowed are serve, demo",
            "produce t v -K: | --key-separator is for lines of standard input",
            "consume t --limit 0 | --limit is 0; allowed is 1 or more",
            "'' | A command is missing; allowed are serve, demo, status, produce, consume, topics, env, health",
            "produce | Missing required parameter: 'TOPIC'",
            "produce t v --tombstone | VALUE, --tombstone and --value-file exclude each other",
            "produce t v --count 0 | --count is 0; allowed is 1 or more",
            "produce t v --header x | --header is 'x'; allowed is NAME=VALUE",
            "produce t v --partition x | Invalid value for option '--partition': 'x' is not an int",
            "health --wiat kafka | Did you mean --wait?",
            "health --wait zookeeper | expected one of [kafka] (case-sensitive) but was 'zookeeper'",
            "functions lis f | Unknown command 'functions lis'; allowed are add, list, remove",
            "functions lis f | Did you mean functions list?",
            "functions add f | Exactly one of --jar, --classpath, --directory, --attach, --url, --invoke-url, and a command after -- is needed",
            "functions add f --attach -- node | Exactly one of --jar, --classpath, --directory, --attach, --url, --invoke-url, and a command after",
            "functions add f node server.mjs | NAME and nothing else is before --, and the command after it",
            "functions add f node -- server.mjs | NAME and nothing else is before --, and the command after it",
            "functions add -- f node | NAME and nothing else is before --, and the command after it",
            "functions add f node --inspect | Unknown option: '--inspect'",
            "functions add f --attach --working-directory src | --working-directory goes with a command after -- and with nothing else",
            "functions add f --working-directory /no/such -- node | --working-directory is '/no/such'; there is no such directory",
            "functions add f --url http://a --jar b | are mutually exclusive (specify only one)",
            "functions add f --directory /no/such --handler H | --directory is '/no/such'; there is no such directory",
            "functions add f --classpath /no/such --handler H | --classpath has '/no/such'; there is no such file or directory",
            "functions add f --classpath src:/no/*.jar --handler H | --classpath has '/no/*.jar'; there is no such directory",
            "functions add f --jar /no/such.jar --handler H | --jar is '/no/such.jar'; there is no such file",
            "functions add f --url http://a --env =x | --env has a value without a name; allowed is NAME=VALUE",
            "mappings --endpoint localhost:4574 | --endpoint is 'localhost:4574'; allowed is a URL such as http://localhost:4574",
            "demo --records 0 | --records is 0; allowed is 1 or more",
            "env --account-id 1 | --account-id is '1'; allowed is 12 digits",
            "serve --port | Missing required parameter for option '--port'",
            "serve --port x --prot 1 | --prot: unknown flag; did you mean '--port'?",
    })
    void wrongUsageEndsWithStatusTwoAndSaysWhatIsAllowed(String line, String message) {
        CommandRun run = CommandRun.of(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(run.err()).contains(message).doesNotContain("\tat ");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void envIsSafeForAShell() {
        CommandRun run = CommandRun.of("env", "--endpoint", "http://localhost:1/it's", "--region", "us-west-2",
                "--account-id", "111111111111");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("export AWS_ENDPOINT_URL='http://localhost:1/it'\\''s'\n");
        assertThat(run.out().lines().filter(line -> !line.startsWith("#"))).containsExactly(
                "unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN AWS_ENDPOINT_URL_LAMBDA AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                "export AWS_ENDPOINT_URL='http://localhost:1/it'\\''s'",
                "export AWS_REGION='us-west-2'",
                "export AWS_DEFAULT_REGION='us-west-2'",
                "export AWS_ACCESS_KEY_ID='111111111111'",
                "export AWS_SECRET_ACCESS_KEY='made-up-by-sluice'",
                "export AWS_EC2_METADATA_DISABLED='true'");
    }

    @Test
    void envTakesItsDefaultsFromTheEnvironment() {
        CommandRun run = CommandRun.with(Map.of("SLUICE_ENDPOINT", "http://sluice:4574/", "SLUICE_REGION", "eu-west-1",
                "SLUICE_ACCOUNT_ID", "222222222222"), "", Path.of("").toAbsolutePath(), "env");

        assertThat(run.out()).contains("AWS_ENDPOINT_URL='http://sluice:4574'", "AWS_REGION='eu-west-1'",
                "AWS_ACCESS_KEY_ID='222222222222'");
    }
}
