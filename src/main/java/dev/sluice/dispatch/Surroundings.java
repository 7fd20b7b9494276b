package dev.sluice.dispatch;

import dev.sluice.function.FunctionInvoker;
import java.time.Clock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all deliveries of a dispatcher share. Thread-safe. */
record Surroundings(FunctionInvoker functions, Backoffs backoffs, Dispatcher.OnFailure onFailure, DeliveryObserver observer, Clock clock,
                    EventBuffers buffers) {

    private static final Logger log = LoggerFactory.getLogger(Surroundings.class);

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
            log.error("An observer of deliveries failed", e);
        }
    }
}
