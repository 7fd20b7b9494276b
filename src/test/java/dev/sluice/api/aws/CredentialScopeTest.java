package dev.sluice.api.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.ErrorType;
import dev.sluice.resource.Scope;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialScopeTest {

    private static final Scope DEFAULTS = new Scope("000000000000", "us-east-1");
    private static final String REQUIRED = "Authorization header requires 'Credential' parameter. "
            + "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.";
    private final CredentialScope scope = new CredentialScope(DEFAULTS, "lambda");

    @ParameterizedTest
    @CsvSource({"111111111111, eu-west-1, 111111111111, eu-west-1", "AKIDEXAMPLE, eu-west-1, 000000000000, eu-west-1",
            "11111111111, cn-north-1, 000000000000, cn-north-1", "test, us-gov-west-1, 000000000000, us-gov-west-1"})
    void takesRegionAndAccountFromTheCredential(String keyId, String region, String account, String expectedRegion) {
        Scope expected = new Scope(account, expectedRegion);
        String credential = keyId + "/20260101/" + region + "/lambda/aws4_request";
        assertThat(of("AWS4-HMAC-SHA256 Credential=" + credential + ", SignedHeaders=host, Signature=0")).isEqualTo(expected);
        assertThat(of("AWS4-HMAC-SHA256  SignedHeaders=host,Signature=0,Credential=" + credential)).isEqualTo(expected);
        assertThat(scope.of(name -> null, Map.of("X-Amz-Algorithm", "AWS4-HMAC-SHA256", "X-Amz-Credential", credential)::get))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"-, us-east-1", "eu-west-1, eu-west-1", "*, us-east-1", "'eu-west-1,eu-west-2', us-east-1"})
    void takesTheRegionOfVersion4AFromItsRegionSetWhenThatIsOne(String regionSet, String region) {
        Map<String, String> headers = regionSet == null ? Map.of("Authorization", version4A())
                : Map.of("Authorization", version4A(), "X-Amz-Region-Set", regionSet);
        assertThat(scope.of(headers::get, name -> null)).isEqualTo(new Scope("111111111111", region));
    }

    @Test
    void refusesARequestWithoutCredentialAndSaysHowToSign() {
        for (String authorization : new String[] {null, "", "  "}) {
            ApiException refusal = refusal(authorization);
            assertThat(refusal).hasMessage("Missing Authentication Token");
            assertThat(refusal.type()).isEqualTo(ErrorType.MISSING_AUTHENTICATION_TOKEN);
            assertThat(refusal.hint()).contains("curl --aws-sigv4 aws:amz:us-east-1:lambda --user 000000000000:test");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~',
            textBlock = """
                    Bearer abc                        | not a valid key=value pair (missing equal-sign) in Authorization header.
                    Basic dXNlcjpwYXNzd29yZA==        | REQUIRED
                    abc                               | REQUIRED
                    AWS4-HMAC-SHA256                  | REQUIRED
                    AWS4-HMAC-SHA256 Signature=0, SignedHeaders=host | Authorization header requires 'Credential' parameter.
                    AWS4-HMAC-SHA1 Credential=a/20260101/us-east-1/lambda/aws4_request | Unsupported AWS 'algorithm'.
                    AWS4-HMAC-SHA256 Credential=AKID  | Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term
                    AWS4-HMAC-SHA256 Credential=      | Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term
                    AWS4-HMAC-SHA256 Credential=a/b/c/d/e/f | Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term
                    AWS4-ECDSA-P256-SHA256 Credential=a/b/c/lambda/aws4_request | Credential must have exactly 4 slash-delimited elements, e.g. keyid/date/service/term
                    AWS4-HMAC-SHA256 Credential=a/20260101//lambda/aws4_request | Credential has the region ''; allowed are letters, digits and hyphens, e.g. us-east-1
                    AWS4-HMAC-SHA256 Credential=a/20260101/us:east/lambda/aws4_request | Credential has the region 'us:east'; allowed are letters, digits and hyphens, e.g. us-east-1
                    """)
    void refusesABrokenCredentialWithoutQuotingIt(String authorization, String message) {
        ApiException refusal = refusal(authorization);
        assertThat(refusal.type()).isEqualTo(ErrorType.INCOMPLETE_SIGNATURE);
        assertThat(refusal).hasMessage("REQUIRED".equals(message) ? REQUIRED : message);
    }

    @Test
    void refusesAQueryWithoutCredential() {
        ApiException refusal = catchThrowableOfType(ApiException.class,
                () -> scope.of(name -> null, Map.of("X-Amz-Algorithm", "AWS4-HMAC-SHA256")::get));
        assertThat(refusal.type()).isEqualTo(ErrorType.INCOMPLETE_SIGNATURE);
        assertThat(refusal).hasMessageStartingWith("AWS query-string parameters must include 'X-Amz-Credential'.");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~', textBlock = """
            s3/aws4_request     | ~Credential should be scoped to correct service: 'lambda'. ~
            lambda/aws3_request | ~Credential should be scoped with a valid terminator: 'aws4_request'. ~
            """)
    void refusesACredentialForAnotherServiceInAwsWords(String end, String message) {
        ApiException refusal = refusal("AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/" + end + ", SignedHeaders=host, Signature=0");
        assertThat(refusal.type()).isEqualTo(ErrorType.INVALID_SIGNATURE);
        assertThat(refusal).hasMessage(message);
    }

    private static String version4A() {
        return "AWS4-ECDSA-P256-SHA256 Credential=111111111111/20260101/lambda/aws4_request, SignedHeaders=host, Signature=0";
    }

    private Scope of(String authorization) {
        return scope.of(name -> "Authorization".equals(name) ? authorization : null, name -> null);
    }

    private ApiException refusal(String authorization) {
        return catchThrowableOfType(ApiException.class, () -> of(authorization));
    }
}
