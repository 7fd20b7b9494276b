package dev.sluice.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.process.NodeFunction.Running;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes of an event in a Node.js function, by the rules of the runtime that it was created for. */
class NodeBootstrapIT {

    private static final String WITH_CALLBACKS = "nodejs22.x";
    private static final String WITHOUT_CALLBACKS = "nodejs24.x";
    private static final String UNREADABLE = "handled: callback called with Error argument, but there was a problem while "
            + "retrieving one or more of its message, name, and stack";
    private static final String NEVER_SETTLED = "Runtime.NodeJsExit: The Lambda runtime client detected an unexpected Node.js exit "
            + "code. This is most commonly caused by a Promise that was never settled. For more information, see "
            + "https://nodejs.org/docs/latest/api/process.html#exit-codes";

    @TempDir
    Path directory;
    private NodeFunction function;

    @BeforeEach
    void open() throws IOException {
        function = new NodeFunction(directory);
    }

    @AfterEach
    void close() {
        function.close();
    }

    /** Each is one case of the handler, which the event names; the answers come from one process. */
    private static void assertAnswers(Running running, Map<String, String> expected) {
        Map<String, String> answers = new TreeMap<>();
        expected.keySet().forEach(name -> answers.put(name, running.answer(name, "\"" + name + "\"")));
        assertThat(answers).isEqualTo(new TreeMap<>(expected));
        assertThat(running.process().isAlive()).isTrue();
    }

    /** What an async handler returns or throws; the same by all rules. */
    private static final String RESULTS = """
            exports.cases = {
              object: async () => ({ a: [1, 'ä', null], b: undefined }), nothing: async () => {}, number: async () => 1.5,
              date: async () => new Date(0), thenable: () => ({ then(resolve) { resolve('then') } }),
              error: async () => { throw new RangeError('much') }, direct: () => { throw new Error('direct') },
              custom: async () => { class Mine extends Error { name = 'Mine'; code = 7 } throw new Mine('my own') },
              cause: async () => { throw new Error('outer', { cause: new Error('inner') }) }, text: async () => { throw 'text' },
              plain: async () => { throw { a: 1 } }, bare: async () => { throw Object.create(null) },
              symbol: async () => { throw Symbol('s') },
              newline: async () => { throw Object.assign(new Error('m'), { name: 'A\\r\\nB' }) },
              getter: async () => { throw Object.defineProperty(new Error(), 'message', { get() { throw new Error('no') } }) },
              bigint: async () => 1n, cycle: async () => { const a = {}; a.a = a; return a }, function: async () => () => 1,
              method: async function () { return this.service.name },
            };
            exports.handler = async (event, context) => exports.cases[event].call(undefined, event, context);
            """;

    private static Map<String, String> results() {
        Map<String, String> expected = new TreeMap<>();
        expected.put("object", "{\"a\":[1,\"ä\",null]}");
        expected.put("nothing", "null");
        expected.put("number", "1.5");
        expected.put("date", "\"1970-01-01T00:00:00.000Z\"");
        expected.put("thenable", "\"then\"");
        expected.put("error", "RangeError: much");
        expected.put("direct", "Error: direct");
        expected.put("custom", "Mine: my own");
        expected.put("cause", "Error: outer");
        expected.put("text", "string: text");
        expected.put("plain", "object: [object Object]");
        expected.put("bare", UNREADABLE);
        expected.put("symbol", "symbol: Symbol(s)");
        expected.put("newline", "A\r\nB: m");
        expected.put("getter", UNREADABLE);
        expected.put("function", "TypeError: Wrong arguments");
        return expected;
    }

