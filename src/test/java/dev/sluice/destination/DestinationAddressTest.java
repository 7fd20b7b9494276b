package dev.sluice.destination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.destination.DestinationAddress.Bucket;
import dev.sluice.destination.DestinationAddress.KafkaTopic;
import dev.sluice.destination.DestinationAddress.Queue;
import dev.sluice.destination.DestinationAddress.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationAddressTest {

    @Test
    void knowsTheFourKinds() {
        assertThat(DestinationAddress.parse("arn:aws-us-gov:sqs:us-gov-west-1:123456789012:dlq"))
                .contains(new Queue("us-gov-west-1", "123456789012", "dlq"));
        assertThat(DestinationAddress.parse("arn:aws:sns:eu-central-1:000000000000:alerts"))
                .contains(new Topic("eu-central-1", "arn:aws:sns:eu-central-1:000000000000:alerts"));
        assertThat(DestinationAddress.parse("arn:aws:s3:::failed-batches")).contains(new Bucket("failed-batches"));
        assertThat(DestinationAddress.parse("kafka://failed.records-topic")).contains(new KafkaTopic("failed.records-topic"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka://", "arn:aws:lambda:us-east-1:000000000000:function:f", "arn:aws:sqs:::dlq",
            "arn:aws:sns:us-east-1::alerts", "arn:aws:s3:::", "arn:aws:sqs:us-east-1:000000000000", "dlq"})
    void knowsNoOther(String destination) {
        assertThat(DestinationAddress.parse(destination)).isEmpty();
    }
}
