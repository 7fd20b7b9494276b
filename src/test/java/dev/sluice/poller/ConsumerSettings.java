package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import dev.sluice.mapping.EventSourceMapping;
import java.util.Map;

/** With which settings does a mapping's consumer poll? For the benchmark, whose bare loop must not have others. */
public final class ConsumerSettings {

    private ConsumerSettings() {
    }

    public static Map<String, Object> of(EventSourceMapping mapping, String bootstrapServers, String instanceId) {
        return Consumers.config(mapping, new Brokers(bootstrapServers, Map.of()), instanceId);
    }
}
