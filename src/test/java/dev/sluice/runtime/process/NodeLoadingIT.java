package dev.sluice.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.process.NodeFunction.Running;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which handler a Node.js function's name means, how its module is loaded, and what is said when there is none. */
class NodeLoadingIT {

    private static final String WITH_CALLBACKS = "nodejs22.x";
    private static final String WITHOUT_CALLBACKS = "nodejs24.x";
    private static final String COMMON_JS = "exports.handler = async () => typeof require";
    private static final String ES_MODULE = "await 0; export const handler = async () => typeof import.meta.url";

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

    private String answer(String runtime, String handler, String... variables) throws IOException {
        Running running = function.start(runtime, handler, variables);
        String start = running.start();
        return start.equals("ready") ? running.answer("1", "{}") : start;
    }

    @Test
    void everyKindOfFileIsLoadedAsWhatItIs() throws IOException {
        function.file("common.js", COMMON_JS).file("es.mjs", ES_MODULE).file("c.cjs", COMMON_JS)
                .file("of-module/package.json", "{\"type\":\"module\"}").file("of-module/es.js", ES_MODULE)
                .file("of-module/deep/down.js", ES_MODULE).file("of-module/c.cjs", COMMON_JS)
                .file("of-module/node_modules/old.js", COMMON_JS)
                .file("both.js", COMMON_JS).file("both.mjs", "export const handler = async () => 'not this one'")
                .file("package folder/index.js", COMMON_JS);
        for (String runtime : new String[] {WITH_CALLBACKS, WITHOUT_CALLBACKS}) {
            assertThat(answer(runtime, "common.handler")).isEqualTo("\"function\"");
            assertThat(answer(runtime, "es.handler")).isEqualTo("\"string\"");
            assertThat(answer(runtime, "of-module/es.handler")).isEqualTo("\"string\"");
            assertThat(answer(runtime, "of-module/c.handler")).isEqualTo("\"function\"");
        }
        assertThat(answer(WITH_CALLBACKS, "c.handler")).isEqualTo("\"function\"");
        assertThat(answer(WITH_CALLBACKS, "of-module/deep/down.handler")).isEqualTo("\"string\"");
        assertThat(answer(WITH_CALLBACKS, "of-module/node_modules/old.handler")).isEqualTo("\"function\"");
        assertThat(answer(WITH_CALLBACKS, "both.handler")).isEqualTo("\"function\"");
        assertThat(answer(WITH_CALLBACKS, "package folder.handler")).isEqualTo("\"function\"");
    }

    @Test
    void aHandlerMayBeNested() throws IOException {
        function.file("src/orders.js", """
                class Service {
                  constructor() { this.name = 'orders' }
                  async handle() { return this.name ?? 'called without its instance' }
                  bound = async () => this.name
                }
                exports.a = { b: { handler: async () => 'nested' } };
                exports.service = new Service();
                exports.text = 'text';
                """).file("promise.js", "module.exports = (async () => ({ handler: async () => 'awaited' }))()")
                .file("default.mjs", "export default { handler: async () => 'of the default' }");
        assertThat(answer(WITH_CALLBACKS, "src/orders.a.b.handler")).isEqualTo("\"nested\"");
        assertThat(answer(WITH_CALLBACKS, "./src/orders.a.b.handler")).isEqualTo("\"nested\"");
        assertThat(answer(WITHOUT_CALLBACKS, "src/orders.a.b.handler")).isEqualTo("\"nested\"");
        assertThat(answer(WITH_CALLBACKS, "src/orders.service.handle")).isEqualTo("\"called without its instance\"");
        assertThat(answer(WITH_CALLBACKS, "src/orders.service.bound")).isEqualTo("\"orders\"");
        assertThat(answer(WITH_CALLBACKS, "promise.handler")).isEqualTo("\"awaited\"");
        assertThat(answer(WITHOUT_CALLBACKS, "default.handler")).isEqualTo("\"of the default\"");
        assertThat(answer(WITH_CALLBACKS, "default.handler"))
                .isEqualTo("Runtime.HandlerNotFound: default.handler is undefined or not exported");
        assertThat(answer(WITH_CALLBACKS, "src/orders.text")).isEqualTo("Runtime.HandlerNotFound: src/orders.text is not a function");
    }

