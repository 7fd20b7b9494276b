package dev.sluice.runtime.process;

import static dev.sluice.runtime.process.PythonFunction.error;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How events and answers of functions in Python are read and written (awslambdaric/lambda_runtime_marshaller.py with simplejson). */
class PythonJsonIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;
    private PythonFunctions functions;

    @BeforeEach
    void open() throws IOException {
        functions = new PythonFunctions(directory);
    }

    @AfterEach
    void close() {
        functions.close();
    }

    @Test
    void answersAreTheJsonOfLambdasRuntime() throws IOException {
        PythonFunction function = functions.evaluating();
        String[][] cases = {
                {"None", "null"}, {"True", "true"}, {"''", "\"\""}, {"[]", "[]"}, {"()", "[]"}, {"{}", "{}"},
                {"{'a': [1, 2.50, (3,)], 'b': {'c': None}}", "{\"a\": [1, 2.5, [3]], \"b\": {\"c\": null}}"},
                {"'Zoë € \\U0001F600 </'", "\"Zoë € 😀 </\""}, {"'\\n\\x01\"'", "\"\\n\\u0001\\\"\""},
                {"{1: 2, None: 3, True: 4, 1.5: 5, b'b': 6, Name.A: 7}",
                        "{\"1\": 4, \"null\": 3, \"1.5\": 5, \"b\": 6, \"a\": 7}"},
                {"{2: 2, '2': 3, 'é': (1, {3: []}, {})}", "{\"2\": 2, \"2\": 3, \"é\": [1, {\"3\": []}, {}]}"},
                {"float('nan')", "NaN"}, {"[float('inf'), -float('inf')]", "[Infinity, -Infinity]"},
                {"decimal.Decimal('1.10')", "1.10"}, {"{'pi': decimal.Decimal('3.14159265358979323846')}",
                        "{\"pi\": 3.14159265358979323846}"},
                {"[decimal.Decimal('-NaN'), decimal.Decimal('1E+3')]", "[NaN, 1E+3]"},
                {"{'b': b'text'}", "{\"b\": \"text\"}"}, {"b'{raw: \\xff}'", "{raw: \uFFFD}"}, {"'text'.encode()", "text"},
                {"Level.LOW", "1"}, {"[Name.A, Level.LOW]", "[\"a\", 1]"}, {"2 ** 70", "1180591620717411303424"},
                {"Point(1, [Point(2, 3)])", "{\"x\": 1, \"y\": [{\"x\": 2, \"y\": 3}]}"},
                {"Listed()", "{\"listed\": {\"x\": 1, \"y\": null}}"}, {"collections.OrderedDict(a=1)", "{\"a\": 1}"},
                {"[[x] * 2 for x in [[]]]", "[[[], []]]"},
        };
        for (String[] one : cases) {
            assertThat(function.evaluated(one[0])).as(one[0]).isEqualTo(one[1]);
        }
    }

    @Test
    void upToPython311AnswersAreAscii() throws IOException {
        PythonFunction function = functions.evaluating("AWS_EXECUTION_ENV", "AWS_Lambda_python3.11");
        assertThat(function.evaluated("'Zoë \\U0001F600'")).isEqualTo("\"Zo\\u00eb \\ud83d\\ude00\"");
        assertThat(function.evaluated("{'ë': Point('ë', '\\ud800')}"))
                .isEqualTo("{\"\\u00eb\": {\"x\": \"\\u00eb\", \"y\": \"\\ud800\"}}");
    }

    @Test
    void whatIsNoJsonIsAMarshalError() throws IOException {
        PythonFunction function = functions.evaluating();
        String[][] cases = {
                {"{1, 2}", "Object of type set is not JSON serializable"},
                {"Colour.RED", "Object of type Colour is not JSON serializable"},
                {"[uuid.UUID(int=0)]", "Object of type UUID is not JSON serializable"},
                {"{'a': bytearray(b'x')}", "Object of type bytearray is not JSON serializable"},
                {"later(1, 2)", "Object of type coroutine is not JSON serializable"},
                {"{(1, 2): 3}", "keys must be str, int, float, bool or None, not tuple"},
                {"{'a': {Colour.RED: 3}}", "keys must be str, int, float, bool or None, not Colour"},
                {"[b'\\xff']", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"},
                {"circle()", "Circular reference detected"},
                {"'\\ud800'", "'utf-8' codec can't encode character '\\ud800' in position 1: surrogates not allowed"},
        };
        for (String[] one : cases) {
            JsonNode error = error(function.invoke("an-id", PythonFunction.quoted(one[0])));
            assertThat(error.toString()).as(one[0]).isEqualTo(JSON.createObjectNode()
                    .put("errorMessage", "Unable to marshal response: " + one[1]).put("errorType", "Runtime.MarshalError")
                    .put("requestId", "an-id").set("stackTrace", JSON.createArrayNode()).toString());
            assertThat(function.printed()).contains("[ERROR] Runtime.MarshalError: Unable to marshal response: ")
                    .endsWith("\nTraceback (most recent call last):\n");
        }
        assertThat(error(function.invoke("1", PythonFunction.quoted("deep()"))).path("errorMessage").asText())
                .startsWith("Unable to marshal response: maximum recursion depth exceeded");
        assertThat(function.evaluated("1")).isEqualTo("1");
    }

    @Test
    void anAsyncHandlerIsNotAwaited() throws IOException {
        functions.write("app.py", "async def handler(event, context):\n    return 1\n");
        assertThat(error(functions.start("app.handler").invoke("1", "{}")).path("errorMessage").asText())
                .isEqualTo("Unable to marshal response: Object of type coroutine is not JSON serializable");
    }

    @Test
    void eventsAreDecodedFromUtf8() throws IOException {
        functions.write("app.py", "def handler(event, context):\n    return ascii(event)\n");
        PythonFunction function = functions.start("app.handler");
        String[][] cases = {
                {"{\"a\":[1,2.5,null,true]}", "{'a': [1, 2.5, None, True]}"}, {"\"Zoë 😀\"", "'Zo\\xeb \\U0001f600'"},
                {"\"\\ud83d\\ude00\"", "'\\U0001f600'"}, {"\"\\ud800\"", "'\\ud800'"}, {" 1 ", "1"}, {"\uFEFF{}", "{}"},
                {"12345678901234567890123", "12345678901234567890123"}, {"{\"a\":1,\"a\":2}", "{'a': 2}"},
        };
        for (String[] one : cases) {
            assertThat(function.answer("1", one[0])).as(one[0]).isEqualTo(JSON.writeValueAsString(one[1]));
        }
        assertUnmarshalError(function, "", "Expecting value: line 1 column 1 (char 0)");
        assertUnmarshalError(function, "{\"a\":}", "Expecting value: line 1 column 6 (char 5)");
        JsonNode error = error(function.invoke("1", new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}, null));
        assertThat(error.path("errorMessage").asText()).isEqualTo(
                "Unable to unmarshal input: 'utf-8' codec can't decode byte 0xed in position 1: invalid continuation byte");
    }

    private static void assertUnmarshalError(PythonFunction function, String event, String message) throws IOException {
        JsonNode error = error(function.invoke("1", event));
        assertThat(error.path("errorType").asText()).isEqualTo("Runtime.UnmarshalError");
        assertThat(error.path("errorMessage").asText()).isEqualTo("Unable to unmarshal input: " + message);
    }
}
