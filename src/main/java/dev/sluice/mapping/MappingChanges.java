package dev.sluice.mapping;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said of a change of a mapping that is stored: a line in the log, and word to its observers. Thread-safe. */
final class MappingChanges {

    private static final Logger LOG = LoggerFactory.getLogger(EventSourceMappings.class);

    private final List<MappingObserver> observers = new CopyOnWriteArrayList<>();

    /** From now on. */
    void tell(MappingObserver observer) {
        observers.add(observer);
    }

    void created(EventSourceMapping mapping) {
        LOG.info("Created mapping {}: topics {} to function {}", mapping.id(), mapping.source().topics(),
                mapping.settings().functionArn());
        sayWhereTheSourceIs(mapping);
        tell(mapping.id(), null, mapping);
    }

    /** One that the config file declares. */
    void declared(String name, EventSourceMapping mapping) {
        LOG.info("Mapping {} is what the config declares as {}", mapping.id(), name);
        tell(mapping.id(), null, mapping);
    }

    /** By a request. */
    void requested(EventSourceMapping before, EventSourceMapping after) {
        if (after.state() == MappingState.DELETING) {
            LOG.info("Mapping {} is being deleted", after.id());
        } else {
            LOG.info("Mapping {} is {} (generation {})", after.id(), after.state().awsName(), after.generation());
        }
        tell(after.id(), before, after);
    }

    /** By a fact that the fleet reports. */
    void reported(EventSourceMapping before, EventSourceMapping after) {
        LOG.info("Mapping {} is {} ({})", after.id(), after.state().awsName(), after.status().reason());
        tell(after.id(), before, after);
    }

    void removed(EventSourceMapping mapping) {
        LOG.info("Mapping {} is deleted", mapping.id());
        tell(mapping.id(), mapping, null);
    }

    private void tell(MappingId id, @Nullable EventSourceMapping before, @Nullable EventSourceMapping after) {
        for (MappingObserver observer : observers) {
            try {
                observer.changed(before, after);
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("Who watches mappings failed; mapping {} goes on", id, e);
            }
        }
    }

    /** AWS takes sources of the function's own account and region only. Here both are often made up, and any ARN means some brokers. */
    private static void sayWhereTheSourceIs(EventSourceMapping mapping) {
        EventSource source = mapping.source().eventSource();
        source.unknownToAws(mapping.scope()).ifPresent(doubt -> LOG.info("Mapping {} of {} reads {}; {}", mapping.id(), mapping.scope(),
                source.eventSourceArn().orElse(""), doubt));
    }
}
