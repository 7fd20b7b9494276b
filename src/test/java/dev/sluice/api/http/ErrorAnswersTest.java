package dev.sluice.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.function.FunctionException;
import dev.sluice.mapping.MappingException;
import dev.sluice.resource.Tags;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorAnswersTest {

    @Test
    void hasAnAnswerForEveryKindOfRefusal() {
        assertThat(ErrorAnswers.TABLE.keySet()).containsExactlyInAnyOrderElementsOf(Stream.of(
                Stream.of(MappingException.class.getPermittedSubclasses()), Stream.of(FunctionException.class.getPermittedSubclasses()),
                Stream.<Class<?>>of(Tags.Refused.class)).<Class<?>>flatMap(kinds -> kinds).<Class<? extends RuntimeException>>map(
                        kind -> kind.asSubclass(RuntimeException.class))
                .toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            RESOURCE_NOT_FOUND       | ResourceNotFoundException       | 404 | {"Type":"User","Message":"m"}
            INVALID_PARAMETER_VALUE  | InvalidParameterValueException  | 400 | {"Type":"User","message":"m"}
            UNTYPED_INVALID_PARAMETER_VALUE | InvalidParameterValueException | 400 | {"message":"m"}
            RESOURCE_CONFLICT        | ResourceConflictException       | 409 | {"Type":"User","message":"m"}
            PRECONDITION_FAILED      | PreconditionFailedException     | 412 | {"Type":"User","message":"m"}
            INVALID_REQUEST_CONTENT  | InvalidRequestContentException  | 400 | {"Type":"User","message":"m"}
            TOO_MANY_REQUESTS        | TooManyRequestsException        | 429 | {"Type":"User","message":"m"}
            RESOURCE_IN_USE          | ResourceInUseException          | 400 | {"Type":"User","Message":"m"}
            SERVICE                  | ServiceException                | 500 | {"Type":"Service","Message":"m"}
            VALIDATION               | ValidationException             | 400 | {"message":"m"}
            SERIALIZATION            | SerializationException          | 400 | {"message":"m"}
            MALFORMED_HTTP_REQUEST   | MalformedHttpRequestException   | 400 | {"message":"m"}
            MISSING_AUTHENTICATION_TOKEN | MissingAuthenticationTokenException | 403 | {"message":"m"}
            INVALID_SIGNATURE        | InvalidSignatureException       | 403 | {"message":"m"}
            REQUEST_ENTITY_TOO_LARGE | RequestEntityTooLargeException  | 413 | {"message":"m"}
            INCOMPLETE_SIGNATURE     | IncompleteSignatureException    | 403 | {"message":"m"}
            ACCESS_DENIED            | AccessDeniedException           | 403 | {"message":"m"}
            """)
    void spellsBodiesAsAwsDoes(ErrorType type, String name, int status, String body) {
        assertThat(type.awsName()).isEqualTo(name);
        assertThat(type.status()).isEqualTo(status);
        assertThat(new String(Json.bytes(type.body("m", null)), StandardCharsets.UTF_8)).isEqualTo(body);
    }

    @Test
    void keepsTheRecordedLengthOfAPreconditionError() {
        // 149 bytes, recorded 2025-11-25 together with the headers.
        assertThat(Json.bytes(ErrorType.PRECONDITION_FAILED.body("The Revision Id provided does not match the latest Revision Id. "
                + "Call the GetPolicy API to retrieve the latest Revision Id", null))).hasSize(149);
    }

    @Test
    void sendsNullAsTheMessageOfAccessDenied() {
        assertThat(new String(Json.bytes(ErrorType.ACCESS_DENIED.body(null, null)), StandardCharsets.UTF_8))
                .isEqualTo("{\"message\":null}");
    }

    @Test
    void putsTheReasonOfAThrottleBetweenTypeAndMessage() {
        assertThat(new String(Json.bytes(ErrorType.TOO_MANY_REQUESTS.body("Rate Exceeded.", "R")), StandardCharsets.UTF_8))
                .isEqualTo("{\"Type\":\"User\",\"Reason\":\"R\",\"message\":\"Rate Exceeded.\"}");
    }
}
