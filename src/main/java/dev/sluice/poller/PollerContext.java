package dev.sluice.poller;

import dev.sluice.cluster.MappingBrokers;
import dev.sluice.dispatch.DeliveryClock;
import dev.sluice.dispatch.Dispatcher;
import dev.sluice.fault.FatalFaults;
import dev.sluice.mapping.PollerObserver;
import java.time.Clock;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What every poll loop of a fleet shares.
 *
 * @param brokers asked before each session
 * @param ends asked when delivery time is moved
 * @param nanos a clock that never goes back, for what waits for brokers and functions
 * @param clock for what a mapping's settings measure
 * @param shares for mappings in Queue mode
 * @param admins asked by those
 */
record PollerContext(MappingBrokers brokers, Consumers consumers, Groups groups, WrittenEnds.Source ends, Dispatcher dispatcher,
        SourceDiagnosis diagnosis, PollerObserver observer, PollerSettings settings, LongSupplier nanos, DeliveryClock clock,
        FatalFaults faults, ShareConsumption shares, Admins admins) {

    PollerContext(MappingBrokers brokers, Consumers consumers, Groups groups, Dispatcher dispatcher, SourceDiagnosis diagnosis,
            PollerObserver observer, PollerSettings settings, LongSupplier nanos) {
        this(brokers, consumers, groups, (any, partitions) -> Map.of(), dispatcher, diagnosis, observer, settings, nanos,
                DeliveryClock.real(Clock.systemUTC(), nanos),
                FatalFaults.unheard(), null, null);
    }
}
