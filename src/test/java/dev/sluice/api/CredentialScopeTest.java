package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.mapping.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialScopeTest {

    private static final Scope DEFAULTS = new Scope("000000000000", "us-east-1");
    private final CredentialScope scope = new CredentialScope(DEFAULTS);

    @ParameterizedTest
    @CsvSource({"111111111111, eu-west-1, 111111111111, eu-west-1", "AKIDEXAMPLE, eu-west-1, 000000000000, eu-west-1",
        "11111111111, cn-north-1, 000000000000, cn-north-1", "test, us-gov-west-1, 000000000000, us-gov-west-1"})
    void takesRegionAndAccountFromTheCredential(String keyId, String region, String account, String expectedRegion) {
        assertThat(scope.of("AWS4-HMAC-SHA256 Credential=" + keyId + "/20260101/" + region
                + "/lambda/aws4_request, SignedHeaders=host, Signature=0")).isEqualTo(new Scope(account, expectedRegion));
    }

    @Test
    void usesTheDefaultsWithoutCredential() {
        assertThat(scope.of(null)).isEqualTo(DEFAULTS);
        assertThat(scope.of("Bearer abc")).isEqualTo(DEFAULTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=AKID", "AWS4-HMAC-SHA256 Credential=a/b/c/d/e/f",
        "AWS4-HMAC-SHA256 Credential=a/20260101//lambda/aws4_request", "AWS4-HMAC-SHA256 Credential=a/20260101/us:east/lambda/aws4_request"})
    void refusesABrokenCredential(String authorization) {
        assertThatThrownBy(() -> scope.of(authorization)).isInstanceOfSatisfying(ApiException.class,
                e -> assertThat(e.type()).isEqualTo(ErrorType.INCOMPLETE_SIGNATURE));
    }
}
