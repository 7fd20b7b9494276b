package dev.sluice.api.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Json;
import dev.sluice.diagnosis.Finding;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.FleetView;
import java.util.List;
import java.util.OptionalLong;

/** The JSON form of what the pollers of a mapping are doing, in the control API. What is unknown is null, never -1. */
final class MappingForm {

    private MappingForm() {
    }

    static ObjectNode toJson(FleetView.Detail detail) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("bootstrapServers", detail.bootstrapServers());
        json.put("consumerGroupId", detail.consumerGroupId());
        putLag(json, detail.partitions());
        json.put("lastError", detail.lastError());
        for (FleetView.PartitionDetail partition : detail.partitions()) {
            ObjectNode item = json.withArray("partitions").addObject();
            item.put("topic", partition.topic());
            item.put("partition", partition.partition());
            putKnown(item, "end", partition.end());
            putKnown(item, "openTransaction", partition.openTransaction());
            putKnown(item, "committed", partition.committed());
            putKnown(item, "lag", partition.lag());
            item.put("inFlight", partition.inFlight());
            item.put("attempt", partition.attempt());
            item.put("nextAttempt", partition.nextAttempt() == null ? null : partition.nextAttempt().toString());
            item.put("waiting", partition.waiting().records());
            item.put("windowEndsInSeconds",
                    partition.waiting().window() == null ? null : partition.waiting().window().toMillis() / 1000.0);
        }
        json.withArray("partitions");
        return json;
    }

    /** With the most important first. */
    static ArrayNode toJson(List<Finding> diagnosis) {
        ArrayNode json = Json.MAPPER.createArrayNode();
        for (Finding finding : diagnosis) {
            ObjectNode item = json.addObject().put("code", finding.cause().code()).put("blocking", finding.cause().blocking())
                    .put("sentence", finding.sentence());
            finding.figures().forEach(item.putArray("figures")::add);
            item.put("command", finding.command()).put("ageSeconds",
                    finding.age() == null ? null : finding.age().toMillis() / 1000.0);
        }
        return json;
    }

    static ObjectNode toJson(FilteredOut filteredOut) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("records", filteredOut.records());
        json.put("ofOtherFormat", filteredOut.ofOtherFormat());
        json.putObject("last").put("topic", filteredOut.last().topic()).put("partition", filteredOut.last().partition())
                .put("offset", filteredOut.last().offset()).put("reason", filteredOut.last().reason());
        return json;
    }

    /** The records still to be processed; null while no partition is assigned or one is unknown. */
    static void putLag(ObjectNode json, List<FleetView.PartitionDetail> partitions) {
        OptionalLong lag = partitions.isEmpty() || partitions.stream().anyMatch(partition -> partition.lag() < 0)
                ? OptionalLong.empty()
                : OptionalLong.of(partitions.stream().mapToLong(FleetView.PartitionDetail::lag).sum());
        putKnown(json, "lag", lag.orElse(-1));
    }

    private static void putKnown(ObjectNode json, String member, long number) {
        if (number < 0) {
            json.putNull(member);
        } else {
            json.put(member, number);
        }
    }
}