    @Test
    void anAsyncHandlersResultOrErrorIsTheAnswer() throws IOException {
        function.file("index.js", RESULTS);
        Map<String, String> expected = results();
        expected.put("bigint", "Error: Unable to stringify response body");
        expected.put("cycle", "Error: Unable to stringify response body");
        assertAnswers(function.start(WITH_CALLBACKS, "index.handler"), expected);
        expected.put("bigint", "Runtime.JSONStringifyError: Unable to stringify response body");
        expected.put("cycle", "Runtime.JSONStringifyError: Unable to stringify response body");
        assertAnswers(function.start(WITHOUT_CALLBACKS, "index.handler"), expected);
    }

    @Test
    void anErrorTellsWhereItWasThrown() throws IOException {
        function.file("index.js", "exports.handler = async () => { throw new RangeError('much') }");
        assertThat(function.start(WITH_CALLBACKS, "index.handler").call("1", "{}"))
                .isInstanceOfSatisfying(Result.Failed.class, failed -> {
                    assertThat(failed.errorType()).isEqualTo("RangeError");
                    assertThat(NodeFunction.document(failed).fieldNames()).toIterable()
                            .containsExactly("errorType", "errorMessage", "trace");
                    assertThat(NodeFunction.document(failed).at("/trace/0").asText()).isEqualTo("RangeError: much");
                    assertThat(NodeFunction.document(failed).at("/trace/1").asText()).contains("index.js:1:39");
                });
    }

    @Test
    void aHandlerWithACallbackAnswersAsOnOlderRuntimes() throws IOException {
        function.file("index.js", """
                const cases = {
                  callback: (e, c, done) => { setTimeout(() => console.log('waited'), 20); done(null, 'late') },
                  atOnce: (e, c, done) => { c.callbackWaitsForEmptyEventLoop = false; done(null, 1) },
                  keptOpen: (e, c, done) => {
                    c.callbackWaitsForEmptyEventLoop = false;
                    kept = setInterval(() => {}, 1);
                    done(null, 2);
                  },
                  closed: (e, c, done) => { clearInterval(kept); done(null, c.callbackWaitsForEmptyEventLoop) },
                  error: (e, c, done) => { setInterval(() => {}, 1000).unref(); done(new TypeError('bad')) },
                  text: (e, c, done) => done('bad'), nothing: (e, c, done) => done(), none: () => {}, sync: () => 'ignored',
                  twice: (e, c, done) => { done(null, 1); done(null, 2); c.succeed(3) },
                  done: (e, c) => c.done(null, 'd'), doneError: (e, c) => c.done(new Error('d')),
                  succeed: (e, c) => c.succeed({ a: 1 }),
                  fail: (e, c) => c.fail(new Error('f')), failNothing: (e, c) => c.fail(), thrown: () => { throw new Error('t') },
                  later: (e, c, done) => { setTimeout(done, 5, null, 'later') },
                  saved: (e, c, done) => { kept = done }, stale: (e, c) => { kept(null, 'stale') },
                };
                let kept;
                exports.handler = (e, c, done) => cases[e](e, c, done);
                """);
        Running running = function.start(WITH_CALLBACKS, "index.handler");
        assertThat(running.answer("1", "\"callback\"")).isEqualTo("\"late\"");
        assertThat(running.output()).contains("\t1\tINFO\twaited\n");
        assertThat(running.answer("2", "\"keptOpen\"")).isEqualTo("2");
        assertThat(running.answer("3", "\"closed\"")).isEqualTo("true");
        assertThat(running.answer("4", "\"saved\"")).isEqualTo("null");
        assertThat(running.answer("5", "\"stale\"")).isEqualTo("null");
        assertThat(running.output()).endsWith("\t5\tERROR\tInvocation has already been reported as done. "
                + "Cannot call complete more than once per invocation.\n");
        Map<String, String> expected = new TreeMap<>(Map.of("error", "TypeError: bad", "text", "string: bad", "nothing", "null",
                "none", "null", "sync", "null", "twice", "1", "done", "\"d\"", "doneError", "Error: d", "succeed", "{\"a\":1}",
                "fail", "Error: f"));
        expected.putAll(Map.of("failNothing", "string: handled", "thrown", "Error: t", "later", "\"later\"", "atOnce", "1"));
        assertAnswers(running, expected);
    }

