package dev.sluice.api.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.Isolation;
import dev.sluice.function.LocalOptions;
import dev.sluice.resource.Scope;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionFormTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void readsAnEndpointWithItsSettings() {
        FunctionForm form = parse("""
                {"url": "http://localhost:8080/orders", "timeoutSeconds": 30, "memoryMb": 512, "environment": {"A": "1"}}""");

        assertThat(form.code()).isEqualTo(new FunctionCode.HttpEndpoint(URI.create("http://localhost:8080/orders"), false));
        assertThat(form.settings()).isEqualTo(new FunctionSettings(null, null, null, "", Duration.ofSeconds(30), 512, Map.of("A", "1")));
    }

    @Test
    void readsARuntimeEmulatorWithTheDefaults() {
        FunctionForm form = parse("{\"invokeUrl\": \"http://localhost:9000/invocations\"}");

        assertThat(form.code()).isEqualTo(new FunctionCode.HttpEndpoint(URI.create("http://localhost:9000/invocations"), true));
        assertThat(form.settings().timeout()).isEqualTo(FunctionSettings.DEFAULT_TIMEOUT);
        assertThat(form.settings().memoryMb()).isEqualTo(FunctionSettings.DEFAULT_MEMORY_MB);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{} | Exactly one of jar, classpath, directory, command, attach, url, invokeUrl is needed",
            "{\"url\": \"http://a\", \"invokeUrl\": \"http://a\"} | Exactly one of jar, classpath, directory, command, attach, url, invokeUrl is needed",
            "{\"url\": \"ftp://a\"} | url is \"ftp://a\"; allowed is a URL that starts with http:// or https://",
            "{\"url\": \"http://u:pw@a/\"} | url names a user; allowed is a URL without one, as the HTTP client sends none",
            "{\"url\": \"a b\"} | url is \"a b\"; allowed is a URL that starts with http:// or https://",
            "{\"jar\": \"relative.jar\", \"handler\": \"H\"} | jar is \"relative.jar\"; allowed is the absolute path of a file",
            "{\"directory\": \"classes\", \"handler\": \"H\"} | directory is \"classes\"; allowed is the absolute path of a directory that",
            "{\"classpath\": \"/\", \"handler\": \"H\"} | classpath is \"/\"; allowed is an array of texts",
            "{\"classpath\": [3], \"handler\": \"H\"} | classpath is [3]; allowed is an array of texts",
            "{\"classpath\": [], \"handler\": \"H\"} | classpath is empty; it needs at least one entry",
            "{\"classpath\": [\"src\"], \"handler\": \"H\"} | classpath is \"src\"; allowed is absolute paths that the server can see, each of a directory, a JAR, or the JARs of a directory as in target/dependency/*.jar",
            "{\"classpath\": [\"/nowhere/*.jar\"], \"handler\": \"H\"} | classpath is \"/nowhere/*.jar\"; allowed is absolute paths that the server can see",
            "{\"url\": \"http://a\", \"debug\": \"yes\"} | debug is \"yes\"; allowed is true or false",
            "{\"url\": \"http://a\", \"handler\": \"H\"} | handler goes with jar, classpath, directory, command and with nothing else",
            "{\"attach\": false} | Exactly one of jar,",
            "{\"attach\": true, \"command\": [\"a\"], \"workingDirectory\": \"/\"} | Exactly one of jar,",
            "{\"attach\": true, \"command\": [\"a\"]} | Exactly one of jar,",
            "{\"url\": \"http://a\", \"directory\": \"/nowhere\"} | Exactly one of jar,",
            "{\"attach\": \"yes\"} | attach is \"yes\"; allowed is true or false",
            "{\"attach\": true, \"handler\": \"H\"} | handler goes with jar, classpath, directory, command and with nothing else",
            "{\"attach\": true, \"isolation\": \"process\"} | isolation goes with jar, classpath, directory and with nothing else",
            "{\"command\": \"node server.mjs\", \"workingDirectory\": \"/\"} | command is \"node server.mjs\"; allowed is an array of texts",
            "{\"command\": [], \"workingDirectory\": \"/\"} | command names no program; allowed is a list of the program and its arguments, as in [node, server.mjs]",
            "{\"command\": [\"\"], \"workingDirectory\": \"/\"} | command names no program; allowed is a list of the program",
            "{\"command\": [\"node\"]} | workingDirectory is missing; command needs it: the absolute path of a directory that the server can see",
            "{\"command\": [\"node\"], \"workingDirectory\": \".\"} | workingDirectory is \".\"; allowed is the absolute path of a directory that the server can see",
            "{\"command\": [\"node\"], \"workingDirectory\": \"/\", \"runtime\": \"nodejs22.x\"} | runtime goes with jar, classpath, directory and with nothing else",
            "{\"url\": \"http://a\", \"workingDirectory\": \"/\"} | workingDirectory goes with command and with nothing else",
            "{\"directory\": \"/\", \"runtime\": \"go1.x\"} | runtime is \"go1.x\"; allowed is javaNN as in java21, python3.NN as in python3.12, nodejsNN.x as in nodejs22.x, provided.al2 or provided.al2023",
            "{\"directory\": \"/\", \"runtime\": \"python3.12\"} | handler is missing; python3.12 needs it, as in app.handler",
            "{\"directory\": \"/\", \"runtime\": \"java21\"} | handler is missing; Java code needs it, as in com.example.Orders::handleRequest",
            "{\"directory\": \"/\", \"runtime\": \"python3.12\", \"handler\": \" \"} | handler is \" \"; allowed is a text that is not empty",
            "{\"directory\": \"/\", \"runtime\": \"python3.12\", \"handler\": \"a.b\", \"debugPort\": 1} | debugPort goes with Java code and with nothing else, and runtime is python3.12",
            "{\"classpath\": [\"/tmp\"], \"runtime\": \"python3.12\", \"handler\": \"a.b\"} | runtime is python3.12; allowed with jar and classpath is one of Java",
            "{\"url\": \"http://a\", \"timeoutSeconds\": 0} | timeoutSeconds is 0; allowed is a whole number from 1 to 900",
            "{\"url\": \"http://a\", \"timeoutSeconds\": \"3\"} | timeoutSeconds is \"3\"; allowed is a whole number from 1 to 900",
            "{\"url\": \"http://a\", \"memoryMb\": 10241} | memoryMb is 10241; allowed is a whole number from 128 to 10240",
            "{\"url\": \"http://a\", \"environment\": {\"SECRET\": 42}} | environment.SECRET is no text",
            "{\"url\": \"http://a\", \"environment\": []} | environment is []; allowed is an object of texts",
            "{\"url\": \"http://a\", \"timout\": 3} | Unknown member timout; allowed are runtime, jar, classpath, directory, command, attach, url, invokeUrl, workingDirectory, handler, debug, isolation, debugPort, timeoutSeconds, memoryMb, environment",
            "{\"url\": \"http://a\", \"isolation\": \"process\"} | isolation goes with jar, classpath, directory and with nothing else",
            "{\"url\": \"http://a\", \"debugPort\": 5005} | debugPort goes with jar, classpath, directory and with nothing else",
            "{\"directory\": \"/\", \"handler\": \"H\", \"isolation\": \"JVM\"} | isolation is \"JVM\"; allowed is auto, jvm or process",
            "{\"directory\": \"/\", \"handler\": \"H\", \"isolation\": true} | isolation is true; allowed is a text",
            "{\"directory\": \"/\", \"handler\": \"H\", \"debugPort\": 0} | debugPort is 0; allowed is a whole number from 1 to 65535",
            "{\"directory\": \"/\", \"handler\": \"H\", \"debugPort\": 65536} | debugPort is 65536; allowed is a whole number from 1 to 65535",
            "{\"directory\": \"/\", \"handler\": \"H\", \"isolation\": \"jvm\", \"debugPort\": 5005} | debugPort goes with isolation: process, and isolation is jvm",
    })
    void refuses(String json, String message) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(ControlException.class).hasMessageStartingWith(message);
    }

    @Test
    void showsTheNamesOfTheEnvironmentAndNoValues() {
        String shown = FunctionForm.toJson(definition(null, FunctionDefinition.Origin.CONTROL_API,
                new FunctionCode.HttpEndpoint(URI.create("http://a"), false))).toString();

        assertThat(shown).isEqualTo("""
                {"name":"f","origin":"CONTROL_API","url":"http://a","runsHere":true,"timeoutSeconds":3,"memoryMb":128,\
                "environmentNames":["B","PASSWORD"],"lastModified":"2026-01-31T12:00:00Z"}""").doesNotContain("hunter2");
    }

    @Test
    void showsAccountAndRegionOfAnUploadedFunction() {
        String shown = FunctionForm.toJson(definition(new Scope("111111111111", "us-west-2"), FunctionDefinition.Origin.LAMBDA_API,
                new FunctionCode.Archive("aGFzaA==", 5))).toString();

        assertThat(shown).contains("\"accountId\":\"111111111111\",\"region\":\"us-west-2\",\"sha256\":\"aGFzaA==\",\"size\":5");
    }

    @Test
    void tellsWhetherTheRuntimeOfAFunctionRunsHere() {
        FunctionCode uploaded = new FunctionCode.Archive("aGFzaA==", 5);
        FunctionCode endpoint = new FunctionCode.HttpEndpoint(URI.create("http://a"), false);
        assertThat(runsHere(uploaded, "java21")).isTrue();
        assertThat(runsHere(uploaded, "python3.12")).isTrue();
        assertThat(runsHere(uploaded, "go1.x")).isFalse();
        assertThat(runsHere(new FunctionCode.LocalDirectory(Path.of("/w"), List.of("go", "run", ".")), "go1.x")).isTrue();
        assertThat(runsHere(new FunctionCode.LocalDirectory(Path.of("/w"), List.of()), "nodejs22.x")).isTrue();
        assertThat(runsHere(new FunctionCode.Attached(), "go1.x")).isTrue();
        assertThat(runsHere(endpoint, "go1.x")).isTrue();
        assertThat(runsHere(new FunctionCode.Image("r/i:1"), null)).isFalse();
    }

    private static boolean runsHere(FunctionCode code, String runtime) {
        FunctionSettings settings = new FunctionSettings(runtime, "h", null, "", Duration.ofSeconds(3), 128, Map.of());
        return FunctionForm.toJson(new FunctionDefinition(null, FunctionDefinition.Origin.LAMBDA_API,
                FunctionVersion.latest("f", code, settings, NOW, "r"))).get("runsHere").booleanValue();
    }

    @Test
    void showsTheJarOfAFunctionInTheWorkingTree() {
        Path jar = Path.of("f.jar").toAbsolutePath();
        assertThat(
                FunctionForm.toJson(definition(null, FunctionDefinition.Origin.CONFIG, new FunctionCode.LocalJar(jar))).get("jar").asText())
                .isEqualTo(jar.toString());
    }

    @Test
    void showsTheClassPathOfAFunctionInTheWorkingTree() {
        ClassPathEntry classes = ClassPathEntry.parse(Path.of("/w"), "target/classes").orElseThrow();
        ClassPathEntry jars = ClassPathEntry.parse(Path.of("/w"), "target/dependency/*.jar").orElseThrow();

        assertThat(
                FunctionForm.toJson(definition(null, FunctionDefinition.Origin.CONFIG, new FunctionCode.LocalTree(List.of(jars, classes))))
                        .get("classpath").toString())
                .isEqualTo("[\"/w/target/dependency/*.jar\",\"/w/target/classes\"]");
        assertThat(FunctionForm
                .toJson(definition(null, FunctionDefinition.Origin.CONFIG, FunctionCode.LocalTree.ofDirectory(Path.of("/w/out"))))
                .get("directory").asText()).isEqualTo("/w/out");
    }

    @Test
    void readsAClassPathADirectoryAndThatItIsDebugged() {
        String here = Path.of("src").toAbsolutePath().toString();
        FunctionForm form =
                parse("{\"classpath\": [\"%s/../src/*.jar\", \"%s\"], \"handler\": \"H\", \"debug\": true}".formatted(here, here));

        assertThat(form.code()).isEqualTo(new FunctionCode.LocalTree(List.of(new ClassPathEntry(Path.of(here), "*.jar"),
                new ClassPathEntry(Path.of(here), null))));
        assertThat(form.settings().local().debug()).isTrue();
        assertThat(parse("{\"directory\": \"%s\", \"handler\": \"H\"}".formatted(here)).code())
                .isEqualTo(FunctionCode.LocalTree.ofDirectory(Path.of(here)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
            "`` | - | -",
            "\"isolation\": \"jvm\" | JVM | -",
            "\"isolation\": \"process\" | PROCESS | -",
            "\"isolation\": \"process\", \"debugPort\": 5005 | PROCESS | 5005",
            "\"debugPort\": 65535 | - | 65535",
    })
    void readsAndShowsWhereItRunsWhenThatIsSaid(String members, Isolation isolation, Integer debugPort) {
        String here = Path.of("src").toAbsolutePath().toString();
        FunctionForm form = parse("{\"directory\": \"%s\", \"handler\": \"H\"%s}".formatted(here, members.isEmpty() ? "" : ", " + members));

        assertThat(form.settings().local()).isEqualTo(new LocalOptions(isolation, false, debugPort));
        assertThat(shown(form))
                .contains("\"timeoutSeconds\":3," + (members.isEmpty() ? "" : members.replace(" ", "") + ",") + "\"memoryMb\":128");
    }

    @Test
    void readsAndShowsCodeInAnyLanguage() {
        Path here = Path.of("src").toAbsolutePath();
        Map<String, FunctionCode> forms = Map.of(
                "\"directory\":\"%s\",\"runtime\":\"python3.12\",".formatted(here), new FunctionCode.LocalDirectory(here, List.of()),
                "\"directory\":\"%s\",\"runtime\":\"java21\",".formatted(here), FunctionCode.LocalTree.ofDirectory(here),
                "\"command\":[\"node\",\"\",\"a b\"],\"workingDirectory\":\"%s\",".formatted(here),
                new FunctionCode.LocalDirectory(here, List.of("node", "", "a b")));
        forms.forEach((members, code) -> {
            FunctionForm form = parse("{" + members + "\"handler\":\"a.b\"}");
            assertThat(form.code()).isEqualTo(code);
            assertThat(shown(form)).contains("\"origin\":\"CONTROL_API\"," + members + "\"runsHere\":true,\"handler\":\"a.b\"");
        });
        assertThat(parse("{\"directory\":\"%s\",\"runtime\":\"provided.al2\"}".formatted(here)).settings().handler()).isNull();
        FunctionForm attached = parse("{\"attach\":true,\"timeoutSeconds\":5}");
        assertThat(attached.code()).isEqualTo(new FunctionCode.Attached());
        assertThat(shown(attached)).contains("\"attach\":true,\"runsHere\":true,\"timeoutSeconds\":5").doesNotContain("handler");
    }

    private static String shown(FunctionForm form) {
        return FunctionForm.toJson(new FunctionDefinition(null, FunctionDefinition.Origin.CONTROL_API,
                FunctionVersion.latest("f", form.code(), form.settings(), NOW, "r"))).toString();
    }

    private static FunctionDefinition definition(Scope scope, FunctionDefinition.Origin origin, FunctionCode code) {
        return new FunctionDefinition(scope, origin, FunctionVersion.latest("f", code, new FunctionSettings(null, null, null, "",
                Duration.ofSeconds(3), 128, Map.of("PASSWORD", "hunter2", "B", "1")), NOW, "r"));
    }

    private static FunctionForm parse(String json) {
        return FunctionForm.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
