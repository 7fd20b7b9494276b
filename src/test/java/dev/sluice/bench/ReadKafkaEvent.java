package dev.sluice.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import java.util.List;

/** The measured handler that takes its event as AWS's class: looks at every value and does nothing with it. */
public final class ReadKafkaEvent implements RequestHandler<KafkaEvent, Void> {

    private final Tally tally = Tally.create(getClass());

    @Override
    public Void handleRequest(KafkaEvent event, Context context) {
        tally.begun(System.nanoTime());
        long bytes = 0;
        long records = 0;
        for (List<KafkaEvent.KafkaEventRecord> partition : event.getRecords().values()) {
            for (KafkaEvent.KafkaEventRecord each : partition) {
                bytes += each.getValue().length();
                records++;
            }
        }
        tally.ended(bytes, records);
        return null;
    }
}