    @Test
    void node24HasNoCallbacks() throws IOException {
        function.file("index.js", """
                exports.callback = (event, context, callback) => callback(null, 1);
                exports.handler = (event, context) => event === 'keys' ? Object.keys(context) : 'returned';
                """);
        assertThat(function.start(WITHOUT_CALLBACKS, "index.callback").start()).isEqualTo(
                "Runtime.CallbackHandlerDeprecated: ERROR: AWS Lambda has removed support for callback-based function handlers starting "
                        + "with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or "
                        + "later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.");
        Running running = function.start(WITHOUT_CALLBACKS, "index.handler");
        assertThat(running.answer("1", "{}")).isEqualTo("\"returned\"");
        assertThat(running.answer("2", "\"keys\"")).contains("awsRequestId", "getRemainingTimeInMillis", "xRayTraceId")
                .doesNotContain("succeed", "done", "callbackWaitsForEmptyEventLoop");
    }

    @Test
    void aPromiseThatNothingSettlesIsNotWaitedFor() throws IOException {
        function.file("index.js", "exports.handler = async (event) => event.hang ? new Promise(() => {}) : 'alive'");
        Running running = function.start(WITH_CALLBACKS, "index.handler");
        assertThat(running.answer("1", "{\"hang\":true}")).isEqualTo(NEVER_SETTLED);
        assertThat(running.answer("2", "{}")).isEqualTo("\"alive\"");
        assertThat(function.start(WITHOUT_CALLBACKS, "index.handler").answer("1", "{\"hang\":true}")).isEqualTo("exited: null");
    }

    @Test
    void whatNobodyCatchesEndsTheProcess() throws IOException {
        function.file("index.js", """
                const never = (act) => new Promise(() => setTimeout(act, 2));
                const cases = {
                  thrown: () => never(() => { throw new RangeError('nobody') }),
                  rejected: () => never(() => Promise.reject(new Error('no'))),
                  number: () => never(() => Promise.reject(42)), exit: () => process.exit(3), exitWell: () => process.exit(),
                };
                process.on('exit', (code) => console.log('status', code));
                exports.handler = async (event) => cases[event]();
                """);
        Map<String, String> older = Map.of("thrown", "RangeError: nobody, then status 129",
                "rejected", "Runtime.UnhandledPromiseRejection: Error: no, then status 128",
                "number", "Runtime.UnhandledPromiseRejection: 42, then status 128",
                "exit", "exited: exit status 3, then status 3", "exitWell", "exited: null, then status 0");
        for (Map.Entry<String, String> expected : older.entrySet()) {
            Running running = function.start(WITH_CALLBACKS, "index.handler");
            String first = running.answer("1", "\"" + expected.getKey() + "\"");
            assertThat(running.process().onExit()).succeedsWithin(Duration.ofSeconds(10));
            assertThat(first + ", then " + running.output().strip().replaceFirst("(?s).*\\t", "")).isEqualTo(expected.getValue());
        }
        Running running = function.start(WITHOUT_CALLBACKS, "index.handler");
        assertThat(running.answer("1", "\"rejected\"")).isEqualTo("exited: exit status 1");
        assertThat(running.output()).contains("Error: no\n");
    }

    /** As on Lambda, where an answer is on its way when the function of the context returns. */
    @Test
    void anAnswerBeforeTheProcessEndsIsAnAnswer() throws IOException {
        function.file("index.js",
                "exports.handler = (event, context) => { context.succeed('x'.repeat(event)); process.exit(5) }");
        assertThat(function.start(WITH_CALLBACKS, "index.handler").answer("1", "2")).isEqualTo("\"xx\"");
        assertThat(function.start(WITH_CALLBACKS, "index.handler").answer("1", "5000000")).hasSize(5_000_002);
    }

