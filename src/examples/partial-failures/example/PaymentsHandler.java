package example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Takes amounts of money, and names the records that hold none: only those come again, or go to the mapping's destination when their
 * retries are used up. Needs a mapping with FunctionResponseTypes ReportBatchItemFailures; without it the answer is ignored, and
 * what failed counts as done.
 */
public final class PaymentsHandler implements RequestHandler<KafkaEvent, PaymentsHandler.Answer> {

    /** What Lambda reads; aws-lambda-java-events has no class for Kafka's. */
    public record Answer(List<Failure> batchItemFailures) {
    }

    /** @param itemIdentifier "partition", as the event names it ("payments-0"), and "offset" */
    public record Failure(Map<String, Object> itemIdentifier) {
    }

    @Override
    public Answer handleRequest(KafkaEvent event, Context context) {
        List<Failure> failures = new ArrayList<>();
        event.getRecords().forEach((partition, records) -> {
            for (KafkaEvent.KafkaEventRecord record : records) {
                String place = partition + "@" + record.getOffset();
                try {
                    context.getLogger().log(place + " paid " + amount(record));
                } catch (IllegalArgumentException noAmount) {
                    context.getLogger().log(place + " failed: " + noAmount.getMessage());
                    failures.add(new Failure(Map.of("partition", partition, "offset", record.getOffset())));
                }
            }
        });
        return new Answer(failures);
    }

    private static BigDecimal amount(KafkaEvent.KafkaEventRecord record) {
        if (record.getValue() == null) {
            throw new IllegalArgumentException("no value");
        }
        String text = new String(Base64.getDecoder().decode(record.getValue()), StandardCharsets.UTF_8);
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not an amount: " + text, e);
        }
    }
}
