package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;

/** Looks for a cause in the control API and on the command line, and runs its command. */
public final class FoundCause {

    private final TestServer server;

    public FoundCause(TestServer server) {
        this.server = server;
    }

    JsonNode first(String uuid) {
        return server.detail(uuid).path("diagnosis").path(0);
    }

    /** Found first by the control API and, in the same words, on the command line. */
    public JsonNode await(String uuid, String code) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50))
                .until(() -> first(uuid).path("code").asText(), code::equals);
        JsonNode found = first(uuid);
        String sentence = found.path("sentence").asText();
        assertThat(sentence.length()).isLessThanOrEqualTo(120);
        String stem = sentence.replaceFirst("(?s) (?:ends in|in|from|up to|\\d).*", "");
        assertThat(sluice("mappings", uuid).out())
                .containsIgnoringCase(code.startsWith("disabled") ? "go on with:\n  " + found.path("command").asText() : stem);
        if (!MappingPrint.QUIET.contains(code)) {
            assertThat(sluice("mappings").out()).contains(uuid.substring(0, 8) + "  " + stem);
            assertThat(sluice("status").out()).contains(uuid.substring(0, 8) + "  " + stem);
        }
        return found;
    }

    /** The command of a cause, which must be one of ours and end well. */
    public CommandRun run(JsonNode found) {
        String[] command = found.path("command").asText().split(" ");
        assertThat(command[0]).isEqualTo("sluice");
        CommandRun run = sluice(Arrays.copyOfRange(command, 1, command.length));
        assertThat(run.status()).as(found + run.err()).isZero();
        return run;
    }

    CommandRun sluice(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--endpoint", server.endpoint().toString()));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
