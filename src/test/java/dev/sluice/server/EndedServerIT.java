package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceProcess;
import dev.sluice.fixture.TestKafka;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a server that can't go on. */
class EndedServerIT {

    @TempDir
    Path directory;

    /** Its own process ends with 70, and the next start finds everything as it was. */
    @Test
    void aServerWithoutMemorySaysSoInOneLineAndEndsWith70() throws Exception {
        SluiceJar jar = SluiceJar.in(directory);
        try (SluiceProcess server = jar.serveWith(List.of("-Xmx48m"), "--kafka", "localhost:1").awaitReady()) {
            byte[] large = new byte[30 * 1024 * 1024];
            assertThatThrownBy(() -> {
                for (int i = 0; i < 10; i++) {
                    post(server.endpoint(), large);
                }
            }).isInstanceOf(IOException.class);

            assertThat(server.awaitExit(Duration.ofSeconds(30))).isEqualTo(70);
            assertThat(server.err()).contains("OutOfMemoryError").containsAnyOf("The server can't go on and ends",
                    "the server can't go on, and could not end in good order");
        }
        try (SluiceProcess again = jar.serve("--kafka", "localhost:1").awaitReady()) {
            again.terminate();
            assertThat(again.awaitExit(Duration.ofSeconds(10))).isZero();
        }
    }

    /** Somebody else's process goes on, and its next call of the server says why there is none. */
    @Test
    void inAnotherProgramsJvmTheServerClosesAndTheNextCallSaysWhy() {
        PrintStream broken = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                if (line.startsWith("Kafka ready")) {
                    throw new OutOfMemoryError("none left");
                }
            }
        };
        Sluice sluice = Sluice.start(ServerConfig.of(Map.of("port", "0", "dataDir", directory.toString(), "kafka",
                TestKafka.shared().bootstrapServers())), broken);
        URI endpoint = sluice.endpoint();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThatThrownBy(sluice::endpoint)
                .isInstanceOf(ServerEndedException.class)
                .hasMessageStartingWith("The server can't go on and ends: java.lang.OutOfMemoryError: none left, in thread kafka-watch."));
        assertThatThrownBy(sluice::awaitClosed).isInstanceOf(ServerEndedException.class);
        assertThatThrownBy(() -> post(endpoint, new byte[0])).isInstanceOf(IOException.class);
        sluice.close();
    }

    private static HttpResponse<String> post(URI endpoint, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/_sluice/topics/t/records")).timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 500) {
            throw new IOException(answer.body());
        }
        return answer;
    }
}
