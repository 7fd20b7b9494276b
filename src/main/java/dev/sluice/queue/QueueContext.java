package dev.sluice.queue;

import dev.sluice.dispatch.DeliveryClock;
import dev.sluice.dispatch.Dispatcher;
import dev.sluice.filter.OtherFormat;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.PollerObserver;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What every lane of every mapping shares.
 *
 * @param functions asked whether another invocation could start
 * @param joinsForeignGroups whether a mapping joins a group that others are in, on brokers that aren't this machine's own
 * @param otherFormat what becomes of records whose values are of another format than their mapping's filters
 * @param archivesAtLimit whether a record that failed as often as the group delivers it is archived, as on AWS; else it is kept
 * @param nanos a clock that never goes back, for what waits for brokers and locks
 * @param clock for what a mapping's settings measure
 */
public record QueueContext(Dispatcher dispatcher, FunctionInvoker functions, PollerObserver observer,
        Predicate<EventSourceMapping> joinsForeignGroups, OtherFormat otherFormat, boolean archivesAtLimit, LongSupplier nanos,
        DeliveryClock clock) {
}
