package example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Logs every Kafka record it gets: the smallest handler for AWS Lambda's Kafka triggers. */
public final class OrdersHandler implements RequestHandler<KafkaEvent, String> {

    @Override
    public String handleRequest(KafkaEvent event, Context context) {
        int count = 0;
        for (var records : event.getRecords().values()) {
            for (KafkaEvent.KafkaEventRecord record : records) {
                context.getLogger().log(record.getTopic() + "-" + record.getPartition() + "@" + record.getOffset()
                        + " key=" + text(record.getKey()) + " value=" + text(record.getValue()));
                count++;
            }
        }
        return count + " records";
    }

    /** Keys and values arrive as base64; a record may have neither (a tombstone has no value). */
    private static String text(String base64) {
        return base64 == null ? "null" : new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
