package example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;

/**
 * Reads JSON values with a library of its own, and the name of its table from its environment. A value that is no JSON fails the
 * batch, which then comes again.
 */
public final class ItemsHandler implements RequestHandler<KafkaEvent, String> {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Read once, when the function starts, as the environment of a Lambda function doesn't change. */
    private static final String TABLE = table();

    @Override
    public String handleRequest(KafkaEvent event, Context context) {
        int items = 0;
        for (var records : event.getRecords().values()) {
            for (KafkaEvent.KafkaEventRecord record : records) {
                if (record.getValue() != null) {
                    context.getLogger().log(TABLE + ": item " + item(record).path("id").asText());
                    items++;
                }
            }
        }
        return items + " items for " + TABLE;
    }

    private static JsonNode item(KafkaEvent.KafkaEventRecord record) {
        try {
            return JSON.readTree(Base64.getDecoder().decode(record.getValue()));
        } catch (IOException e) {
            throw new UncheckedIOException(record.getTopic() + "-" + record.getPartition() + "@" + record.getOffset(), e);
        }
    }

    private static String table() {
        String name = System.getenv("TABLE_NAME");
        if (name == null) {
            throw new IllegalStateException("TABLE_NAME is not set");
        }
        return name;
    }
}