    @Test
    void aHandlerThatIsNotThereIsNamedInLambdasWords() throws IOException {
        function.file("index.js", "exports.other = 1").file("needs.js", "require('not-there')").file("wrong.js", "exports.handler = (")
                .file("throws.mjs", "throw new RangeError('at the start')").file("rejects.mjs", "await Promise.reject(new Error('late'))");
        for (String runtime : new String[] {WITH_CALLBACKS, WITHOUT_CALLBACKS}) {
            assertThat(answer(runtime, "index.handler"))
                    .isEqualTo("Runtime.HandlerNotFound: index.handler is undefined or not exported");
            assertThat(answer(runtime, "index")).isEqualTo("Runtime.MalformedHandlerName: Bad handler");
            assertThat(answer(runtime, "../index.handler")).isEqualTo("Runtime.MalformedHandlerName: '../index.handler' is not a valid "
                    + "handler name. Use absolute paths when specifying root directories in handler names.");
            assertThat(answer(runtime, "missing.handler"))
                    .startsWith("Runtime.ImportModuleError: Error: Cannot find module 'missing'\nRequire stack:\n- ");
            assertThat(answer(runtime, "needs.handler"))
                    .startsWith("Runtime.ImportModuleError: Error: Cannot find module 'not-there'\nRequire stack:\n- ");
            assertThat(answer(runtime, "wrong.handler")).startsWith("Runtime.UserCodeSyntaxError: SyntaxError: Unexpected ");
            assertThat(answer(runtime, "throws.handler")).isEqualTo("RangeError: at the start");
            assertThat(answer(runtime, "rejects.handler")).isEqualTo("Error: late");
        }
        assertThat(function.start(WITH_CALLBACKS, "wrong.handler").process().awaitReady().orElseThrow())
                .isInstanceOfSatisfying(Result.Failed.class, failed -> {
                    assertThat(failed.errorType()).isEqualTo("Runtime.UserCodeSyntaxError");
                    assertThat(NodeFunction.document(failed).at("/trace/0").asText()).endsWith("wrong.js:1");
                });
    }

