package dev.sluice.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.LayeredFunction;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.Isolation;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Python and Node.js find in their layers, as far as they are installed. */
class LanguageLayersIT {

    private static final String LAYER = "arn:aws:lambda:us-east-1:111111111111:layer:shared:1";

    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory, Isolation.JVM, Map.of(LAYER, directory.resolve("layer")));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static void require(String program) {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(entry -> Files.isExecutable(Path.of(entry, program))),
                "there is no " + program);
    }

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private String answer(String runtime, String handler) throws Exception {
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(directory.resolve("tree"), List.of()),
                LayeredFunction.settings(runtime, handler, Map.of(), LAYER));
        return fixture.answer("f");
    }

    /** The runtime that python3 is: there may be a program of another version's name that runs nothing, such as one of pyenv's. */
    private static String pythonRuntime() throws Exception {
        Process python = new ProcessBuilder("python3", "-c", "import sys; print('python%d.%d' % sys.version_info[:2])").start();
        return new String(python.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }

    @Test
    void pythonPrefersItsOwnModulesThenThoseOfItsVersion() throws Exception {
        require("python3");
        String runtime = pythonRuntime();
        write("layer/python/everywhere.py", "NAME = 'layer'");
        write("layer/python/versioned.py", "NAME = 'layer'");
        write("layer/python/lib/" + runtime + "/site-packages/versioned.py", "NAME = 'layer of its version'");
        write("layer/python/own.py", "NAME = 'layer'");
        write("tree/own.py", "NAME = 'function'");
        write("tree/app.py", """
                import everywhere, versioned, own
                def handler(event, context):
                    return [everywhere.NAME, versioned.NAME, own.NAME]
                """);

        assertThat(answer(runtime, "app.handler")).isEqualTo("[\"layer\", \"layer of its version\", \"function\"]");
    }

    @Test
    void nodePrefersItsOwnModulesThenThoseOfItsVersion() throws Exception {
        require("node");
        write("layer/nodejs/node_modules/everywhere/index.js", "module.exports = 'layer';");
        write("layer/nodejs/node_modules/versioned/index.js", "module.exports = 'layer';");
        write("layer/nodejs/node22/node_modules/versioned/index.js", "module.exports = 'layer of 22';");
        write("layer/nodejs/node_modules/own/index.js", "module.exports = 'layer';");
        write("tree/node_modules/own/index.js", "module.exports = 'function';");
        write("tree/index.js", "exports.handler = async () => [require('everywhere'), require('versioned'), require('own')];");
        write("tree/module.mjs", """
                import everywhere from 'everywhere';
                import own from 'own';
                export const handler = async () => [everywhere, own];
                """);

        assertThat(answer("nodejs22.x", "index.handler")).isEqualTo("[\"layer\",\"layer of 22\",\"function\"]");
        assertThat(answer("nodejs22.x", "module.handler")).isEqualTo("[\"layer\",\"function\"]");
    }
}
