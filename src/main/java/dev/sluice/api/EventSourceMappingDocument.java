package dev.sluice.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.KafkaSource;
import dev.sluice.mapping.MappingSettings;
import java.math.BigDecimal;
import java.time.Instant;

/** AWS's {@code EventSourceMappingConfiguration} of a mapping; members that are not set are absent. */
final class EventSourceMappingDocument {

    private EventSourceMappingDocument() {
    }

    static ObjectNode of(EventSourceMapping mapping) {
        ObjectNode document = Json.MAPPER.createObjectNode();
        KafkaSource source = mapping.source();
        MappingSettings settings = mapping.settings();
        document.put("UUID", mapping.id().toString());
        document.put("EventSourceMappingArn", mapping.arn());
        document.put("StartingPosition", source.startingPosition().type().name());
        if (source.startingPosition().timestamp() != null) {
            document.set("StartingPositionTimestamp", epochSeconds(source.startingPosition().timestamp()));
        }
        document.put("BatchSize", settings.batchSize());
        if (settings.maximumBatchingWindow() != null) {
            document.put("MaximumBatchingWindowInSeconds", settings.maximumBatchingWindow().toSeconds());
        }
        putSource(document, source);
        document.put("FunctionArn", settings.functionArn().toString());
        document.set("LastModified", epochSeconds(mapping.status().lastModified()));
        document.put("LastProcessingResult", mapping.status().lastProcessingResult());
        document.put("State", mapping.state().awsName());
        document.put("StateTransitionReason", mapping.status().reason().name());
        ArrayNode topics = document.putArray("Topics");
        source.topics().forEach(topics::add);
        if (!settings.sourceAccessConfigurations().isEmpty()) {
            ArrayNode accesses = document.putArray("SourceAccessConfigurations");
            settings.sourceAccessConfigurations().forEach(access ->
                    accesses.addObject().put("Type", access.type()).put("URI", access.uri()));
        }
        return document;
    }

    private static void putSource(ObjectNode document, KafkaSource source) {
        if (source.eventSource() instanceof EventSource.MskCluster msk) {
            document.put("EventSourceArn", msk.arn());
            document.putObject("AmazonManagedKafkaEventSourceConfig").put("ConsumerGroupId", source.consumerGroupId());
        } else if (source.eventSource() instanceof EventSource.SelfManagedKafka kafka) {
            ArrayNode servers = document.putObject("SelfManagedEventSource").putObject("Endpoints").putArray("KAFKA_BOOTSTRAP_SERVERS");
            kafka.bootstrapServers().forEach(servers::add);
            document.putObject("SelfManagedKafkaEventSourceConfig").put("ConsumerGroupId", source.consumerGroupId());
        } else {
            throw new IllegalStateException("no document form for the event source " + source.eventSource().getClass().getName());
        }
    }

    /** A JSON number with three digits after the point, never in exponent form. */
    static DecimalNode epochSeconds(Instant time) {
        return DecimalNode.valueOf(BigDecimal.valueOf(time.toEpochMilli(), 3));
    }
}
