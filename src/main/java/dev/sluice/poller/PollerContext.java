package dev.sluice.poller;

import dev.sluice.dispatch.Dispatcher;
import dev.sluice.fault.FatalFaults;
import dev.sluice.mapping.PollerObserver;
import java.util.function.LongSupplier;

/**
 * What every poll loop of a fleet shares.
 *
 * @param nanos a clock that never goes back, for windows and deadlines
 */
record PollerContext(Consumers consumers, Groups groups, Dispatcher dispatcher, SourceDiagnosis diagnosis, PollerObserver observer,
        PollerSettings settings, LongSupplier nanos, FatalFaults faults) {

    PollerContext(Consumers consumers, Groups groups, Dispatcher dispatcher, SourceDiagnosis diagnosis, PollerObserver observer,
            PollerSettings settings, LongSupplier nanos) {
        this(consumers, groups, dispatcher, diagnosis, observer, settings, nanos, FatalFaults.unheard());
    }
}
