package dev.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.AwsStub;
import dev.sluice.fixture.AwsStub.Refusal;
import dev.sluice.secret.SecretSource.Looked;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the AWS SDK asks Secrets Manager in our name, seen by a server of this test. */
class SecretsManagerSourceIT {

    private static final String ARN = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:orders-AbCdEf";

    private final AwsStub aws = new AwsStub();
    private final SecretsManagerSource secrets = source(aws.url());

    private static SecretsManagerSource source(URI endpoint) {
        return new SecretsManagerSource(new AwsEndpoints(null, null, null, endpoint));
    }

    @AfterEach
    void close() {
        secrets.close();
        aws.close();
    }

    @Test
    void asksInTheRegionOfTheArn() {
        aws.refuse(answer(200, "{\"ARN\":\"" + ARN + "\",\"SecretString\":\"{\\\"username\\\":\\\"a\\\"}\"}"));
        assertThat(secrets.look(ARN)).isEqualTo(new Looked.Text("{\"username\":\"a\"}"));
        assertThat(aws.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.operation()).isEqualTo("secretsmanager.GetSecretValue");
            assertThat(asked.body()).isEqualTo("{\"SecretId\":\"" + ARN + "\"}");
            assertThat(asked.headers().getFirst("Authorization")).contains("/eu-west-1/secretsmanager/");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ResourceNotFoundException", "AccessDeniedException", "DecryptionFailure", "InvalidRequestException"})
    void aRefusalIsFinalAndNamesEndpointAndCode(String code) {
        aws.refuse(answer(400, "{\"__type\":\"" + code + "\",\"Message\":\"no such secret\"}"));
        assertThat(secrets.look(ARN)).isInstanceOfSatisfying(Looked.Missing.class,
                missing -> assertThat(missing.reason()).contains(aws.url().toString(), code));
    }

    @Test
    void aSecretOfBytesIsNone() {
        aws.refuse(answer(200, "{\"ARN\":\"" + ARN + "\",\"SecretBinary\":\"AAAA\"}"));
        assertThat(secrets.look(ARN)).isInstanceOfSatisfying(Looked.Missing.class,
                missing -> assertThat(missing.reason()).contains("has no SecretString"));
    }

    @Test
    void whatMayPassIsNotFinal() {
        Refusal broken = answer(500, "{\"__type\":\"InternalServiceError\",\"Message\":\"broken\"}");
        aws.refuse(broken, broken, broken, broken, broken);
        assertThat(secrets.look(ARN)).isInstanceOf(Looked.Unavailable.class);
        try (SecretsManagerSource nobody = source(URI.create("http://localhost:1"))) {
            assertThat(nobody.look(ARN)).isInstanceOfSatisfying(Looked.Unavailable.class,
                    unavailable -> assertThat(unavailable.reason()).contains("http://localhost:1"));
        }
    }

    @Test
    void aNameThatIsNoArnIsNotAskedFor() {
        assertThat(secrets.look("orders")).isInstanceOf(Looked.NotHere.class);
        assertThat(aws.asked()).isEmpty();
    }

    private static Refusal answer(int status, String body) {
        return new Refusal(status, "application/x-amz-json-1.1", body);
    }
}
