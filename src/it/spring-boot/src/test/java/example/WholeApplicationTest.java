package example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.junit.SluiceTest;
import dev.sluice.testing.SluiceAccount;
import dev.sluice.testing.SluiceServer;
import org.junit.jupiter.api.RepeatedTest;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The application's own web server and its own producer, with a topic name of its own. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@SluiceTest(topics = "orders")
class WholeApplicationTest {

    @DynamicPropertySource
    static void kafka(DynamicPropertyRegistry registry) {
        SluiceServer.shared().properties(registry::add);
    }

    @RepeatedTest(2)
    void anOrderOfTheWebReachesTheHandler(SluiceAccount sluice, @Autowired TestRestTemplate web, @Autowired OrdersHandler handler) {
        sluice.function("orders", handler);
        assertThat(web.postForEntity("/orders", "{\"item\":\"pen\"}", Void.class).getStatusCode()).isEqualTo(HttpStatus.OK);
        sluice.mapping("orders").onTopic("orders").create();
        sluice.awaitDrained("orders");
        assertThat(sluice.records("orders")).as("what the test before wrote is gone").hasSize(1)
                .allMatch(record -> record.json().text("item").orElseThrow().equals("pen"));
    }
}
