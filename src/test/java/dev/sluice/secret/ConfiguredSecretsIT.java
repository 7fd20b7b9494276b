package dev.sluice.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.secret.ConfiguredSecrets.Entry;
import dev.sluice.secret.SecretSource.Looked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredSecretsIT {

    private static final String ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/kafka-AbCdEf";

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {ARN, "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/kafka", "prod/kafka-AbCdEf", "prod/kafka"})
    void isFoundByItsArnOrNameWithAndWithoutTheSuffix(String key) {
        assertThat(new ConfiguredSecrets(Map.of(key, new Entry.Value("t"))).look(ARN)).isEqualTo(new Looked.Text("t"));
    }

    @Test
    void theWholeArnCountsBeforeTheName() {
        assertThat(new ConfiguredSecrets(Map.of("prod/kafka", new Entry.Value("any"), ARN, new Entry.Value("this"))).look(ARN))
                .isEqualTo(new Looked.Text("this"));
        assertThat(new ConfiguredSecrets(Map.of("kafka", new Entry.Value("t"))).look(ARN)).isInstanceOf(Looked.NotHere.class);
    }

    @Test
    void readsAFileAtEachLook() throws Exception {
        Path file = dir.resolve("secret.json");
        ConfiguredSecrets secrets = new ConfiguredSecrets(Map.of(ARN, new Entry.InFile(file)));
        assertThat(secrets.look(ARN)).isEqualTo(new Looked.Missing("there is no file " + file));
        Files.writeString(file, "one");
        assertThat(secrets.look(ARN)).isEqualTo(new Looked.Text("one"));
        Files.writeString(file, "two");
        assertThat(secrets.look(ARN)).isEqualTo(new Looked.Text("two"));
        Files.write(file, new byte[] {(byte) 0xff});
        assertThat(secrets.look(ARN)).isEqualTo(new Looked.Missing(file + " is no UTF-8 text"));
        assertThat(secrets.look(ARN) + " " + new ConfiguredSecrets(Map.of("s", new Entry.Value("hunter2")))).doesNotContain("hunter2");
    }
}
