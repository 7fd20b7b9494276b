package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.LocalOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InvocationLimitsTest {

    private static final InvocationLimits LIMITS = InvocationLimits.defaults();
    private static final Path HERE = Path.of("").toAbsolutePath();

    /** How many run at once by default, with 3 reserved, with 0 reserved, and with a debugger's port. */
    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(new FunctionCode.Archive("hash", 1), 10, 3, 0, 1),
                Arguments.of(new FunctionCode.LocalJar(HERE.resolve("f.jar")), 10, 3, 0, 1),
                Arguments.of(new FunctionCode.LocalTree(List.of(new ClassPathEntry(HERE, null))), 10, 3, 0, 1),
                Arguments.of(FunctionCode.LocalTree.ofDirectory(HERE), 10, 3, 0, 1),
                Arguments.of(new FunctionCode.LocalDirectory(HERE, List.of()), 10, 3, 0, 1),
                Arguments.of(new FunctionCode.LocalDirectory(HERE, List.of("node", "server.mjs")), 10, 3, 0, 1),
                Arguments.of(new FunctionCode.Attached(), 10, 3, 0, 1),
                Arguments.of(new FunctionCode.HttpEndpoint(URI.create("http://localhost:1/"), false), 50, 3, 0, 1),
                Arguments.of(new FunctionCode.Image("image"), 10, 3, 0, 1));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void ofEachKindSoManyRunAtOnce(FunctionCode code, int byDefault, int reserved, int nothing, int debugged) {
        FunctionDefinition function = function(code, LocalOptions.DEFAULT);
        assertThat(LIMITS.concurrency(function)).isEqualTo(byDefault);
        assertThat(LIMITS.concurrency(function.withReservedConcurrency(3))).isEqualTo(reserved);
        assertThat(LIMITS.concurrency(function.withReservedConcurrency(0))).isEqualTo(nothing);
        FunctionDefinition halted = function(code, new LocalOptions(null, false, 5005));
        assertThat(LIMITS.concurrency(halted)).isEqualTo(debugged);
        assertThat(LIMITS.concurrency(halted.withReservedConcurrency(3))).isEqualTo(debugged);
        assertThat(LIMITS.concurrency(halted.withReservedConcurrency(0))).isZero();
    }

    @Test
    void everyKindIsInTheTable() {
        assertThat(kinds().<Object>map(each -> each.get()[0].getClass()).distinct().toList())
                .containsExactlyInAnyOrder((Object[]) FunctionCode.class.getPermittedSubclasses());
    }

    private static FunctionDefinition function(FunctionCode code, LocalOptions local) {
        return new FunctionDefinition(null, FunctionDefinition.Origin.CONTROL_API, FunctionVersion.latest("f", code,
                new FunctionSettings(null, null, null, "", Duration.ofSeconds(3), 128, Map.of()).with(local), Instant.EPOCH, "r"));
    }
}
