package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check has to fail where an answer is wrong, or it holds nothing. */
class ResponseContractTest {

    private static final String MAPPINGS = "/2015-03-31/event-source-mappings";
    private static final String FUNCTION = "/2015-03-31/functions/f";

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~', nullValues = "-",
            textBlock = """
                    POST   | /2015-03-31/event-source-mappings/    | 202 | -                   | {"UUID":"u","BatchSize":100,"Topics":["orders"],"LastModified":1.5}
                    GET    | /2015-03-31/event-source-mappings     | 200 | -                   | {"EventSourceMappings":[{"UUID":"u"}]}
                    GET    | /2015-03-31/functions/a%2Fb           | 200 | -                   | {"Configuration":{"FunctionName":"f"}}
                    DELETE | /2015-03-31/functions/f               | 204 | -                   | ~~
                    POST   | /2015-03-31/functions/f/invocations   | 200 | -                   | [1,2]
                    GET    | /2015-03-31/functions/f               | 404 | ResourceNotFoundException | {"Type":"User","Message":"m"}
                    GET    | /2015-03-31/functions/f               | 403 | MissingAuthenticationTokenException | {"message":"m"}
                    POST   | /2015-03-31/functions/f/invocations   | 429 | TooManyRequestsException | {"Type":"User","Reason":"CallerRateLimitExceeded","message":"m"}
                    GET    | /2015-03-31/no-such-thing             | 404 | UnknownOperationException | <UnknownOperationException/>
                    """)
    void letsDeclaredAnswersPass(String method, String path, int status, String error, String body) {
        assertThatCode(() -> check(method, path, status, error, body)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~', nullValues = "-",
            textBlock = """
                    POST   | /2015-03-31/event-source-mappings     | 202 | -                   | {"UUID":"u","Bogus":1}
                    POST   | /2015-03-31/event-source-mappings     | 202 | -                   | {"UUID":1}
                    POST   | /2015-03-31/event-source-mappings     | 202 | -                   | {"UUID":null}
                    POST   | /2015-03-31/event-source-mappings     | 202 | -                   | {"BatchSize":10001}
                    POST   | /2015-03-31/event-source-mappings     | 202 | -                   | {"FilterCriteria":{"Filters":[{"pattern":"x"}]}}
                    POST   | /2015-03-31/event-source-mappings     | 202 | -                   | {"FunctionArn":"arn:aws:lambda:us-east-1:0:function:f"}
                    POST   | /2015-03-31/event-source-mappings     | 200 | -                   | {"UUID":"u"}
                    POST   | /2015-03-31/event-source-mappings     | 202 | -                   | []
                    POST   | /2015-03-31/event-source-mappings     | 202 | -                   | no json
                    DELETE | /2015-03-31/functions/f               | 204 | -                   | {}
                    GET    | /2015-03-31/no-such-thing             | 200 | -                   | {}
                    GET    | /2015-03-31/functions/f               | 404 | -                   | {"Type":"User","Message":"m"}
                    GET    | /2015-03-31/functions/f               | 404 | ResourceNotFoundException | {"Type":"User","message":"m"}
                    GET    | /2015-03-31/functions/f               | 400 | ResourceNotFoundException | {"Type":"User","Message":"m"}
                    GET    | /2015-03-31/functions/f               | 409 | ResourceConflictException | {"Type":"User","message":"m"}
                    GET    | /2015-03-31/functions/f               | 400 | ValidationException | {"Type":"User","message":"m"}
                    GET    | /2015-03-31/functions/f               | 404 | UnknownOperationException | <UnknownOperationException/>
                    GET    | /2015-03-31/no-such-thing             | 404 | UnknownOperationException | {}
                    GET    | /2015-03-31/no-such-thing             | 404 | ResourceNotFoundException | {"Type":"User","Message":"m"}
                    """)
    void failsForAnyOther(String method, String path, int status, String error, String body) {
        assertThatThrownBy(() -> check(method, path, status, error, body)).isInstanceOf(AssertionError.class)
                .hasMessageContaining(method + " " + path + " answered " + status + ", which breaks openapi/lambda.json");
    }

    @Test
    void wantsARequestIdAndAContentType() {
        assertThatThrownBy(() -> ResponseContract.check("GET", FUNCTION, 200, name -> null, "{}"))
                .hasMessageContaining("x-amzn-RequestId");
        assertThatThrownBy(() -> ResponseContract.check("GET", MAPPINGS, 200, Map.of("x-amzn-RequestId", "1")::get, "{}"))
                .hasMessageContaining("Content-Type");
    }

    @Test
    void looksAtNoOtherPaths() {
        assertThatCode(() -> ResponseContract.check("GET", "/_sluice/health", 200, name -> null, "")).doesNotThrowAnyException();
    }

    private static void check(String method, String path, int status, String error, String body) {
        Map<String, String> headers = new HashMap<>(Map.of("x-amzn-RequestId", "1", "Content-Type", "application/json"));
        if (error != null) {
            headers.put("x-amzn-ErrorType", error);
        }
        ResponseContract.check(method, path, status, headers::get, body);
    }
}
