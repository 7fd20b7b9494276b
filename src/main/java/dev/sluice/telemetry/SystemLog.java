package dev.sluice.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import dev.sluice.mapping.PollerObserver;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What do a mapping's pollers say of themselves? Writes the events that Lambda's pollers write, of the mappings that have a
 * {@code LoggingConfig}, one line of JSON each, to the logger {@value #LOGGER}. No event holds a record or what a function said.
 * Thread-safe; waits for nothing but that logger.
 *
 * <p>Events and members as in "Kafka event source mapping logging" of the AWS Lambda developer guide. A self-managed cluster has no ARN,
 * so its {@code eventSourceArn} is missing; {@code networkConfig} is missing always.
 */
public final class SystemLog implements DeliveryObserver, PollerObserver {

    /** Under which name it logs. */
    public static final String LOGGER = "sluice.esm";

    private static final Duration BETWEEN_POSITIONS = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final JsonFactory JSON = new JsonFactory();

    private final Clock clock;
    /** When the positions of a poller were written last, in milliseconds. */
    private final Map<Poller, Long> positionsWritten = new ConcurrentHashMap<>();

    private record Poller(MappingId mapping, int number) {
    }

    /** Writes the members of one kind of event. */
    private interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    public SystemLog(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void pollingFailed(EventSourceMapping mapping, String errorCode, String message) {
        error(mapping, errorCode, message);
    }

    @Override
    public void commitFailed(EventSourceMapping mapping, String errorCode, String message) {
        error(mapping, errorCode, message);
    }

    @Override
    public void attempted(Delivery delivery, Attempt attempt) {
        if (attempt.report().kind() != AttemptReport.Kind.SUCCEEDED && attempt.report().kind() != AttemptReport.Kind.MOVED) {
            // Without the detail: that is the function's own text, and may repeat a record.
            error(delivery.batch().mapping(), attempt.report().kind() == AttemptReport.Kind.FUNCTION_NOT_VALID
                    ? "FUNCTION_CONFIG_NOT_VALID" : "FUNCTION_CALL_FAILED", attempt.report().lastProcessingResult());
        }
    }

    @Override
    public void destinationFailed(Delivery delivery, int records, String reason) {
        error(delivery.batch().mapping(), "ON_FAILURE_DESTINATION_DELIVERY_FAILED", reason);
    }

    @Override
    public void assigned(EventSourceMapping mapping, PollerAssignment assignment) {
        write(SystemLogLevel.INFO, "POLLER_STATUS_EVENT", mapping, assignment.poller(), json -> {
            json.writeObjectFieldStart("kafkaEventSourceConnection");
            json.writeStringField("brokerEndpoints", assignment.brokerEndpoints());
            json.writeStringField("consumerId", mapping.id() + "-" + assignment.poller());
            strings(json, "topics", mapping.source().topics());
            json.writeStringField("consumerGroupId", mapping.source().consumerGroupId());
            json.writeStringField("securityProtocol", assignment.securityProtocol());
            if (assignment.saslMechanism() != null) {
                json.writeStringField("saslMechanism", assignment.saslMechanism());
            }
            json.writeNumberField("totalPartitionCount", assignment.totalPartitionCount());
            json.writeNumberField("assignedPartitionCount", assignment.partitions().size());
            json.writeNumberField("partitionsAssignmentGeneration", assignment.generation());
            strings(json, "assignedPartitions", assignment.partitions().stream()
                    .map(partition -> partition.topic() + "-" + partition.number()).toList());
            json.writeEndObject();
        });
    }

    @Override
    public void positions(EventSourceMapping mapping, int poller, List<PartitionPosition> positions) {
        if (!mapping.settings().monitoring().logs(SystemLogLevel.DEBUG) || !dueNow(new Poller(mapping.id(), poller))) {
            return;
        }
        for (PartitionPosition position : positions) {
            write(SystemLogLevel.DEBUG, "KAFKA_STATUS_EVENT", mapping, poller, json -> {
                json.writeObjectFieldStart("kafkaPartitionOffsets");
                json.writeStringField("partition", position.topic() + "-" + position.partition());
                offset(json, "endOffset", position.end());
                // AWS tells which offset was consumed and processed last, but commits the next one.
                offset(json, "consumedOffset", position.consumed() - 1);
                offset(json, "processedOffset", position.processed() - 1);
                offset(json, "committedOffset", position.committed());
                json.writeEndObject();
            });
        }
    }

    @Override
    public void stopped(EventSourceMapping mapping, int poller) {
        positionsWritten.remove(new Poller(mapping.id(), poller));
    }

    private boolean dueNow(Poller poller) {
        long now = clock.millis();
        Long before = positionsWritten.get(poller);
        if (before != null && now - before < BETWEEN_POSITIONS.toMillis()) {
            return false;
        }
        positionsWritten.put(poller, now);
        return true;
    }

    /** Which poller met the error isn't known here; AWS's first is 0. */
    private void error(EventSourceMapping mapping, String errorCode, String message) {
        write(SystemLogLevel.WARN, "ESM_PROCESSING_EVENT", mapping, 0, json -> {
            json.writeObjectFieldStart("error");
            json.writeStringField("errorMessage", message);
            json.writeStringField("errorCode", errorCode);
            json.writeEndObject();
        });
    }

    private void write(SystemLogLevel level, String eventType, EventSourceMapping mapping, int poller, Members members) {
        if (!mapping.settings().monitoring().logs(level)) {
            return;
        }
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("eventType", eventType);
            json.writeNumberField("timestamp", clock.millis());
            json.writeStringField("resourceArn", mapping.arn());
            String arn = mapping.source().eventSource().eventSourceArn().orElse(null);
            if (arn != null) {
                json.writeStringField("eventSourceArn", arn);
            }
            json.writeStringField("eventProcessorId", mapping.id() + "/" + poller);
            json.writeStringField("logLevel", level.name());
            members.write(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        switch (level) {
            case WARN -> LOG.warn("{}", line);
            case INFO -> LOG.info("{}", line);
            case DEBUG -> LOG.debug("{}", line);
        }
    }

    private static void strings(JsonGenerator json, String member, List<String> values) throws IOException {
        json.writeArrayFieldStart(member);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private static void offset(JsonGenerator json, String member, long offset) throws IOException {
        if (offset < 0) {
            json.writeNullField(member);
        } else {
            json.writeNumberField(member, offset);
        }
    }
}
