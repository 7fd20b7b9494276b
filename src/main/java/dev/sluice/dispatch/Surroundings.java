package dev.sluice.dispatch;

import dev.sluice.fault.FatalFaults;
import dev.sluice.invocation.FunctionInvoker;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all deliveries of a dispatcher share. Thread-safe. */
record Surroundings(FunctionInvoker functions, Backoffs backoffs, Dispatcher.OnFailure onFailure, DeliveryObserver observer,
        DeliveryClock clock,
        EventBuffers buffers, FatalFaults faults) {

    private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);

    Surroundings(FunctionInvoker functions, Backoffs backoffs, Dispatcher.OnFailure onFailure, DeliveryObserver observer,
            DeliveryClock clock,
            EventBuffers buffers) {
        this(functions, backoffs, onFailure, observer, clock, buffers, FatalFaults.unheard());
    }

    /** How a backoff is begun. */
    interface Backoffs {

        /**
         * @param failures how often in a row it failed, at least 1
         * @throws java.util.concurrent.RejectedExecutionException when the dispatcher is closed
         */
        Delivery.Backoff begin(int failures, Runnable next);
    }

    /** Tells the observer; its faults are none of the delivery's. */
    void watch(Consumer<DeliveryObserver> told) {
        try {
            told.accept(observer);
        } catch (RuntimeException | Error e) {
            faults.caught(e);
            LOG.error("An observer of deliveries failed", e);
        }
    }

    /** Takes a delivery a step further; who calls from a function's thread keeps to itself what that throws. */
    void advance(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            faults.caught(e);
            throw e;
        }
    }
}
