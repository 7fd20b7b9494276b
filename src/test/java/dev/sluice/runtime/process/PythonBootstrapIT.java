package dev.sluice.runtime.process;

import static dev.sluice.runtime.process.PythonFunction.error;
import static dev.sluice.runtime.process.PythonFunction.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Handlers in Python, run by the bootstrap. What is expected is what AWS's own runtime does (awslambdaric/bootstrap.py and
 * lambda_context.py of aws-lambda-python-runtime-interface-client), down to the texts.
 */
class PythonBootstrapIT {

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
    void anErrorSaysWhereInTheFunctionItWasRaised() throws IOException {
        functions.write("app.py", """
                class OrderError(Exception):
                    pass

                def check(order):
                    raise OrderError('order ' + order +
                                     '\\nis bad')

                def handler(event, context):
                    if event == 'bare':
                        raise OrderError
                    if event == 'surrogate':
                        raise OrderError('\\ud800')
                    try:
                        {}['x']
                    except KeyError as e:
                        check(event)

                def narrow(event):
                    pass
                """);
        PythonFunction function = functions.start("app.handler");
        Path app = functions.taskRoot().resolve("app.py");
        Result result = function.invoke("an-id", "\"Zoë\"");
        assertThat(text(result)).isEqualTo("OrderError {\"errorMessage\": \"order Zoë\\nis bad\", \"errorType\": \"OrderError\", "
                + "\"requestId\": \"an-id\", \"stackTrace\": ["
                + "\"  File \\\"" + app + "\\\", line 16, in handler\\n    check(event)\\n\", "
                + "\"  File \\\"" + app + "\\\", line 5, in check\\n    raise OrderError('order ' + order +\\n\"]}");
        assertThat(function.printed()).isEqualTo("[ERROR] OrderError: order Zoë\nis bad\nTraceback (most recent call last):\n"
                + "  File \"" + app + "\", line 16, in handler\n    check(event)\n"
                + "  File \"" + app + "\", line 5, in check\n    raise OrderError('order ' + order +\n");

        assertThat(text(function.invoke("1", "\"bare\""))).startsWith("OrderError {\"errorMessage\": \"\", \"errorType\": \"Ord");
        assertThat(function.printed()).startsWith("[ERROR] OrderError\nTraceback");
        assertThat(text(function.invoke("1", "\"surrogate\""))).startsWith("OrderError {\"errorMessage\": \"\\ud800\"");
        assertThat(function.printed()).startsWith("[ERROR] OrderError: \\ud800\nTraceback");

        JsonNode error = error(functions.start("app.narrow").invoke("1", "{}"));
        assertThat(error.path("errorMessage").asText()).isEqualTo("narrow() takes 1 positional argument but 2 were given");
        assertThat(error.path("errorType").asText()).isEqualTo("TypeError");
        assertThat(error.path("stackTrace")).isEmpty();
    }

    @Test
    void handlersAreFoundWhereLambdaFindsThem() throws IOException {
        String code = "def handler(event, context):\n    return __name__\n";
        functions.write("app.py", code);
        functions.write("src/app.py", code);
        functions.write("src/deep/app.py", code);
        functions.write("package/__init__.py", "handler = lambda event, context: 'package'\n");
        functions.write("package/bootstrap.py", code);
        functions.write("bootstrap.py", code);
        functions.write("json.py", "raise Exception('not the standard one')");
        functions.write("class_.py", "class Handler:\n def __call__(self, event, context):\n  return 'x'\nhandler = Handler()\n");
        String[][] cases = {
                {"app.handler", "app"}, {"src/app.handler", "src.app"}, {"src.app.handler", "src.app"},
                {"src/deep/app.handler", "src.deep.app"}, {"src/deep.app.handler", "src.deep.app"}, {"package.handler", "package"},
                {"package.bootstrap.handler", "package.bootstrap"}, {"bootstrap.handler", "bootstrap"}, {"class_.handler", "x"},
        };
        for (String[] one : cases) {
            assertThat(functions.start(one[0]).answer("1", "{}")).as(one[0]).isEqualTo("\"" + one[1] + "\"");
        }
    }

