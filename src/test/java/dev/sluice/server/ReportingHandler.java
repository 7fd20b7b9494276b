package dev.sluice.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.TestServer;
import dev.sluice.fixture.ZipOf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * One handler, written in every way in which Sluice runs functions. It prints {@code got N} for N records, appends a line
 * {@code PARTITION OFFSET} for each to the file {@code seen} of its directory, fails the first time that {@link #FATAL} is among them, and
 * appends the same lines to {@code done} otherwise.
 */
enum ReportingHandler {

    JAVA_IN_THIS_JVM(List.of(), null, "jvm"),
    JAVA_IN_A_PROCESS(List.of(), null, "process"),
    PYTHON(List.of("python3"), "python3.12", "app.py"),
    NODE_COMMONJS(List.of("node"), "nodejs20.x", "index.js"),
    NODE_MODULE(List.of("node"), "nodejs22.x", "index.mjs"),
    BOOTSTRAP(List.of("bash", "curl"), "provided.al2023", "bootstrap"),
    HTTP(List.of(), null, null);

    static final String FATAL = "1 125";
    private static final String ROLE = "arn:aws:iam::000000000000:role/r";

    /** Without which it can't run. */
    final List<String> programs;
    private final String runtime;
    /** Its file, or of Java its isolation. */
    private final String file;

    ReportingHandler(List<String> programs, String runtime, String file) {
        this.programs = programs;
        this.runtime = runtime;
        this.file = file;
    }

    String function() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Makes it a function. @param directory its own, which exists @param endpoint what {@link #HTTP} is */
    void add(TestServer server, LambdaClient lambda, Path directory, ReportingEndpoint endpoint) throws IOException {
        if (this == HTTP) {
            put(server, "{\"url\":\"" + endpoint.url() + "\",\"timeoutSeconds\":60}");
        } else if (runtime == null) {
            Path jar = Files.write(directory.resolve("reporter.jar"),
                    CompiledHandler.compile(directory, "Reporter", text("Reporter.java")).zip());
            put(server, "{\"jar\":\"" + jar + "\",\"handler\":\"example.Reporter\",\"timeoutSeconds\":60,\"isolation\":\"" + file
                    + "\",\"environment\":{\"DIRECTORY\":\"" + directory + "\"}}");
        } else {
            byte[] zip = ZipOf.file(directory, file, text(file));
            lambda.createFunction(request -> request.functionName(function()).runtime(runtime).role(ROLE).timeout(60)
                    .handler(file.replaceFirst("\\..*", "") + ".handler").code(code -> code.zipFile(SdkBytes.fromByteArray(zip)))
                    .environment(environment -> environment.variables(Map.of("DIRECTORY", directory.toString()))));
        }
    }

    private void put(TestServer server, String body) {
        assertThat(server.send("PUT", "/_sluice/functions/" + function(), body).statusCode()).isEqualTo(200);
    }

    private static String text(String name) throws IOException {
        try (InputStream in = ReportingHandler.class.getResourceAsStream("reporting/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        }
    }
}
