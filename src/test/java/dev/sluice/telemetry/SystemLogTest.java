package dev.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.dispatch.Delivery;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.Offsets;
import dev.sluice.fixture.WaitingDelivery;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Monitoring;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import dev.sluice.mapping.PollerObserver.Partition;
import dev.sluice.mapping.PollerObserver.PartitionPosition;
import dev.sluice.mapping.PollerObserver.PollerAssignment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Members and values as the examples of the AWS Lambda developer guide, "Kafka event source mapping logging", have them. */
class SystemLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(SystemLog.LOGGER);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private Instant now = Instant.ofEpochMilli(1546347650000L);
    private final SystemLog log = new SystemLog(new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });
    private final PollerAssignment assignment = new PollerAssignment(1, "b-1:9098,b-2:9098", "SASL_SSL", "SCRAM-SHA-512", 2, 5,
            List.of(new Partition("orders", 0), new Partition("orders", 1)));

    @BeforeEach
    void listen() {
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void anErrorIsAWarning() {
        EventSourceMapping mapping = at(SystemLogLevel.WARN);
        log.pollingFailed(mapping, "org.apache.kafka.common.errors.TimeoutException", "Timeout expired while fetching topic metadata");

        assertThat(lines(mapping)).containsExactly("""
                {"eventType":"ESM_PROCESSING_EVENT","timestamp":1546347650000,\
                "resourceArn":"arn:aws:lambda:us-east-1:000000000000:event-source-mapping:%s",\
                "eventSourceArn":"%s","eventProcessorId":"%s/0","logLevel":"WARN",\
                "error":{"errorMessage":"Timeout expired while fetching topic metadata",\
                "errorCode":"org.apache.kafka.common.errors.TimeoutException"}}""".formatted(mapping.id(), Mappings.MSK_ARN, mapping.id()));
        assertThat(appender.list.get(0).getLevel()).isEqualTo(Level.WARN);
    }

    @Test
    void anAssignmentIsAnInformation() {
        EventSourceMapping mapping = at(SystemLogLevel.INFO);
        log.assigned(mapping, assignment);

        assertThat(lines(mapping)).singleElement().asString().contains("\"eventType\":\"POLLER_STATUS_EVENT\"", "\"logLevel\":\"INFO\"",
                "\"eventProcessorId\":\"" + mapping.id() + "/1\"", """
                        "kafkaEventSourceConnection":{"brokerEndpoints":"b-1:9098,b-2:9098","consumerId":"%s-1","topics":["orders"],\
                        "consumerGroupId":"%s","securityProtocol":"SASL_SSL","saslMechanism":"SCRAM-SHA-512","totalPartitionCount":2,\
                        "assignedPartitionCount":2,"partitionsAssignmentGeneration":5,"assignedPartitions":["orders-0","orders-1"]}"""
                        .formatted(mapping.id(), mapping.source().consumerGroupId()));
    }

    @Test
    void positionsAreLoggedOnceAMinuteForEachPartition() {
        EventSourceMapping mapping = at(SystemLogLevel.DEBUG);
        List<PartitionPosition> positions =
                List.of(new PartitionPosition("test", 1, 5004, 5004, 5004, 5004), new PartitionPosition("test", 2, -1, 0, 0, -1));
        log.positions(mapping, 0, positions);
        now = now.plus(Duration.ofSeconds(59));
        log.positions(mapping, 0, positions);
        assertThat(lines(mapping)).hasSize(2);
        assertThat(lines(mapping).get(0)).contains("\"eventType\":\"KAFKA_STATUS_EVENT\"", "\"logLevel\":\"DEBUG\"", """
                "kafkaPartitionOffsets":{"partition":"test-1","endOffset":5004,"consumedOffset":5003,"processedOffset":5003,\
                "committedOffset":5004}""");
        assertThat(lines(mapping).get(1))
                .contains("\"endOffset\":null,\"consumedOffset\":null,\"processedOffset\":null,\"committedOffset\":null");

        now = now.plus(Duration.ofSeconds(1));
        log.positions(mapping, 0, positions);
        assertThat(lines(mapping)).hasSize(4);
    }

    @Test
    void onlyEventsOfTheMappingsLevelAreWritten() {
        for (SystemLogLevel level : SystemLogLevel.values()) {
            EventSourceMapping mapping = at(level);
            log.commitFailed(mapping, "E", "m");
            log.assigned(mapping, assignment);
            log.positions(mapping, 0, List.of(new PartitionPosition("test", 1, 1, 1, 1, 1)));
            assertThat(lines(mapping)).as(level.name()).hasSize(3 - level.ordinal());
        }
    }

    @Test
    void aMappingWithoutLoggingConfigLogsNothing() {
        EventSourceMapping mapping = Mappings.aMapping().build();
        log.commitFailed(mapping, "E", "m");
        log.assigned(mapping, assignment);
        log.positions(mapping, 0, List.of(new PartitionPosition("test", 1, 1, 1, 1, 1)));

        assertThat(lines(mapping)).isEmpty();
    }

    @Test
    void aFailedInvocationIsAWarningWithoutWhatTheFunctionSaid() {
        EventSourceMapping mapping = at(SystemLogLevel.WARN);
        Delivery delivery = WaitingDelivery.of(mapping, Offsets.of("orders", 0, 1));
        log.attempted(delivery, WaitingDelivery.failure(delivery, 1));
        log.attempted(delivery, WaitingDelivery.success(delivery, 2));
        log.destinationFailed(delivery, 1, "queue q does not exist");

        assertThat(lines(mapping)).hasSize(2);
        assertThat(lines(mapping).get(0))
                .contains("\"errorMessage\":\"PROBLEM: Function call failed\",\"errorCode\":\"FUNCTION_CALL_FAILED\"")
                .doesNotContain("boom");
        assertThat(lines(mapping).get(1)).contains("queue q does not exist");
    }

    @Test
    void aSelfManagedClusterHasNoArn() {
        EventSourceMapping mapping =
                Mappings.aMapping().selfManagedKafka("a:1").monitoring(new Monitoring(SystemLogLevel.WARN, null)).build();
        log.pollingFailed(mapping, "E", "line one\nline two");

        assertThat(lines(mapping)).singleElement().asString().doesNotContain("eventSourceArn").doesNotContain("\n");
    }

    private static EventSourceMapping at(SystemLogLevel level) {
        return Mappings.aMapping().monitoring(new Monitoring(level, null)).build();
    }

    private List<String> lines(EventSourceMapping mapping) {
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).filter(line -> line.contains(mapping.arn())).toList();
    }
}
