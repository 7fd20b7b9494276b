package dev.sluice.server;

import static dev.sluice.server.TerraformCalls.awaitGone;
import static dev.sluice.server.TerraformCalls.put;
import static dev.sluice.server.TerraformCalls.reached;
import static dev.sluice.server.TerraformCalls.until;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateEventSourceMappingRequest;
import software.amazon.awssdk.services.lambda.model.Filter;
import software.amazon.awssdk.services.lambda.model.GetEventSourceMappingResponse;
import software.amazon.awssdk.services.lambda.model.ResourceInUseException;
import software.amazon.awssdk.services.lambda.model.UpdateEventSourceMappingRequest;

/**
 * Which calls does Terraform's AWS provider make for aws_lambda_event_source_mapping, in which order, and what does it read into its
 * state? As the provider's Go sources do it. Confined to one thread.
 */
final class TerraformMappings {

    private final LambdaClient lambda;

    TerraformMappings(LambdaClient lambda) {
        this.lambda = lambda;
    }

    Map<String, Object> createMapping(CreateEventSourceMappingRequest request) {
        String uuid = lambda.createEventSourceMapping(request).uuid();
        awaitMapping(uuid, Set.of("Creating", "Disabling", "Enabling"));
        return readMapping(uuid);
    }

    Map<String, Object> readMapping(String uuid) {
        GetEventSourceMappingResponse mapping = lambda.getEventSourceMapping(get -> get.uuid(uuid));
        Map<String, Object> state = new LinkedHashMap<>();
        put(state, "uuid", mapping.uuid());
        put(state, "arn", mapping.eventSourceMappingArn());
        put(state, "consumer_group_id", mapping.amazonManagedKafkaEventSourceConfig() != null
                ? mapping.amazonManagedKafkaEventSourceConfig().consumerGroupId()
                : mapping.selfManagedKafkaEventSourceConfig().consumerGroupId());
        put(state, "batch_size", mapping.batchSize());
        put(state, "bisect_batch_on_function_error", Boolean.TRUE.equals(mapping.bisectBatchOnFunctionError()) ? true : null);
        boolean destination = mapping.destinationConfig() != null && mapping.destinationConfig().onFailure() != null;
        put(state, "destination_config", destination ? mapping.destinationConfig().onFailure().destination() : null);
        put(state, "enabled", Set.of("Enabled", "Enabling").contains(mapping.state()));
        put(state, "event_source_arn", mapping.eventSourceArn());
        put(state, "filter_criteria", mapping.filterCriteria() == null ? null
                : mapping.filterCriteria().filters().stream().map(Filter::pattern).collect(Collectors.toSet()));
        put(state, "function_arn", mapping.functionArn());
        put(state, "function_response_types", mapping.functionResponseTypesAsStrings());
        put(state, "kms_key_arn", mapping.kmsKeyArn());
        put(state, "maximum_batching_window_in_seconds", mapping.maximumBatchingWindowInSeconds());
        put(state, "metrics_config", mapping.metricsConfig() == null ? null : mapping.metricsConfig().metricsAsStrings());
        put(state, "provisioned_poller_config", mapping.provisionedPollerConfig() == null ? null
                : mapping.provisionedPollerConfig().minimumPollers() + " to " + mapping.provisionedPollerConfig().maximumPollers());
        put(state, "self_managed_event_source", mapping.selfManagedEventSource() == null ? null
                : String.join(",", mapping.selfManagedEventSource().endpointsAsStrings().get("KAFKA_BOOTSTRAP_SERVERS")));
        put(state, "source_access_configuration", mapping.sourceAccessConfigurations().stream()
                .map(access -> access.typeAsString() + " " + access.uri()).collect(Collectors.toSet()));
        put(state, "starting_position", mapping.startingPositionAsString());
        put(state, "state_transition_reason", mapping.stateTransitionReason());
        put(state, "topics", Set.copyOf(mapping.topics()));
        put(state, "tags", new TreeMap<>(lambda.listTags(list -> list.resource(mapping.eventSourceMappingArn())).tags()));
        return state;
    }

    /** @param tags null when they stay */
    Map<String, Object> updateMapping(String uuid, Map<String, String> tags, UpdateEventSourceMappingRequest.Builder change) {
        if (tags != null) {
            Map<String, Object> before = readMapping(uuid);
            TerraformCalls.tags(lambda, (String) before.get("arn"), before, tags);
        }
        until(() -> lambda.updateEventSourceMapping(change.uuid(uuid).build()), ResourceInUseException.class);
        awaitMapping(uuid, Set.of("Disabling", "Enabling", "Updating"));
        return readMapping(uuid);
    }

    void deleteMapping(String uuid) {
        until(() -> lambda.deleteEventSourceMapping(delete -> delete.uuid(uuid)), ResourceInUseException.class);
        awaitGone(() -> lambda.getEventSourceMapping(get -> get.uuid(uuid)));
    }

    private void awaitMapping(String uuid, Set<String> pending) {
        await().atMost(TerraformCalls.PATIENCE).pollInterval(Duration.ofMillis(50))
                .until(() -> reached(lambda.getEventSourceMapping(get -> get.uuid(uuid)).state(), pending, Set.of("Enabled", "Disabled")));
    }
}
