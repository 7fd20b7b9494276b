package dev.sluice.dispatch;

import dev.sluice.invocation.FunctionInvoker;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/** A dispatcher without a thread of its own: its backoffs end when the test says so. Confined to one thread. */
public final class SteppedDispatcher {

    private final List<FutureTask<Void>> planned = new ArrayList<>();
    private final Dispatcher dispatcher;

    public SteppedDispatcher(FunctionInvoker functions, Dispatcher.OnFailure onFailure, DeliveryObserver observer, Clock clock) {
        this.dispatcher = new Dispatcher(new Surroundings(functions, (failures, next) -> {
            FutureTask<Void> backoff = new FutureTask<>(next, null);
            planned.add(backoff);
            return new Delivery.Backoff(Instant.EPOCH, () -> backoff.cancel(false));
        }, onFailure, observer, DeliveryClock.real(clock, System::nanoTime), new EventBuffers()));
    }

    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** Backoffs that run now. */
    public int backingOff() {
        planned.removeIf(FutureTask::isDone);
        return planned.size();
    }

    /** Ends one of the running backoffs. */
    public void endBackoff(int index) {
        planned.remove(index).run();
    }
}
