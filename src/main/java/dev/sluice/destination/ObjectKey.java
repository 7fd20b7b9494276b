package dev.sluice.destination;

import dev.sluice.dispatch.FailedBatch;
import dev.sluice.dispatch.PartitionRecords;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/**
 * Under which key a bucket gets the record of a failed batch.
 *
 * <p>The AWS Lambda developer guide documents {@code aws/lambda/<ESM-UUID>/<shardID>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<Random
 * UUID>} for Kinesis and DynamoDB streams, and none for Kafka. Here a partition takes the shard's place; of several, the first.
 */
final class ObjectKey {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu/MM/dd/uuuu-MM-dd'T'HH.mm.ss").withZone(ZoneOffset.UTC);

    private ObjectKey() {
    }

    static String of(FailedBatch failed, UUID random) {
        PartitionRecords first = failed.records().get(0);
        return "aws/lambda/" + failed.mapping().id() + "/" + first.topic() + "-" + first.partition() + "/"
                + TIME.format(failed.time()) + "-" + random;
    }
}
