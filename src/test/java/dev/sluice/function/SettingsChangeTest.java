package dev.sluice.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsChangeTest {

    private static final FunctionSettings BEFORE = new SettingsChange("java21", "h", "role", "d", 7, 512, Map.of("A", "1"),
            List.of("l"), null, null, Map.of("VpcConfig", "{}")).fromDefaults();

    @Test
    void whatIsLeftOutStays() {
        assertThat(new SettingsChange(null, null, null, null, null, null, null, Map.of()).appliedTo(BEFORE)).isEqualTo(BEFORE);
    }

    // AWS has no member for it, so that no request of it can mean it.
    @Test
    void howItIsRunHereStaysWhateverARequestSays() {
        FunctionSettings before = BEFORE.with(new LocalOptions(Isolation.PROCESS, true, 5005));

        assertThat(
                new SettingsChange("java17", "other", "r", "e", 8, 128, Map.of(), List.of(), LoggingConfig.json(LoggingConfig.Level.WARN),
                        SnapStart.PUBLISHED_VERSIONS, Map.of()).appliedTo(before).local())
                .isEqualTo(before.local());
    }

    @Test
    void whatIsEmptyIsCleared() {
        FunctionSettings after = new SettingsChange(null, null, null, "", null, null, Map.of(), List.of(), null, null,
                Map.of("FileSystemConfigs", "[]", "KMSKeyArn", "\"\"")).appliedTo(BEFORE);

        assertThat(after.description()).isEmpty();
        assertThat(after.environment()).isEmpty();
        assertThat(after.layers()).isEmpty();
        assertThat(after.otherMembers()).isEqualTo(Map.of("VpcConfig", "{}"));
        assertThat(after.timeout()).hasSeconds(7);
    }

    // As localstack does after recordings of AWS (test_function_partial_advanced_logging_configuration_update and …_format_switch).
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~',
            textBlock = """
                    -, -, -, g        | JSON, -, -, -    | JSON, -, -, g
                    JSON, -, DEBUG, - | -, -, -, g       | JSON, -, DEBUG, g
                    JSON, -, DEBUG, - | -, WARN, -, -    | JSON, WARN, DEBUG, -
                    JSON, -, DEBUG, - | TEXT, -, -, -    | TEXT, -, -, -
                    JSON, -, DEBUG, - | TEXT, WARN, -, - | TEXT, WARN, -, -
                    JSON, -, DEBUG, - | -, -, -, -       | JSON, -, DEBUG, -
                    -, -, -, -        | -, -, -, -       | -, -, -, -
                    """)
    void ofLoggingConfigThePartsThatAreLeftOutStayToo(String before, String change, String after) {
        FunctionSettings present = logging(config(before)).appliedTo(BEFORE);

        assertThat(logging(config(change)).appliedTo(present).logging()).isEqualTo(config(after));
    }

    // Quoted in aws-cdk#28045.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            -, DEBUG, -, -    | true
            TEXT, -, DEBUG, - | true
            JSON, -, DEBUG, - | false
            TEXT, -, -, -     | false
            -, -, -, g        | false
            """)
    void refusesLogLevelsWithTheFormatText(String config, boolean refused) {
        FunctionSettings settings = logging(config(config)).fromDefaults();
        if (refused) {
            assertThatThrownBy(() -> ConfigurationRules.require(new FunctionCode.Archive("aGFzaA==", 5), settings)).hasMessage(
                    "LogLevel is not supported when LogFormat is set to \"Text\". Remove LogLevel from your request or change the"
                            + " LogFormat to \"Json\" and try again.");
        } else {
            ConfigurationRules.require(new FunctionCode.Archive("aGFzaA==", 5), settings);
        }
    }

    @Test
    void refusesToMixWhatAwsKeepsApart() {
        FunctionCode image = new FunctionCode.Image("repo/i:1");
        String text = "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.";
        for (SettingsChange change : new SettingsChange[] {of("java21", null, null, null), of(null, "h", null, null),
                of(null, null, List.of("l"), null)}) {
            assertThatThrownBy(() -> ConfigurationRules.require(image, change.fromDefaults())).hasMessage(text);
        }
        ConfigurationRules.require(image, of(null, null, List.of(), null).fromDefaults());
    }

    @ParameterizedTest
    @CsvSource({"java11, true", "java21, true", "java25, true", "java8.al2, false", "python3.12, true", "python3.11, false",
            "dotnet8, true", "nodejs22.x, false", "provided.al2023, false"})
    void someRuntimesHaveNoSnapStart(String runtime, boolean supported) {
        FunctionCode code = new FunctionCode.Archive("x", 1);
        FunctionSettings on = of(runtime, "h", null, SnapStart.PUBLISHED_VERSIONS).fromDefaults();
        ConfigurationRules.require(code, of(runtime, "h", null, SnapStart.NONE).fromDefaults());
        if (supported) {
            ConfigurationRules.require(code, on);
        } else {
            assertThatThrownBy(() -> ConfigurationRules.require(code, on))
                    .hasMessage(runtime + " is not supported for SnapStart enabled functions.");
        }
    }

    private static SettingsChange of(String runtime, String handler, List<String> layers, SnapStart snapStart) {
        return new SettingsChange(runtime, handler, null, null, null, null, null, layers, null, snapStart, Map.of());
    }

    private static SettingsChange logging(LoggingConfig config) {
        return new SettingsChange(null, null, null, null, null, null, null, null, config, null, Map.of());
    }

    /** @param parts format, the application's level, the system's and the group; a hyphen for what isn't said */
    private static LoggingConfig config(String parts) {
        String[] part = parts.split(", ");
        return new LoggingConfig(part[0].equals("-") ? null : LoggingConfig.Format.valueOf(part[0]),
                part[1].equals("-") ? null : LoggingConfig.Level.valueOf(part[1]),
                part[2].equals("-") ? null : LoggingConfig.System.valueOf(part[2]),
                part[3].equals("-") ? null : part[3]);
    }
}
