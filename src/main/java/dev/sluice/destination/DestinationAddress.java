package dev.sluice.destination;

import java.util.Optional;

/** What a destination's text names. Immutable. */
sealed interface DestinationAddress {

    String TOPIC_SCHEME = "kafka://";

    /** Empty when {@code destination} names nothing that a Kafka mapping can send to. */
    static Optional<DestinationAddress> parse(String destination) {
        if (destination.startsWith(TOPIC_SCHEME) && destination.length() > TOPIC_SCHEME.length()) {
            return Optional.of(new KafkaTopic(destination.substring(TOPIC_SCHEME.length())));
        }
        // arn:PARTITION:SERVICE:REGION:ACCOUNT:NAME
        String[] parts = destination.split(":", 6);
        if (parts.length < 6 || !parts[0].equals("arn") || parts[5].isEmpty()) {
            return Optional.empty();
        }
        boolean placed = !parts[3].isEmpty() && !parts[4].isEmpty();
        return switch (parts[2]) {
            case "sqs" -> placed ? Optional.of(new Queue(parts[3], parts[4], parts[5])) : Optional.empty();
            case "sns" -> placed ? Optional.of(new Topic(parts[3], destination)) : Optional.empty();
            case "s3" -> Optional.of(new Bucket(parts[5]));
            default -> Optional.empty();
        };
    }

    /** An Amazon SQS queue. */
    record Queue(String region, String accountId, String name) implements DestinationAddress {
    }

    /** An Amazon SNS topic. */
    record Topic(String region, String arn) implements DestinationAddress {
    }

    /** An Amazon S3 bucket, whose ARN has neither region nor account. */
    record Bucket(String name) implements DestinationAddress {
    }

    /** A topic of the cluster that the records came from. */
    record KafkaTopic(String name) implements DestinationAddress {
    }
}
