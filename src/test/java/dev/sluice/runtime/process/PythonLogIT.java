package dev.sluice.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What functions in Python print and log (awslambdaric/bootstrap.py, lambda_runtime_log_utils.py). */
class PythonLogIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
    /** Runs the lines of code in the event. */
    private static final String EXECUTES = """
            import contextlib, io, logging, os, sys
            log = logging.getLogger('orders')
            logging.getLogger().warning('loading')
            def handler(event, context):
                exec(event)
            """;

    @TempDir
    Path directory;
    private PythonFunctions functions;

    @BeforeEach
    void open() throws IOException {
        functions = new PythonFunctions(directory);
        functions.write("app.py", EXECUTES);
    }

    @AfterEach
    void close() {
        functions.close();
    }

    private PythonFunction start(String... variables) throws IOException {
        return functions.start("app.handler", variables);
    }

    /** What a function prints for these lines of code. */
    private static String printed(PythonFunction function, String... code) throws IOException {
        assertThat(function.answer("an-id", PythonFunction.quoted(String.join("\n", code)))).as(code[0]).isEqualTo("null");
        return function.printed();
    }

    @Test
    void recordsHaveLevelTimeAndRequest() throws IOException {
        PythonFunction function = start();
        assertThat(function.process().awaitReady()).isEmpty();
        assertThat(function.printed()).matches("\\[WARNING]\t" + TIME + "\t\tloading\n");
        assertThat(printed(function, "log.error('bad %s', 'Zoë')")).matches("\\[ERROR]\t" + TIME + "\tan-id\tbad Zoë\n");
        assertThat(printed(function, "log.info('quiet')", "log.debug('quiet')")).isEmpty();
        assertThat(printed(function, "logging.getLogger().setLevel('INFO')", "log.info('two\\nlines')", "log.info('')"))
                .matches("\\[INFO]\t" + TIME + "\tan-id\ttwo\nlines\n\\[INFO]\t" + TIME + "\tan-id\t\n");
        assertThat(printed(function, "try:", "  1 / 0", "except ZeroDivisionError:", "  log.exception('no')")).matches(
                "\\[ERROR]\t" + TIME + "\tan-id\tno\nTraceback \\(most recent call last\\):\n  File .*\n(.*\n)*"
                        + "ZeroDivisionError: division by zero\n");
        assertThat(printed(function, "logging.basicConfig(level='DEBUG')", "log.info('once')"))
                .matches("\\[INFO]\t" + TIME + "\tan-id\tonce\n");
        assertThat(printed(function, "own = logging.Formatter('%(aws_request_id)s: %(message)s')",
                "logging.getLogger().handlers[0].setFormatter(own)", "log.info('mine')", "log.info('again')"))
                .isEqualTo("an-id: mine\nan-id: again\n");
        assertThat(printed(function, "context.log('told')", "context.log(1)", "context.log('line\\n')")).isEqualTo("told\n1\nline\n");
    }

    @Test
    void whatIsPrintedIsThereBeforeTheAnswerInItsOrder() throws IOException {
        PythonFunction function = start("PYTHONIOENCODING", "ascii");
        function.process().awaitReady();
        function.printed();
        assertThat(printed(function, "print('Zoë €')", "print('error', file=sys.stderr)", "print('no end', end='')",
                "sys.stderr.write(' nor here')", "os.system('echo ; echo child')", "print('last', end='')"))
                .isEqualTo("Zoë €\nerror\nno end nor here\nchild\nlast");
        assertThat(printed(function, "sys.stdout.buffer.write(b'bytes')", "sys.stdout = io.TextIOWrapper(sys.stdout.buffer)",
                "print(' kept back')")).isEqualTo("bytes kept back\n");
        PythonFunction.error(function.invoke("1", PythonFunction.quoted("print('before')\nraise ValueError('the error')")));
        assertThat(function.printed()).startsWith("before\n[ERROR] ValueError: the error\n");
        assertThat(printed(function, "print('x' * 300000)")).hasSize(300_001);
        assertThat(printed(function, "with contextlib.redirect_stdout(io.StringIO()):", "  print('gone')", "  log.error('kept')"))
                .matches("\\[ERROR]\t" + TIME + "\tan-id\tkept\n");
        assertThat(printed(function, "sys.stdout = None", "sys.stderr.close()", "log.error('still')"))
                .matches("\\[ERROR]\t" + TIME + "\tan-id\tstill\n");
        assertThat(printed(function, "pass")).isEmpty();
    }

    @Test
    void whatAKilledFunctionHadPrintedIsThere() throws IOException {
        PythonFunction function = start();
        function.process().awaitReady();
        function.printed();
        function.invoke("1", PythonFunction.quoted("print('.', end='')\nos.kill(os.getpid(), 9)"));
        assertThat(function.printed()).isEqualTo(".");
    }

    @Test
    void theLevelIsTheConfiguredOne() throws IOException {
        PythonFunction function = start("AWS_LAMBDA_LOG_LEVEL", "TRACE");
        assertThat(printed(function, "log.debug('shown')")).matches("(.*\n)\\[DEBUG]\t" + TIME + "\tan-id\tshown\n");
        function = start("AWS_LAMBDA_LOG_LEVEL", "fatal");
        assertThat(printed(function, "log.error('hidden')", "log.critical('shown')"))
                .matches("\\[CRITICAL]\t" + TIME + "\tan-id\tshown\n");
        function = start("AWS_LAMBDA_LOG_LEVEL", "nonsense");
        assertThat(printed(function, "log.info('hidden')")).matches("\\[WARNING].*loading\n");
    }

    @Test
    void asJsonARecordIsOneObjectOnOneLine() throws IOException {
        PythonFunction function = start("AWS_LAMBDA_LOG_FORMAT", "JSON", "AWS_LAMBDA_LOG_LEVEL", "INFO");
        function.process().awaitReady();
        JsonNode first = JSON.readTree(function.printed());
        assertThat(first.path("timestamp").asText()).matches(TIME);
        assertThat(without(first, "timestamp"))
                .isEqualTo("{\"level\":\"WARNING\",\"message\":\"loading\",\"logger\":\"root\",\"requestId\":\"\"}");
        String extra = printed(function, "log.info('%s\\nlines', 'Zoë', extra={'order': [1], 'none': None, 'level': 'x'})");
        assertThat(without(JSON.readTree(extra), "timestamp")).isEqualTo("{\"level\":\"INFO\",\"message\":\"Zoë\\nlines\","
                + "\"logger\":\"orders\",\"requestId\":\"an-id\",\"order\":[1]}");
        assertThat(without(JSON.readTree(printed(function, "log.log(25, 'between')")), "timestamp")).startsWith("{\"level\":\"INFO\"");
        assertThat(printed(function, "print('plain')")).isEqualTo("plain\n");

        String line = printed(function, "def fail():", "  raise ValueError('bad')", "try:", "  fail()", "except ValueError:",
                "  log.exception('no')");
        JsonNode caught = JSON.readTree(line);
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(caught.path("errorType").asText()).isEqualTo("ValueError");
        assertThat(caught.path("errorMessage").asText()).isEqualTo("bad");
        assertThat(caught.path("stackTrace")).hasSize(2);
        assertThat(caught.path("location").asText()).isEqualTo("<string>:<module>:6");
    }

    @Test
    void asJsonAnErrorIsOneObjectOnOneLine() throws IOException {
        PythonFunction function = start("AWS_LAMBDA_LOG_FORMAT", "JSON", "AWS_LAMBDA_LOG_LEVEL", "ERROR");
        JsonNode answered = PythonFunction.error(function.invoke("an-id", PythonFunction.quoted("raise ValueError('two\\nlines')")));
        String line = function.printed();
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        JsonNode logged = JSON.readTree(line);
        assertThat(logged.path("timestamp").asText()).matches(TIME);
        assertThat(logged.path("level").asText()).isEqualTo("ERROR");
        assertThat(without(logged, "timestamp", "level")).isEqualTo(answered.toString());
        assertThat(answered.path("errorMessage").asText()).isEqualTo("two\nlines");
    }

    /** Lambda's runtime lets them reach the handler: what can't be logged there must not seem to work here. */
    @Test
    void whatCanNotBeLoggedFailsTheHandler() throws IOException {
        PythonFunction function = start("AWS_LAMBDA_LOG_FORMAT", "JSON");
        assertThat(PythonFunction.error(function.invoke("1", PythonFunction.quoted("log.error('x', extra={'a': object()})")))
                .path("errorMessage").asText()).isEqualTo("Object of type object is not JSON serializable");
        assertThat(PythonFunction.error(function.invoke("1", PythonFunction.quoted("log.error('%d', 'x')")))
                .path("errorType").asText()).isEqualTo("TypeError");
        assertThat(PythonFunction.error(start().invoke("1", PythonFunction.quoted("print('\\ud800')")))
                .path("errorType").asText()).isEqualTo("UnicodeEncodeError");
    }

    private static String without(JsonNode object, String... names) {
        for (String name : names) {
            ((ObjectNode) object).remove(name);
        }
        return object.toString();
    }
}
