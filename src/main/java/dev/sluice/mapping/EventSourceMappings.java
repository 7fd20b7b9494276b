package dev.sluice.mapping;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The use cases of event source mappings. Skeleton: being built. */
public final class EventSourceMappings implements FleetReports {

    /**
     * A CreateEventSourceMapping request whose form is checked; absent members are null.
     *
     * @param bootstrapServers SelfManagedEventSource.Endpoints.KAFKA_BOOTSTRAP_SERVERS
     */
    public record Create(FunctionReference function, String eventSourceArn, List<String> bootstrapServers, List<String> topics,
                         StartingPosition startingPosition, Integer batchSize, Duration maximumBatchingWindow, Boolean enabled,
                         String consumerGroupId, List<SourceAccessConfiguration> sourceAccessConfigurations) {
    }

    /** An UpdateEventSourceMapping request whose form is checked; absent members are null and stay as they are. */
    public record Update(FunctionReference function, Integer batchSize, Duration maximumBatchingWindow, Boolean enabled,
                         List<SourceAccessConfiguration> sourceAccessConfigurations) {
    }

    /** One page of a list. @param next where the next page begins; null on the last one */
    public record Page(List<EventSourceMapping> mappings, MappingStore.Cursor next) {
    }

    public EventSourceMapping create(Scope caller, Create request) {
        throw new UnsupportedOperationException();
    }

    public EventSourceMapping get(Scope caller, String uuid) {
        throw new UnsupportedOperationException();
    }

    /** @param eventSourceArn null for all @param function null for all @param after null for the first page */
    public Page list(Scope caller, String eventSourceArn, FunctionReference function, MappingStore.Cursor after, int limit) {
        throw new UnsupportedOperationException();
    }

    /** All mappings of all accounts and regions (control API). */
    public List<EventSourceMapping> all() {
        throw new UnsupportedOperationException();
    }

    /** The mapping with this UUID in whatever account and region (control API). */
    public Optional<EventSourceMapping> find(MappingId id) {
        throw new UnsupportedOperationException();
    }

    public EventSourceMapping update(Scope caller, String uuid, Update request) {
        throw new UnsupportedOperationException();
    }

    public EventSourceMapping delete(Scope caller, String uuid) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void started(MappingId id, long generation) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void startingPositionApplied(MappingId id, long generation) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void stopped(MappingId id, long generation) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void failed(MappingId id, long generation, StateTransitionReason reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void processed(MappingId id, long generation, String lastProcessingResult) {
        throw new UnsupportedOperationException();
    }
}
