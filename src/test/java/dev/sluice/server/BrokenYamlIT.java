package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a sluice.yaml that is no YAML: what is wrong, and the line to mend. */
class BrokenYamlIT {

    @TempDir
    private Path directory;

    /** In the text / is a line's end, and > a tab. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', value = {
            "region: us-east-1/functions:/  a:/>url: x/; line 4, column 1: is no YAML: found character '\\t(TAB)' that cannot start any token",
            "port: 1/>host: x/; line 2, column 1: is no YAML: found character '\\t(TAB)' that cannot start any token",
            "region: @x/; line 1, column 9: is no YAML: found character '@' that cannot start any token; put the value in quotes",
            "port: 1/region: %x/; line 2, column 9: is no YAML: found character '%' that cannot start any token; put the value in quotes",
            "region: \"x/port: 3/host: a/; line 1, column 9: is no YAML: found unexpected end of stream, while scanning a quoted scalar that"
                    + " begins here",
            "port: 1/region: 'x/; line 2, column 9: is no YAML: found unexpected end of stream, while scanning a quoted scalar that begins here",
            "functions:/  a:/    url: x/   b: 2/; line 4, column 4: is no YAML: expected <block end>, but found '<block mapping start>', while"
                    + " parsing a block mapping that begins in line 2",
            "port: 1/kafka: [a, b/region: x/; line 3, column 7: is no YAML: expected ',' or ']', but got :, while parsing a flow sequence that"
                    + " begins in line 2",
            "port: 1/kafka: [a, b/; line 2, column 8: is no YAML: expected ',' or ']', but got <stream end>, while parsing a flow sequence that"
                    + " begins here",
            "endpoints: {s3: x/; line 1, column 12: is no YAML: expected ',' or '}', but got <stream end>, while parsing a flow mapping that"
                    + " begins here",
            "port: 1/host/region: x/; line 3, column 1: is no YAML: could not find expected ':', while scanning a simple key that begins in"
                    + " line 2",
            "region: a: b/; line 1, column 10: is no YAML: mapping values are not allowed here",
            "port: 1/region: \u0001/; line 2: is no YAML: the character U+0001 is not allowed"})
    void theProblemComesWithItsLine(String text, String problem) {
        assertThatThrownBy(() -> load(text.replace('/', '\n').replace('>', '\t').getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidConfigException.class).hasMessageContaining("sluice.yaml: " + problem);
    }

    @Test
    void aFileInAnotherEncodingSaysSo() {
        assertThatThrownBy(() -> load("region: ü".getBytes(StandardCharsets.ISO_8859_1)))
                .hasMessageContaining("sluice.yaml: is no UTF-8 text; save it in that encoding");
    }

    private void load(byte[] text) throws IOException {
        Files.write(directory.resolve("sluice.yaml"), text);
        ServerConfig.load(new ConfigSources(directory, null, Map.of(), Map.of(), List.of()));
    }
}
