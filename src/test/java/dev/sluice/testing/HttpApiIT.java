package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a test's request goes out as it was written, once, and that no answer passes that the contract doesn't declare. */
class HttpApiIT {

    private static final String MAPPINGS = "/2015-03-31/event-source-mappings";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private URI endpoint;
    private int status = 200;
    private String answer = "{\"EventSourceMappings\":[]}";

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("x-amzn-RequestId", "1");
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            if (status > 0) {
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void anAnswerThatBreaksTheContractFailsTheRequest() {
        answer = "{\"EventSourceMappings\":[{\"UUID\":\"u\",\"Bogus\":1}]}";
        assertThatThrownBy(() -> HttpApi.given(endpoint).when().get(MAPPINGS + "?MaxItems=1"))
                .isInstanceOf(AssertionError.class).hasMessageContaining("breaks openapi/lambda.json").hasMessageContaining("Bogus");
        assertThatThrownBy(() -> HttpApi.send(HttpApi.given(endpoint), "GET", MAPPINGS, null)).isInstanceOf(AssertionError.class);
        HttpApi.given(endpoint).when().get("/_sluice/mappings").then().statusCode(200);
    }

    @Test
    void whatIsAskedIsSentAsItIsWritten() {
        HttpApi.given(endpoint).when().get("/_sluice/a%2Fb;c+d/$LATEST/?q=a%20b+c&q=arn:x&empty=").then().statusCode(200);
        HttpApi.send(HttpApi.given(endpoint), "POST", "/_sluice/x", "\u0099{\"\u00e4\":");
        HttpApi.send(HttpApi.given(endpoint), "DELETE", "/_sluice/x", null);

        assertThat(asked).containsExactly("GET /_sluice/a%2Fb;c+d/$LATEST/?q=a%20b+c&q=arn:x&empty= ", "POST /_sluice/x \u0099{\"\u00e4\":",
                "DELETE /_sluice/x ");
    }

    @Test
    void nothingIsFollowedOrAskedAgain() {
        status = 302;
        HttpApi.given(endpoint).when().get("/_sluice/x").then().statusCode(302).body(equalTo(answer));
        status = 0;
        assertThatThrownBy(() -> HttpApi.given(endpoint).when().get("/_sluice/x")).hasMessageContaining("failed to respond");

        assertThat(asked).hasSize(2);
    }
}