    @Test
    void theContextHasWhatLambdaSays() throws IOException {
        function.file("index.js", """
                exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() > 1e12,
                    trace: process.env._X_AMZN_TRACE_ID, cwd: process.cwd() === process.env.LAMBDA_TASK_ROOT });
                """);
        Running running = function.start(WITH_CALLBACKS, "index.handler");
        assertThat(NodeFunction.text(running.call("first", "{}", "{\"custom\":{\"name\":\"Zoë €\"}}"))).isEqualTo("""
                {"callbackWaitsForEmptyEventLoop":true,"functionVersion":"7","functionName":"orders","memoryLimitInMB":"256",\
                "logGroupName":"/aws/lambda/orders","logStreamName":"stream","clientContext":{"custom":{"name":"Zoë €"}},\
                "invokedFunctionArn":"%s","awsRequestId":"first","left":true,"trace":"Root=1-first","cwd":true}"""
                .formatted(NodeFunction.ARN));
        assertThat(running.answer("second", "{}")).contains("\"awsRequestId\":\"second\"", "\"trace\":\"Root=1-second\"")
                .doesNotContain("clientContext");
        assertThat(NodeFunction.text(running.call("third", "{}", "{no JSON")))
                .startsWith("Error: Cannot parse ClientContext as json: SyntaxError: ");
        assertThat(running.answer("fourth", "no JSON")).startsWith("SyntaxError: Unexpected token");
        assertThat(running.answer("fifth", "{}")).contains("\"awsRequestId\":\"fifth\"");
    }

    @Test
    void aTooLargeAnswerIsTheCallsErrorAndTheProcessGoesOn() throws IOException {
        function.file("index.js", "exports.handler = async (event) => 'x'.repeat(event.length ?? event)");
        Running running = function.start(WITH_CALLBACKS, "index.handler");
        assertThat(running.call("1", "6291555")).isEqualTo(new Result.AnsweredTooMuch(6_291_557));
        assertThat(running.answer("2", "2")).isEqualTo("\"xx\"");
        assertThat(running.answer("3", "\"" + "é".repeat(3_000_000) + "\"")).hasSize(3_000_002);
    }

    /** Lambda's Invoke, and its mappings with it, get what a streaming handler has written in one piece. */
    @Test
    void aStreamingHandlersOutputIsTheAnswer() throws IOException {
        function.file("index.mjs", """
                export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
                  if (event.http) {
                    stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
                  }
                  stream.write('a');
                  stream.write({ b: context.awsRequestId });
                  if (event.boom) { throw new Error('boom') }
                  if (event.later) { setTimeout(() => stream.end('z'), 5) } else if (!event.open) { stream.end() }
                });
                export const plain = awslambda.streamifyResponse((event, stream) => { stream.end('x') });
                """);
        for (String runtime : new String[] {WITH_CALLBACKS, WITHOUT_CALLBACKS}) {
            Running running = function.start(runtime, "index.handler");
            assertThat(running.answer("1", "{}")).isEqualTo("a{\"b\":\"1\"}");
            assertThat(running.answer("2", "{\"later\":true}")).isEqualTo("a{\"b\":\"2\"}z");
            assertThat(running.answer("3", "{\"http\":true}")).isEqualTo("{\"statusCode\":201}" + "\0".repeat(8) + "a{\"b\":\"3\"}");
            assertThat(running.answer("4", "{\"open\":true}")).isEqualTo("Error: Response stream is not finished.");
            assertThat(running.answer("5", "{\"boom\":true}")).isEqualTo("Error: boom");
            assertThat(running.answer("6", "{}")).isEqualTo("a{\"b\":\"6\"}");
        }
        assertThat(function.start(WITH_CALLBACKS, "index.plain").answer("1", "{}"))
                .isEqualTo("Error: Streaming does not support non-async handlers.");
    }
}
