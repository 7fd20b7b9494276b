package dev.sluice.server;

import dev.sluice.cluster.BrokerAccess;
import dev.sluice.cluster.BrokerProbe;
import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.ProbeResult;
import dev.sluice.cluster.ProbeResult.Kind;
import dev.sluice.cluster.SourceBrokers;
import java.time.Duration;
import java.util.List;

/** Whether the default cluster can be used, with its credentials as they are now. Thread-safe. */
final class DefaultClusterProbe implements KafkaWatch.Question {

    private final BrokerAccess access;
    private final BrokerProbe probe;

    DefaultClusterProbe(BrokerAccess access, BrokerProbe probe) {
        this.access = access;
        this.probe = probe;
    }

    @Override
    public ProbeResult ask(Duration patience) throws InterruptedException {
        // The probe itself asks the ports, and tells of what can't be reached.
        SourceBrokers source = access.ofDefaultCluster();
        Brokers brokers = source.found().orElse(null);
        return brokers != null ? probe.probe(brokers, List.of(), patience)
                : new ProbeResult(
                        source.match(found -> Kind.REACHABLE, notYet -> Kind.WRONG_LISTENER, refused -> Kind.REFUSED,
                                failed -> Kind.REFUSED),
                        source.obstacle().orElseThrow());
    }
}
