package dev.sluice.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsChangeTest {

    private static final FunctionSettings BEFORE = new SettingsChange("java21", "h", "role", "d", 7, 512, Map.of("A", "1"),
            Map.of("Layers", "[\"l\"]", "VpcConfig", "{}")).fromDefaults();

    @Test
    void whatIsLeftOutStays() {
        assertThat(new SettingsChange(null, null, null, null, null, null, null, Map.of()).appliedTo(BEFORE)).isEqualTo(BEFORE);
    }

    // AWS has no member for it, so that no request of it can mean it.
    @Test
    void howItIsRunHereStaysWhateverARequestSays() {
        FunctionSettings before = BEFORE.with(new LocalOptions(Isolation.PROCESS, true, 5005));

        assertThat(new SettingsChange("java17", "other", "r", "e", 8, 128, Map.of(), Map.of("Layers", "[]")).appliedTo(before).local())
                .isEqualTo(before.local());
    }

    @Test
    void whatIsEmptyIsCleared() {
        FunctionSettings after = new SettingsChange(null, null, null, "", null, null, Map.of(),
                Map.of("Layers", "[]", "KMSKeyArn", "\"\"")).appliedTo(BEFORE);

        assertThat(after.description()).isEmpty();
        assertThat(after.environment()).isEmpty();
        assertThat(after.otherMembers()).isEqualTo(Map.of("VpcConfig", "{}"));
        assertThat(after.timeout()).hasSeconds(7);
    }

    // As localstack does after recordings of AWS (test_function_partial_advanced_logging_configuration_update and …_format_switch).
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~',
            textBlock = """
                    {"LogGroup":"g"}                                      | {"LogFormat":"JSON"}          | {"LogGroup":"g","LogFormat":"JSON"}
                    {"LogFormat":"JSON","SystemLogLevel":"DEBUG"}         | {"LogGroup":"g"}              | {"LogFormat":"JSON","SystemLogLevel":"DEBUG","LogGroup":"g"}
                    {"LogFormat":"JSON","SystemLogLevel":"DEBUG"}         | {"ApplicationLogLevel":"WARN"} | {"LogFormat":"JSON","SystemLogLevel":"DEBUG","ApplicationLogLevel":"WARN"}
                    {"LogFormat":"JSON","SystemLogLevel":"DEBUG"}         | {"LogFormat":"Text"}          | {"LogFormat":"Text"}
                    {"LogFormat":"JSON","SystemLogLevel":"DEBUG"}         | {"SystemLogLevel":null}       | {"LogFormat":"JSON","SystemLogLevel":"DEBUG"}
                    {}                                                    | {}                            | {}
                    """)
    void ofLoggingConfigThePartsThatAreLeftOutStayToo(String before, String change, String after) {
        FunctionSettings present = logging(before).appliedTo(BEFORE);

        assertThat(logging(change).appliedTo(present).otherMembers()).containsEntry("LoggingConfig", after);
    }

    // Quoted in aws-cdk#28045.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"ApplicationLogLevel":"DEBUG"}                    | true
            {"LogFormat":"Text","SystemLogLevel":"DEBUG"}      | true
            {"LogFormat":"JSON","SystemLogLevel":"DEBUG"}      | false
            {"LogFormat":"Text","SystemLogLevel":null}         | false
            {"LogGroup":"g"}                                   | false
            """)
    void refusesLogLevelsWithTheFormatText(String config, boolean refused) {
        FunctionSettings settings = logging(config).fromDefaults();
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
        for (SettingsChange change : new SettingsChange[] {of("java21", null, Map.of()), of(null, "h", Map.of()),
                of(null, null, Map.of("Layers", "[\"l\"]"))}) {
            assertThatThrownBy(() -> ConfigurationRules.require(image, change.fromDefaults())).hasMessage(text);
        }
        ConfigurationRules.require(image, of(null, null, Map.of("Layers", "[]")).fromDefaults());
    }

    @ParameterizedTest
    @CsvSource({"java11, true", "java21, true", "java25, true", "java8.al2, false", "python3.12, true", "python3.11, false",
            "dotnet8, true", "nodejs22.x, false", "provided.al2023, false"})
    void someRuntimesHaveNoSnapStart(String runtime, boolean supported) {
        FunctionCode code = new FunctionCode.Archive("x", 1);
        FunctionSettings on = of(runtime, "h", Map.of("SnapStart", "{\"ApplyOn\":\"PublishedVersions\"}")).fromDefaults();
        ConfigurationRules.require(code, of(runtime, "h", Map.of("SnapStart", "{\"ApplyOn\":\"None\"}")).fromDefaults());
        if (supported) {
            ConfigurationRules.require(code, on);
        } else {
            assertThatThrownBy(() -> ConfigurationRules.require(code, on))
                    .hasMessage(runtime + " is not supported for SnapStart enabled functions.");
        }
    }

    private static SettingsChange of(String runtime, String handler, Map<String, String> others) {
        return new SettingsChange(runtime, handler, null, null, null, null, null, others);
    }

    private static SettingsChange logging(String json) {
        return of(null, null, Map.of("LoggingConfig", json));
    }
}