    @Test
    void aFailedStartIsLoggedAndEndsTheProcess() throws IOException {
        function.file("index.js", "process.on('exit', (code) => process.stdout.write(`status ${code}`)); exports.other = 1");
        Running older = function.start(WITH_CALLBACKS, "index.handler");
        assertThat(older.process().onExit()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(older.output()).contains("\tundefined\tERROR\tUncaught Exception \t{\"errorType\":\"Runtime.HandlerNotFound\",")
                .endsWith("status 129");
        Running newer = function.start(WITHOUT_CALLBACKS, "index.handler");
        assertThat(newer.process().onExit()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(newer.output()).contains("\t-\tERROR\tInit Error \t{\"errorType\":\"Runtime.HandlerNotFound\",")
                .endsWith("status 1");
    }

    @Test
    void layersAreFoundByWhatIsRequiredAndWhatIsImported() throws IOException {
        function.file("../layer/nodejs/node_modules/dual/package.json",
                "{\"exports\":{\"import\":\"./es.mjs\",\"require\":\"./common.cjs\"}}")
                .file("../layer/nodejs/node_modules/dual/es.mjs", "export const kind = 'imported'")
                .file("../layer/nodejs/node_modules/dual/common.cjs", "exports.kind = 'required'")
                .file("../other/single.js", "exports.kind = 'beside'")
                .file("node_modules/own/index.js", "exports.kind = 'own'").file("../layer/nodejs/node_modules/own/index.js", "throw 1")
                .file("common.js", "const { kind } = require('dual'); exports.handler = async () => kind + require('own').kind")
                .file("es.mjs", "import { kind } from 'dual'; import own from 'own'; export const handler = async () => kind + own.kind")
                .file("folder.mjs", "import single from 'single.js'; export const handler = async () => single.kind")
                .file("none.mjs", "import 'in-no-layer'");
        String path = "NODE_PATH=" + String.join(File.pathSeparator, directory.resolve("layer/nodejs/node_modules").toString(),
                directory.resolve("not-there").toString(), directory.resolve("other").toString());
        assertThat(answer(WITH_CALLBACKS, "common.handler", path)).isEqualTo("\"requiredown\"");
        assertThat(answer(WITH_CALLBACKS, "es.handler", path)).isEqualTo("\"importedown\"");
        assertThat(answer(WITH_CALLBACKS, "folder.handler", path)).isEqualTo("\"beside\"");
        assertThat(answer(WITH_CALLBACKS, "none.handler", path)).startsWith("Error: Cannot find package 'in-no-layer' imported from ");
        assertThat(answer(WITH_CALLBACKS, "es.handler")).startsWith("Error: Cannot find package 'dual' imported from ");
    }

    @Test
    void theConsoleWritesLambdasLines() throws IOException {
        function.file("index.js",
                """
                        console.log('starting');
                        exports.handler = async () => {
                          console.log('a %s', 'b', { c: [1] }); console.debug('two\\nlines'); console.warn('w'); console.fatal('f'); console.trace('t');
                          console.error(new RangeError('much')); console.info({ d: 1 }); console.error('with', new TypeError('bad'));
                          process.stdout.write('own out\\n'); process.stderr.write('own err\\n');
                        };
                        """);
        Running text = function.start(WITH_CALLBACKS, "index.handler");
        assertThat(text.answer("id-1", "{}")).isEqualTo("null");
        assertThat(lines(text)).startsWith("TIME\tundefined\tINFO\tstarting", "TIME\tid-1\tINFO\ta b { c: [ 1 ] }",
                "TIME\tid-1\tDEBUG\ttwo", "lines", "TIME\tid-1\tWARN\tw", "TIME\tid-1\tFATAL\tf", "TIME\tid-1\tTRACE\tt",
                "TIME\tid-1\tERROR\tRangeError: much").contains("TIME\tid-1\tINFO\t{ d: 1 }").endsWith("own out", "own err");
        Running json = function.start(WITH_CALLBACKS, "index.handler", "AWS_LAMBDA_LOG_FORMAT=JSON", "AWS_LAMBDA_LOG_LEVEL=INFO");
        assertThat(json.answer("id-1", "{}")).isEqualTo("null");
        String start = "{\"timestamp\":\"TIME\",\"level\":";
        assertThat(lines(json)).startsWith(start + "\"INFO\",\"message\":\"starting\"}",
                start + "\"INFO\",\"requestId\":\"id-1\",\"message\":\"a b { c: [ 1 ] }\"}",
                start + "\"WARN\",\"requestId\":\"id-1\",\"message\":\"w\"}",
                start + "\"FATAL\",\"requestId\":\"id-1\",\"message\":\"f\"}")
                .contains(start + "\"INFO\",\"requestId\":\"id-1\",\"message\":{\"d\":1}}")
                .anyMatch(line -> line.startsWith(start + "\"ERROR\",\"requestId\":\"id-1\",\"message\":{\"errorType\":\"RangeError\","
                        + "\"errorMessage\":\"much\",\"stackTrace\":[\"RangeError: much\","))
                .anyMatch(line -> line.contains("\"errorType\":\"TypeError\",\"errorMessage\":\"bad\",\"stackTrace\":["))
                .endsWith("own out", "own err");
    }

    @Test
    void everythingThatWasPrintedIsThereBeforeTheAnswer() throws IOException {
        function.file("index.js", """
                exports.handler = async (event) => {
                  if (event) { console.log('x'.repeat(event)) } else { process.stdout.write('y'.repeat(300000) + 'end') }
                };
                """);
        Running running = function.start(WITHOUT_CALLBACKS, "index.handler");
        assertThat(running.answer("1", "1000000")).isEqualTo("null");
        assertThat(running.output()).hasSizeGreaterThan(1_000_000).endsWith("x\n");
        assertThat(running.answer("2", "0")).isEqualTo("null");
        assertThat(running.output()).hasSizeGreaterThan(1_300_000).endsWith("yend");
    }

    private static String[] lines(Running running) {
        return running.output().replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z", "TIME").split("\n");
    }
}
