package dev.sluice.mapping;

import java.util.List;

/**
 * What a request to create a mapping says about the source. Immutable; absent members are null, and nothing is checked but the form.
 *
 * @param bootstrapServers SelfManagedEventSource.Endpoints.KAFKA_BOOTSTRAP_SERVERS
 */
public record SourceRequest(String eventSourceArn, List<String> bootstrapServers, List<String> topics,
                            StartingPosition startingPosition, String consumerGroupId) {
    public SourceRequest {
        bootstrapServers = bootstrapServers == null ? null : List.copyOf(bootstrapServers);
        topics = topics == null ? null : List.copyOf(topics);
    }
}
