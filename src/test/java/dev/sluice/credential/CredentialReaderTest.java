package dev.sluice.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Pem;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.secret.SecretSource.Looked;
import dev.sluice.secret.Secrets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialReaderTest {

    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBNTCB3aADAgECAghiF4K6qxQlEDAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDEwR0
            ZXN0MCAXDTI2MTIwMTAyMTkyOVoYDzIxMjYxMTA3MDIxOTI5WjAPMQ0wCwYDVQQD
            EwR0ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJaOw1vkt2fWupjDfI3H8
            wkCztdm/bjmHwvgWgfaq5JIyuzvD4+iryqByY5M1LpTmQhFbSPMYfsOmvWWNrwIR
            lqMhMB8wHQYDVR0OBBYEFDrKzKcntB5JVEosHNQHZC+BmahQMAoGCCqGSM49BAMC
            A0cAMEQCIGenRyTjTiiqwlisu9HZ823zYcg6unMjDy/Rk4j3we56AiAGv5wtT+Bp
            Qiy+D+ttsKthVdxed9QJbQ8w4JVye2y5KA==
            -----END CERTIFICATE-----
            """;
    /** As OpenSSL 3 writes it when nothing else is said; of a key that nothing uses. */
    private static final String PBES2 = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgNuJKiaNqHWAICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEGk4TAEbE6bukYZdIhaw2sMEgZCv
            UTf9HBBn81bzKb1/Dc9sytVYR0sPCZt7bLnr3IczskRpiOS4KeS+G5lomElL3RUJ
            wdoOJ3jwEqEucr5alP8cGB8fVQaJ3sSa8s8oZYRuIvff5KFn5vRUBhzn4wV+wU6t
            uj4Em4ySLMc7Aci0OfR3mFKTyDd5RjKQXf52WDBFb8aKhZ9HUiHWzA01Mn1jNfE=
            -----END ENCRYPTED PRIVATE KEY-----
            """;
    private static final KeyPair KEYS = keys();

    private final Map<String, String> texts = new HashMap<>();
    private final Secrets secrets = new Secrets(List.of(arn -> texts.containsKey(arn) ? new Looked.Text(texts.get(arn))
            : new Looked.NotHere("no secret here")), System::nanoTime, Secrets.Patience.DEFAULT);
    private final CredentialReader reader =
            new CredentialReader(secrets, new OAuthTokens(System::nanoTime, Duration.ofSeconds(1), Duration.ofSeconds(1)));

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"BASIC_AUTH,PLAIN,plain.PlainLoginModule", "SASL_SCRAM_256_AUTH,SCRAM-SHA-256,scram.ScramLoginModule",
            "SASL_SCRAM_512_AUTH,SCRAM-SHA-512,scram.ScramLoginModule"})
    void userAndPasswordBecomeALogInOfTheTypesMechanism(String type, String mechanism, String module) throws Exception {
        texts.put("s", "{\"username\":\"alice\",\"password\":\"p\\\"w\",\"more\":1}");
        Credentials read = read(access(type, "s"));
        assertThat(read.settings()).containsOnly(Map.entry("sasl.mechanism", mechanism), Map.entry("sasl.jaas.config",
                "org.apache.kafka.common.security." + module + " required username=\"alice\" password=\"p\\\"w\";"));
        assertThat(read.protocol(true)).isEqualTo(SecurityProtocol.SASL_SSL);
        assertThat(read.protocol(false)).isEqualTo(SecurityProtocol.SASL_PLAINTEXT);
        assertThat(read.toString()).contains(type, "s").doesNotContain("p\\\"w", "alice");
    }

    @Test
    void theStrongestOfTwoLogInsCountsAndTheOtherIsNotAskedFor() throws Exception {
        texts.put("s", "{\"username\":\"alice\",\"password\":\"p\"}");
        assertThat(read(access("BASIC_AUTH", "missing"), access("SASL_SCRAM_512_AUTH", "s")).settings()).containsEntry("sasl.mechanism",
                "SCRAM-SHA-512");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"hush | is no JSON object", "[1] | is no JSON object", "{\"username\":\"hush\"} | has no \"password\"",
                    "{\"username\":\"\",\"password\":\"hush\"} | has no \"username\"",
                    "{\"username\":5,\"password\":\"hush\"} | has no \"username\""})
    void aSecretOfAnotherFormIsNamedWithWhatItNeedsAndWithoutItsContent(String text, String problem) throws Exception {
        texts.put("s", text);
        CredentialAnswer answer = reader.read(List.of(access("BASIC_AUTH", "s")));
        assertThat(answer).isInstanceOfSatisfying(CredentialAnswer.Missing.class, missing -> assertThat(missing.reason())
                .startsWith("The secret s " + problem).contains("BASIC_AUTH needs {\"username\":\"…\",\"password\":\"…\"}")
                .doesNotContain("hush"));
    }

    @Test
    void aSecretThatNobodyHasIsSaidWithWhereItWasLookedFor() throws Exception {
        assertThat(reader.read(List.of(access("BASIC_AUTH", "s")))).isEqualTo(
                new CredentialAnswer.Missing("There is no secret s: no secret here"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PBEWithMD5AndDES", "PBEWithSHA1AndDESede", "PBEWithSHA1AndRC2_40"})
    void aPrivateKeyMayBePlainOrEncryptedWithPbes1(String encryption) throws Exception {
        texts.put("s", encryption.isEmpty() ? certificateSecret(Pem.of("PRIVATE KEY", KEYS.getPrivate().getEncoded()), null)
                : certificateSecret(encrypted(encryption, "right"), "right"));
        Credentials read = read(access("CLIENT_CERTIFICATE_TLS_AUTH", "s"));
        assertThat(read.settings()).containsEntry("ssl.keystore.type", "PEM").containsKeys("ssl.keystore.certificate.chain",
                "ssl.keystore.key");
        assertThat(read.settings().containsKey("ssl.key.password")).isEqualTo(!encryption.isEmpty());
        assertThat(read.protocol(true)).isEqualTo(SecurityProtocol.SSL);
    }

    // JDK 17 can't read PBES2, JDK 25 can; AWS can't.
    @Test
    void aKeyThatAwsDoesNotTakeIsRefusedOnEveryJdk() throws Exception {
        assertInvalid(certificateSecret(PBES2, "right"), "PBES2", "-v1 PBE-SHA1-3DES");
        assertInvalid(certificateSecret(encrypted("PBEWithSHA1AndDESede", "right"), "wrong"), "can't be decrypted");
        assertInvalid(certificateSecret(encrypted("PBEWithSHA1AndDESede", "right"), null), "has no privateKeyPassword");
        assertInvalid(certificateSecret(Pem.of("RSA PRIVATE KEY", new byte[20]), null), "RSA PRIVATE KEY", "openssl pkcs8 -topk8");
        assertInvalid(certificateSecret(Pem.of("PRIVATE KEY", new byte[20]), null), "no PKCS #8 key");
        assertInvalid(certificateSecret("hush", null), "no private key in PEM");
        assertInvalid(certificateSecret("-----BEGIN PRIVATE KEY-----\nh!\n-----END PRIVATE KEY-----", null), "private key");
        assertInvalid("{\"certificate\":\"hush\",\"privateKey\":\"x\"}", "no X.509 certificate in PEM");
        assertInvalid("{\"certificate\":\"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\",\"privateKey\":\"x\"}",
                "no X.509 certificate in PEM");
    }

    private void assertInvalid(String secret, String... parts) throws InterruptedException {
        String arn = "s" + texts.size();
        texts.put(arn, secret);
        assertThat(reader.read(List.of(access("CLIENT_CERTIFICATE_TLS_AUTH", arn)))).isInstanceOfSatisfying(CredentialAnswer.Failed.class,
                failed -> assertThat(failed.cause()).isInstanceOf(InvalidCertificateException.class).hasMessageContainingAll(parts)
                        .hasMessageNotContaining("hush"));
    }

    @Test
    void aRootCaIsATruststoreAndGoesWithALogIn() throws Exception {
        texts.put("ca", "{\"certificate\":" + json(CERTIFICATE) + "}");
        texts.put("s", "{\"username\":\"alice\",\"password\":\"p\"}");
        Credentials read = read(access("SERVER_ROOT_CA_CERTIFICATE", "ca"), access("BASIC_AUTH", "s"));
        assertThat(read.settings()).containsEntry("ssl.truststore.type", "PEM").containsEntry("ssl.truststore.certificates", CERTIFICATE)
                .containsEntry("sasl.mechanism", "PLAIN");
        assertThat(read.versions()).containsOnlyKeys("ca", "s");
        assertThat(read.sasl()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.com/token", "ftp://localhost/token", "https://user:hush@example.com/token", "no url"})
    void aTokenEndpointIsHttpsOrThisMachine(String url) throws Exception {
        texts.put("s", "{\"clientId\":\"c\",\"clientSecret\":\"hush\",\"tokenEndpoint\":" + json(url) + "}");
        assertThat(reader.read(List.of(access("OAUTHBEARER_AUTH", "s")))).isInstanceOfSatisfying(CredentialAnswer.Missing.class,
                missing -> assertThat(missing.reason()).contains("tokenEndpoint of the secret s").doesNotContain("hush"));
    }

    @Test
    void credentialsAreTheSameByNameAndVersions() throws Exception {
        texts.put("s", "{\"username\":\"alice\",\"password\":\"p\"}");
        Credentials first = read(access("BASIC_AUTH", "s"));
        assertThat(read(access("BASIC_AUTH", "s"))).isEqualTo(first).hasSameHashCodeAs(first);
        assertThat(first.outdated(secrets)).isFalse();
        texts.put("s", "{\"username\":\"alice\",\"password\":\"q\"}");
        secrets.lookAt(Set.of("s"));
        assertThat(first.outdated(secrets)).isTrue();
        assertThat(read(access("BASIC_AUTH", "s"))).isNotEqualTo(first);
    }

    private Credentials read(SourceAccessConfiguration... accesses) throws InterruptedException {
        return reader.read(Arrays.asList(accesses)).match(CredentialAnswer.Read::credentials, missing -> {
            throw new AssertionError(missing.reason());
        }, failed -> {
            throw new AssertionError(failed.cause());
        });
    }

    private static SourceAccessConfiguration access(String type, String uri) {
        return new SourceAccessConfiguration(type, uri);
    }

    private static String certificateSecret(String key, String password) {
        return "{\"certificate\":" + json(CERTIFICATE) + ",\"privateKey\":" + json(key)
                + (password == null ? "" : ",\"privateKeyPassword\":" + json(password)) + "}";
    }

    private static String json(String text) {
        return "\"" + text.replace("\n", "\\n") + "\"";
    }

    private static String encrypted(String algorithm, String password) throws Exception {
        byte[] salt = new byte[8];
        new SecureRandom().nextBytes(salt);
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.ENCRYPT_MODE, SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())),
                new PBEParameterSpec(salt, 1_000));
        return Pem.of("ENCRYPTED PRIVATE KEY",
                new EncryptedPrivateKeyInfo(cipher.getParameters(), cipher.doFinal(KEYS.getPrivate().getEncoded())).getEncoded());
    }
}