    @Test
    void aHandlerThatIsNotFoundIsAnErrorOfTheStart() throws IOException {
        functions.write("app.py", "class Orders:\n    @staticmethod\n    def handler(event, context):\n        return 1\n");
        functions.write("needs.py", "import missing_dependency\n");
        functions.write("partly.py", "from app import missing\n");
        String[][] cases = {
                {"handler", "Runtime.MalformedHandlerName", "Bad handler 'handler': not enough values to unpack (expected 2, got 1)"},
                {"", "Runtime.MalformedHandlerName", "Bad handler '': not enough values to unpack (expected 2, got 1)"},
                {"other.handler", "Runtime.ImportModuleError", "Unable to import module 'other': No module named 'other'"},
                {"src/other.handler", "Runtime.ImportModuleError", "Unable to import module 'src/other': No module named 'src'"},
                {"needs.handler", "Runtime.ImportModuleError", "Unable to import module 'needs': No module named 'missing_dependency'"},
                {"partly.handler", "Runtime.ImportModuleError", "Unable to import module 'partly': "
                        + "cannot import name 'missing' from 'app' (" + functions.taskRoot().resolve("app.py") + ")"},
                {"app.Orders.handler", "Runtime.ImportModuleError",
                        "Unable to import module 'app.Orders': No module named 'app.Orders'; 'app' is not a package"},
                {"app.missing", "Runtime.HandlerNotFound", "Handler 'missing' missing on module 'app'"},
                {"sys.handler", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys as a handler module"},
                {"time.sub.handler", "Runtime.BuiltInModuleConflict", "Cannot use built-in module time.sub as a handler module"},
        };
        for (String[] one : cases) {
            PythonFunction function = functions.start(one[0]);
            JsonNode error = error(function.process().awaitReady().orElseThrow());
            assertThat(error.toString()).as(one[0]).isEqualTo(JSON.createObjectNode().put("errorMessage", one[2])
                    .put("errorType", one[1]).put("requestId", "").set("stackTrace", JSON.createArrayNode()).toString());
            assertThat(function.printed()).isEqualTo("[ERROR] " + one[1] + ": " + one[2] + "\nTraceback (most recent call last):\n");
            assertThat(function.process().onExit()).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void aModuleThatDoesNotLoadIsAnErrorOfTheStart() throws IOException {
        functions.write("syntax.py", "def handler(event, context)\n    return 1\n");
        functions.write("raises.py", "def load():\n    raise ValueError('no table')\nload()\n");
        functions.write("exits.py", "import sys\nprint('leaving')\nsys.exit(3)\n");

        JsonNode syntax = error(functions.start("syntax.handler").process().awaitReady().orElseThrow());
        assertThat(syntax.path("errorType").asText()).isEqualTo("Runtime.UserCodeSyntaxError");
        assertThat(syntax.path("errorMessage").asText()).startsWith("Syntax error in module 'syntax': ")
                .endsWith(" (syntax.py, line 1)");
        assertThat(syntax.path("stackTrace")).hasSize(1);
        assertThat(syntax.path("stackTrace").path(0).asText())
                .isEqualTo("  File \"" + functions.taskRoot().resolve("syntax.py") + "\" Line 1\n    def handler(event, context)\n");

        JsonNode raised = error(functions.start("raises.handler").process().awaitReady().orElseThrow());
        assertThat(raised.path("errorType").asText()).isEqualTo("ValueError");
        assertThat(raised.path("errorMessage").asText()).isEqualTo("no table");
        assertThat(raised.path("requestId").asText()).isEmpty();
        assertThat(raised.path("stackTrace").path(0).asText()).contains("importlib");
        assertThat(raised.path("stackTrace").path(raised.path("stackTrace").size() - 1).asText())
                .startsWith("  File \"" + functions.taskRoot().resolve("raises.py") + "\", line 2, in load\n    raise ValueError(");

        PythonFunction exits = functions.start("exits.handler");
        assertThat(exits.process().awaitReady()).contains(new Result.Exited("exit status 3"));
        assertThat(exits.printed()).isEqualTo("leaving\n");
    }

    @Test
    void whatIsNoExceptionEndsTheProcess() throws IOException {
        String[][] cases = {
                {"sys.exit()", null}, {"sys.exit(4)", "exit status 4"}, {"sys.exit('why')", "exit status 1"},
                {"os._exit(5)", "exit status 5"}, {"exec('raise KeyboardInterrupt')", "signal: interrupt"},
                {"exec('raise Surprise')", "exit status 1"},
                {"os.kill(os.getpid(), 9)", "signal: killed"},
        };
        for (String[] one : cases) {
            Result result = functions.evaluating().invoke("1", PythonFunction.quoted(one[0]));
            assertThat(result).as(one[0]).isEqualTo(new Result.Exited(one[1]));
        }
    }

    /** By the signal, not by the other one that comes half a second later. */
    @Test
    void aProcessEndsAtOnceWhenItIsAskedTo() throws IOException {
        PythonFunction busy = functions.evaluating();
        CompletableFuture<Result> result = CompletableFuture.supplyAsync(
                () -> busy.invoke("1", "\"sys.stdout.write('!') and time.sleep(60)\""), run -> new Thread(run).start());
        await().until(() -> busy.printed().equals("!"));
        busy.process().stop();
        assertThat(result).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(new Result.Exited("signal: terminated"));
    }

    @Test
    void theContextIsThatOfLambda() throws IOException {
        functions.write("app.py", """
                def handler(event, c):
                    left = c.get_remaining_time_in_millis()
                    client = c.client_context
                    return {
                        'own': [c.aws_request_id, c.log_group_name, c.log_stream_name, c.function_name, c.memory_limit_in_mb,
                                c.function_version, c.invoked_function_arn, c.tenant_id, c.w3c()],
                        'left': type(left) is int and 50000 < left <= 60000,
                        'identity': [c.identity.cognito_identity_id, c.identity.cognito_identity_pool_id],
                        'client': client and [client.custom, client.env, client.client and client.client.app_title,
                                              client.client and client.client.installation_id],
                        'names': sorted(n for n in vars(c) if n[0] != '_'), 'text': repr(c),
                        'type': type(c).__name__,
                    }
                """);
        PythonFunction function = functions.start("app.handler");
        JsonNode plain = JSON.readTree(function.answer("an-id", "{}"));
        assertThat(plain.path("own").toString()).isEqualTo("[\"an-id\",\"/aws/lambda/orders\",\"2026/11/24/[$LATEST]0\",\"orders\","
                + "\"128\",\"$LATEST\",\"" + PythonFunction.ARN + "\",null,{}]");
        assertThat(plain.path("left").asBoolean()).isTrue();
        assertThat(plain.path("identity").toString()).isEqualTo("[null,null]");
        assertThat(plain.path("client").isNull()).isTrue();
        assertThat(plain.path("type").asText()).isEqualTo("LambdaContext");
        assertThat(plain.path("names").toString()).isEqualTo("[\"aws_request_id\",\"client_context\",\"function_name\","
                + "\"function_version\",\"identity\",\"invoked_function_arn\",\"log_group_name\",\"log_stream_name\","
                + "\"memory_limit_in_mb\",\"tenant_id\"]");
        assertThat(plain.path("text").asText()).isEqualTo("LambdaContext([aws_request_id=an-id,log_group_name=/aws/lambda/orders,"
                + "log_stream_name=2026/11/24/[$LATEST]0,function_name=orders,memory_limit_in_mb=128,function_version=$LATEST,"
                + "invoked_function_arn=" + PythonFunction.ARN + ",client_context=None,identity=CognitoIdentity(["
                + "cognito_identity_id=None,cognito_identity_pool_id=None]),tenant_id=None])");

        JsonNode told = JSON.readTree(text(function.invokeWith("{\"custom\":{\"name\":\"Zoë €\"},\"env\":{\"a\":1},"
                + "\"client\":{\"app_title\":\"shop\"},\"w3c\":{\"traceparent\":\"00-1\",\"other\":\"x\",\"baggage\":1}}")));
        assertThat(told.path("client").toString()).isEqualTo("[{\"name\":\"Zoë €\"},{\"a\":1},\"shop\",null]");
        assertThat(told.path("own").path(8).toString()).isEqualTo("{\"traceparent\":\"00-1\"}");
        JsonNode error = error(function.invokeWith("{no"));
        assertThat(error.path("errorType").asText()).isEqualTo("Runtime.LambdaContextUnmarshalError");
        assertThat(error.path("errorMessage").asText()).startsWith("Unable to parse Client Context JSON: Expecting property name");
        assertThat(error(function.invokeWith("[]")).path("errorMessage").asText())
                .isEqualTo("'list' object has no attribute 'get'");
    }

    @Test
    void everyEventHasItsTrace() throws IOException {
        PythonFunction function = functions.evaluating();
        for (String id : new String[] {"1", "2"}) {
            assertThat(function.answer(id, PythonFunction.quoted("os.environ['_X_AMZN_TRACE_ID']"))).isEqualTo("\"Root=" + id + "\"");
        }
    }

    @Test
    void theTaskRootIsSearchedFirstThenTheLayersThenPythonsOwn() throws IOException {
        Path layer = directory.resolve("layer");
        PythonFunction function = functions.evaluating("PYTHONPATH", layer + ":" + directory.resolve("second"));
        JsonNode path = JSON.readTree(function.evaluated("sys.path"));
        assertThat(path.path(0).asText()).isEqualTo(functions.taskRoot().toString());
        assertThat(path.path(1).asText()).isEqualTo(layer.toString());
        assertThat(path.path(2).asText()).isEqualTo(directory.resolve("second").toString());
        assertThat(path.toString()).doesNotContain(directory.resolve("runtime").toString());
        assertThat(function.evaluated("os.getcwd()")).isEqualTo("\"" + functions.taskRoot().toRealPath() + "\"");
        assertThat(function.evaluated("os.path.exists('__pycache__')")).isEqualTo("false");
        PythonFunction safe = functions.evaluating("PYTHONSAFEPATH", "1", "PYTHONPATH", layer.toString());
        JsonNode safePath = JSON.readTree(safe.evaluated("sys.path[:2]"));
        assertThat(safePath.toString()).isEqualTo("[\"" + functions.taskRoot() + "\",\"" + layer + "\"]");
    }

    @Test
    void aTooLargeAnswerDoesNotEndTheProcess() throws IOException {
        PythonFunction function = functions.evaluating();
        assertThat(function.invoke("1", PythonFunction.quoted("'x' * 7000000"))).isEqualTo(new Result.AnsweredTooMuch(7_000_002));
        assertThat(function.evaluated("len('" + "x".repeat(6_000_000) + "')")).isEqualTo("6000000");
        byte[] most = new byte[6_291_556];
        Arrays.fill(most, (byte) 'x');
        assertThat(function.invoke("1", PythonFunction.quoted("b'x' * 6291556"))).isInstanceOfSatisfying(Result.Answered.class,
                answered -> assertThat(answered.answer()).isEqualTo(most));
        assertThat(function.printed()).isEmpty();
    }

    @Test
    void aFunctionMayStartOthersOfItself() throws IOException {
        functions.write("app.py", """
                import concurrent.futures, multiprocessing, os
                def square(n):
                    return n * n
                def handler(event, context):
                    spawn = multiprocessing.get_context('spawn')
                    with concurrent.futures.ProcessPoolExecutor(1, spawn) as pool:
                        return list(pool.map(square, event))
                """);
        PythonFunction function = functions.start("app.handler");
        assertThat(function.answer("1", "[2, 3]")).isEqualTo("[4, 9]");
        assertThat(function.answer("2", "[4]")).isEqualTo("[16]");
    }
}
