package dev.sluice.server;

import dev.sluice.cluster.BrokerProbe;
import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.ProbeResult;
import dev.sluice.poller.SourceDiagnosis;
import java.time.Duration;
import java.util.List;

/** Why a mapping's brokers can't be reached: the broker probe, as the pollers ask for it. Thread-safe. */
final class Diagnosis implements SourceDiagnosis {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final BrokerProbe probe;

    Diagnosis(BrokerProbe probe) {
        this.probe = probe;
    }

    @Override
    public String explain(Brokers brokers) {
        try {
            ProbeResult result = probe.probe(brokers, List.of(), PATIENCE);
            return result.reachable() ? "" : result.message();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
