package dev.sluice.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

    private static final List<String> NAMES = List.of("jar", "url", "invokeUrl", "handler", "timeoutSeconds", "memoryMb", "environment");

    @ParameterizedTest
    @CsvSource({"timout, timeoutSeconds", "timeout, timeoutSeconds", "memory, memoryMb", "memory_mb, memoryMb", "MemoryMB, memoryMb",
            "handlr, handler", "env, environment", "invokeURL, invokeUrl", "jra, jar"})
    void findsTheNameThatWasMeant(String written, String meant) {
        assertThat(NearestName.of(written, NAMES)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"reservedConcurrency", "role", "description"})
    void findsNoneWhenNoneIsNear(String written) {
        assertThat(NearestName.of(written, NAMES)).isEmpty();
        assertThat(NearestName.suggestion(written, NAMES)).startsWith("allowed are jar, url");
    }
}
