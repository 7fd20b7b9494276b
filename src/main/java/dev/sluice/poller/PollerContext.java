package dev.sluice.poller;

import dev.sluice.cluster.MappingBrokers;
import dev.sluice.dispatch.Dispatcher;
import dev.sluice.fault.FatalFaults;
import dev.sluice.mapping.PollerObserver;
import java.util.function.LongSupplier;

/**
 * What every poll loop of a fleet shares.
 *
 * @param brokers asked before each session
 * @param nanos a clock that never goes back, for windows and deadlines
 */
record PollerContext(MappingBrokers brokers, Consumers consumers, Groups groups, Dispatcher dispatcher, SourceDiagnosis diagnosis,
        PollerObserver observer, PollerSettings settings, LongSupplier nanos, FatalFaults faults) {

    PollerContext(MappingBrokers brokers, Consumers consumers, Groups groups, Dispatcher dispatcher, SourceDiagnosis diagnosis,
            PollerObserver observer, PollerSettings settings, LongSupplier nanos) {
        this(brokers, consumers, groups, dispatcher, diagnosis, observer, settings, nanos, FatalFaults.unheard());
    }
}
