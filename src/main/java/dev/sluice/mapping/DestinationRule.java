package dev.sluice.mapping;

import dev.sluice.mapping.MappingException.InvalidParameter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where can the records of a Kafka source go that failed? To a standard queue or topic, a bucket, or another topic of the cluster. */
final class DestinationRule {

    private static final String KAFKA = "kafka://";
    private static final Pattern TAKEN = Pattern.compile("kafka://[a-zA-Z0-9._-]+|arn:aws[a-zA-Z0-9-]*:(?:sqs|sns|s3):.*");
    private static final Pattern FIFO = Pattern.compile("arn:aws[a-zA-Z0-9-]*:(?:sqs|sns):.*\\.fifo");

    private DestinationRule() {
    }

    /** @param destination null or empty when the request names none @param topics what the mapping reads */
    static void require(@Nullable String destination, @Nullable List<String> topics) {
        if (destination != null && !destination.isEmpty()) {
            problem(destination, topics).ifPresent(problem -> {
                // Reported for the destinations of asynchronous invocations.
                throw new InvalidParameter("The provided destination config DestinationConfig(onSuccess=null,"
                        + " onFailure=OnFailure(destination=" + destination + ")) is invalid.", problem);
            });
        }
    }

    /** The topic that a destination names; empty for one of another kind, or null. */
    static Optional<String> kafkaTopic(@Nullable String destination) {
        return Optional.ofNullable(destination).filter(to -> to.startsWith(KAFKA)).map(to -> to.substring(KAFKA.length()));
    }

    private static Optional<String> problem(@Nullable String destination, @Nullable List<String> topics) {
        if (!TAKEN.matcher(destination).matches()) {
            return Optional.of("Records that failed can go to an SQS queue, an SNS topic, an S3 bucket, or kafka://TOPIC of the same"
                    + " cluster.");
        }
        if (FIFO.matcher(destination).matches()) {
            return Optional.of("FIFO queues and FIFO topics can't be a destination; use a standard one.");
        }
        return kafkaTopic(destination).filter(topic -> topics != null && topics.contains(topic))
                .map(topic -> "The mapping reads this topic itself; records that failed must go to another one.");
    }
}
