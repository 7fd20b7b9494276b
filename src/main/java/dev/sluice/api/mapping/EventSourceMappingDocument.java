package dev.sluice.api.mapping;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Json;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FailureHandling;
import dev.sluice.mapping.KafkaSource;
import dev.sluice.mapping.MappingSettings;
import dev.sluice.mapping.Monitoring;
import dev.sluice.mapping.ProvisionedPollers;
import dev.sluice.mapping.StartingPosition;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** AWS's {@code EventSourceMappingConfiguration} of a mapping; members that are not set are absent. */
public final class EventSourceMappingDocument {

    private EventSourceMappingDocument() {
    }

    public static ObjectNode of(EventSourceMapping mapping) {
        ObjectNode document = Json.MAPPER.createObjectNode();
        KafkaSource source = mapping.source();
        MappingSettings settings = mapping.settings();
        document.put("UUID", mapping.id().toString());
        document.put("EventSourceMappingArn", mapping.arn());
        if (source.startingPosition() != null) {
            putStartingPosition(document, source.startingPosition());
        }
        document.put("BatchSize", settings.batchSize());
        if (settings.maximumBatchingWindow() != null) {
            document.put("MaximumBatchingWindowInSeconds", settings.maximumBatchingWindow().toSeconds());
        }
        putSource(document, source, settings);
        document.put("FunctionArn", settings.functionArn().toString());
        document.set("LastModified", epochSeconds(mapping.status().lastModified()));
        document.put("LastProcessingResult", mapping.status().lastProcessingResult());
        document.put("State", mapping.state().awsName());
        document.put("StateTransitionReason", mapping.status().reason().name());
        ArrayNode topics = document.putArray("Topics");
        source.topics().forEach(topics::add);
        if (!settings.sourceAccessConfigurations().isEmpty()) {
            ArrayNode accesses = document.putArray("SourceAccessConfigurations");
            settings.sourceAccessConfigurations().forEach(access -> {
                ObjectNode entry = accesses.addObject().put("Type", access.type());
                if (access.uri() != null) {
                    entry.put("URI", access.uri());
                }
            });
        }
        putFilters(document, settings.filterPatterns());
        putFailureHandling(document, settings.failureHandling());
        if (settings.provisionedPollers() != null) {
            putPollers(document.putObject("ProvisionedPollerConfig"), settings.provisionedPollers());
        }
        putMonitoring(document, settings.monitoring());
        if (settings.kmsKeyArn() != null) {
            document.put("KMSKeyArn", settings.kmsKeyArn());
        }
        return document;
    }

    private static void putStartingPosition(ObjectNode document, StartingPosition position) {
        document.put("StartingPosition", position.type().name());
        if (position.timestamp() != null) {
            document.set("StartingPositionTimestamp", epochSeconds(position.timestamp()));
        }
    }

    private static void putFilters(ObjectNode document, List<String> patterns) {
        if (!patterns.isEmpty()) {
            ArrayNode filters = document.putObject("FilterCriteria").putArray("Filters");
            patterns.forEach(pattern -> filters.addObject().put("Pattern", pattern));
        }
    }

    private static void putFailureHandling(ObjectNode document, FailureHandling handling) {
        put(document, "MaximumRetryAttempts", handling.maximumRetryAttempts());
        put(document, "MaximumRecordAgeInSeconds", handling.maximumRecordAgeInSeconds());
        if (handling.bisectBatchOnFunctionError() != null) {
            document.put("BisectBatchOnFunctionError", handling.bisectBatchOnFunctionError());
        }
        if (handling.reportBatchItemFailures()) {
            document.putArray("FunctionResponseTypes").add("ReportBatchItemFailures");
        }
        if (handling.onFailureDestination() != null) {
            document.putObject("DestinationConfig").putObject("OnFailure").put("Destination", handling.onFailureDestination());
        }
    }

    private static void putPollers(ObjectNode config, ProvisionedPollers pollers) {
        put(config, "MinimumPollers", pollers.minimumPollers());
        put(config, "MaximumPollers", pollers.maximumPollers());
        if (pollers.pollerGroupName() != null) {
            config.put("PollerGroupName", pollers.pollerGroupName());
        }
    }

    private static void putMonitoring(ObjectNode document, Monitoring monitoring) {
        if (monitoring.systemLogLevel() != null) {
            document.putObject("LoggingConfig").put("SystemLogLevel", monitoring.systemLogLevel().name());
        }
        if (monitoring.metrics() != null) {
            ArrayNode metrics = document.putObject("MetricsConfig").putArray("Metrics");
            monitoring.metrics().forEach(group -> metrics.add(group.awsName()));
        }
    }

    private static void put(ObjectNode document, String member, Integer number) {
        if (number != null) {
            document.put(member, number);
        }
    }

    private static void putSource(ObjectNode document, KafkaSource source, MappingSettings settings) {
        ObjectNode block = source.eventSource().match(
                msk -> document.put("EventSourceArn", msk.arn()).putObject(KafkaConfigMembers.AMAZON),
                kafka -> {
                    ArrayNode servers =
                            document.putObject("SelfManagedEventSource").putObject("Endpoints").putArray("KAFKA_BOOTSTRAP_SERVERS");
                    kafka.bootstrapServers().forEach(servers::add);
                    return document.putObject(KafkaConfigMembers.SELF_MANAGED);
                });
        KafkaConfigMembers.write(block, source, settings.schemaRegistry());
    }

    /** A JSON number with three digits after the point, never in exponent form. */
    static DecimalNode epochSeconds(Instant time) {
        return DecimalNode.valueOf(BigDecimal.valueOf(time.toEpochMilli(), 3));
    }
}
