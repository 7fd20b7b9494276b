package example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Base64;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Stores the item of each order. */
@Component
public class OrdersHandler implements RequestHandler<KafkaEvent, Void> {

    private final JdbcTemplate database;
    private final ObjectMapper json;

    public OrdersHandler(JdbcTemplate database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    @Override
    public Void handleRequest(KafkaEvent event, Context context) {
        event.getRecords().values().stream().flatMap(List::stream).forEach(record -> database.update("insert into orders values (?, ?)",
                item(Base64.getDecoder().decode(record.getValue())), record.getTopic()));
        return null;
    }

    private String item(byte[] order) {
        try {
            return json.readTree(new String(order, java.nio.charset.StandardCharsets.UTF_8)).path("item").asText();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no order", e);
        }
    }
}
