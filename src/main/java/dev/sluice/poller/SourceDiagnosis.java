package dev.sluice.poller;

import dev.sluice.cluster.Brokers;

/** Why a cluster can't be reached, in a sentence for people that names addresses and the remedy; empty when it found nothing. */
@FunctionalInterface
public interface SourceDiagnosis {

    /** Bounded, a few seconds at most; runs on the caller's thread. */
    String explain(Brokers brokers);
}
