package example;

import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Takes orders, and writes them to the topic {@code orders}. */
@RestController
class OrdersController {

    private final KafkaTemplate<String, String> kafka;

    OrdersController(KafkaTemplate<String, String> kafka) {
        this.kafka = kafka;
    }

    @PostMapping("/orders")
    void order(@RequestBody String order) {
        kafka.send("orders", order).join();
    }
}
