package dev.sluice.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what Kafka reads. */
class JaasTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"plain", "a\"b", "back\\slash", "ends with \\", "semi;colon", "new\nline", "re\rturn\r\n", "Ünïcödé ☃ 𝄞", "\t tab",
                    "' single '", "required", "\\n is no newline", "\\101 octal", "=a=b", "${a}", "/* no comment */ // nor this", " "})
    void comesOutAsItWentIn(String password) {
        assertThat(read(password)).isEqualTo(Map.of("username", "u", "password", password));
    }

    @Test
    void comesOutAsItWentInWhateverItIs() {
        Random random = new Random(1);
        String letters = "ab\"\\;\n\r\t'=ü☃ {}$/*0u";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder password = new StringBuilder();
            int length = 1 + random.nextInt(12);
            for (int j = 0; j < length; j++) {
                password.append(letters.charAt(random.nextInt(letters.length())));
            }
            assertThat(read(password.toString()).get("password")).isEqualTo(password.toString());
        }
    }

    private static Map<String, ?> read(String password) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("username", "u");
        options.put("password", password);
        String text = JaasText.of("scram.ScramLoginModule", options);
        return JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(text))).configurationEntries().get(0)
                .getOptions();
    }
}
