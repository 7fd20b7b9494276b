package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Authorization;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Java function finds around it on a machine that is set up for somebody in Germany, or for nobody. */
class LambdaSurroundingsIT {

    private static final String LOOKING = """
            public class Looking {
                public String handle(Map<String, Object> event) {
                    System.out.println("printed ünï");
                    return TimeZone.getDefault().getID() + " " + Locale.getDefault() + " " + String.format("%.2f", 1.5) + " "
                            + new String(Base64.getDecoder().decode("w7xuw68=")) + " " + "ünï".getBytes().length + " "
                            + java.time.ZoneId.systemDefault() + " " + (ProcessHandle.current().pid() == Long.getLong("server", 0));
                }
            }""";

    @TempDir
    private Path directory;
    private final HttpClient http = HttpClient.newHttpClient();

    private String send(SluiceProcess server, String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(server.endpoint() + path))
                .header(Authorization.HEADER, Authorization.DEFAULT).header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private String looked(SluiceProcess server, String name, String more) throws Exception {
        Path jar = directory.resolve(name + ".jar");
        Files.write(jar, CompiledHandler.compile(directory, "Looking", LOOKING).zip());
        send(server, "PUT", "/_sluice/functions/" + name,
                "{\"jar\":\"" + jar + "\",\"handler\":\"example.Looking::handle\",\"timeoutSeconds\":30" + more + "}");
        return send(server, "POST", "/2015-03-31/functions/" + name + "/invocations", "{}");
    }

    @Test
    void isLambdasAndOnlyTheLogKeepsTheUsersZone() throws Exception {
        SluiceJar german = SluiceJar.in(directory).with("TZ", "Asia/Kolkata")
                .with("JAVA_TOOL_OPTIONS", "-Duser.language=de -Duser.country=DE -Dfile.encoding=UTF-8");
        try (SluiceProcess server = german.serve().awaitReady()) {
            assertThat(looked(server, "here", "")).startsWith("\"UTC en_US 1.50 ünï 5 UTC ");
            assertThat(looked(server, "process", ",\"isolation\":\"process\"")).startsWith("\"UTC en_US 1.50 ünï 5 ");
            assertThat(looked(server, "tokyo", ",\"environment\":{\"TZ\":\"Asia/Tokyo\"}"))
                    .startsWith("\"Asia/Tokyo en_US 1.50 ünï 5 Asia/Tokyo ");
            assertThat(send(server, "GET", "/_sluice/functions/tokyo", "")).contains("\"runsIn\":\"process\"",
                    "\"runsInBecause\":\"its variable TZ is Asia/Tokyo\"");
            assertThat(send(server, "GET", "/_sluice/functions/here", "")).contains("\"runsIn\":\"jvm\"").doesNotContain("runsInBecause");
            server.awaitErr("the function's line", line -> line.endsWith("] printed ünï"));
            String logged =
                    server.err().lines().filter(line -> line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO .*")).findFirst().orElseThrow();
            Duration off = Duration.between(LocalTime.parse(logged.substring(0, 8)), LocalTime.now(ZoneId.of("Asia/Kolkata"))).abs();
            assertThat(off.toMinutes() % (24 * 60 - 3)).isLessThan(3); // and not half an hour off some full one
        }
    }

    /** As in a plain container, from a unit of systemd or by cron: Java 17 then takes ASCII for the default charset. */
    @Test
    void isLambdasInAPosixLocaleToo() throws Exception {
        try (SluiceProcess server = SluiceJar.in(directory).with("LC_ALL", "C").serve().awaitReady()) {
            assertThat(looked(server, "here", "")).startsWith("\"UTC en_US 1.50 ünï 5 ");
            String function = send(server, "GET", "/_sluice/functions/here", "");
            if (Runtime.version().feature() < 18) {
                assertThat(function).contains("\"runsIn\":\"process\"",
                        "\"runsInBecause\":\"the default charset of the server's JVM is US-ASCII, and Lambda's is UTF-8\"");
            } else {
                assertThat(function).contains("\"runsIn\":\"jvm\"");
            }
        }
    }
}
