package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The API runs the code that it is given, for anybody who reaches it: what the project's containers publish is for their host alone. */
class PublishedPortsTest {

    /** A published port as docker's flag and as an entry of a compose file, quoted or not. */
    private static final Pattern PUBLISHED =
            Pattern.compile("(?:-p |--publish[ =]|^\\s*- \"?)((?:[\\w.\\[\\]:]*:)?\\d+:\\d+)\\b", Pattern.MULTILINE);

    @Test
    void everyPublishedPortIsOneOfTheLoopback() throws IOException {
        for (String file : List.of("docker-compose.yml", "src/main/docker/Dockerfile")) {
            assertThat(published(Files.readString(Path.of(file)))).as(file).hasSize(2).allMatch(port -> port.startsWith("127.0.0.1:"));
        }
        for (String file : List.of("README.md", "src/site/clusters.md", "src/site/functions.md")) {
            assertThat(published(Files.readString(Path.of(file)))).as(file).allMatch(port -> port.startsWith("127.0.0.1:"));
        }
    }

    @Test
    void otherFormsAreSeenToo() {
        assertThat(published("  - 9092:9092\n  - \"0.0.0.0:80:80\"\ndocker run -p 1:2 --publish=3:4 x")).containsExactly("9092:9092",
                "0.0.0.0:80:80", "1:2", "3:4");
    }

    private static List<String> published(String text) {
        return PUBLISHED.matcher(text).results().map(result -> result.group(1)).toList();
    }
}
