package dev.sluice.dispatch;

import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationListener;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.mapping.MappingSettings;
import dev.sluice.resource.FunctionArn;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One invocation of a delivery, from the queue for a slot to its end. It hears of its own invocation only, so that a late report of an
 * earlier one can't be mistaken for it. Thread-safe; what its delivery hears comes one after the other.
 */
final class Attempt implements InvocationListener {

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    /** Lambda developer guide: "The maximum supported function execution time is 14 minutes" for Kafka event sources. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(14);

    private final Part part;
    private final EventBytes event;
    private final Surroundings surroundings;
    private final Delivery delivery;
    private volatile FunctionInvoker.@Nullable Pending pending;
    private volatile @Nullable Instant startedAt;
    private volatile @Nullable String requestId;
    private volatile String version = FunctionArn.LATEST;
    private volatile @Nullable AttemptResult meaning;

    Attempt(Part part, EventBytes event, Surroundings surroundings, Delivery delivery) {
        this.part = part;
        this.event = event;
        this.surroundings = surroundings;
        this.delivery = delivery;
    }

    /** Queues the invocation; never blocks, and throws nothing. */
    void submit() {
        MappingSettings settings = delivery.batch().mapping().settings();
        try {
            Duration timeout = surroundings.functions().timeout(settings.functionArn()).orElse(Duration.ZERO);
            if (timeout.compareTo(LONGEST_TIMEOUT) > 0) {
                notTried(new InvocationResult.NotValid("the function's timeout is " + timeout.toSeconds()
                        + " s; for a Kafka event source Lambda allows " + LONGEST_TIMEOUT.toSeconds() + " s at most"));
                return;
            }
            pending = surroundings.functions().submit(new Invocation(settings.functionArn(),
                    delivery.batch().mapping().id().toString(), event::get, this));
        } catch (RuntimeException | Error e) { // an Error too: no thread to be had must not cost a record
            surroundings.faults().caught(e);
            LOG.error("Mapping {}: the invocation could not be queued", delivery.batch().mapping().id(), e);
            notTried(new InvocationResult.CouldNotInvoke("the invocation could not be queued: " + e));
        }
    }

    /** Takes the invocation back if it still waits for its slot; then nothing more is heard of it. */
    boolean cancel() {
        FunctionInvoker.Pending waiting = pending;
        return waiting != null && waiting.cancel();
    }

    private void notTried(InvocationResult result) {
        completed(result);
        ended();
    }

    @Override
    public void executes(String number) {
        version = number;
    }

    @Override
    public void started(String id) {
        requestId = id;
        startedAt = surroundings.clock().timestamp();
        delivery.started();
    }

    @Override
    public void completed(InvocationResult result) {
        AttemptResult means = meaning(result);
        meaning = means;
        surroundings.advance(() -> delivery.completed(this, means));
        if (result instanceof InvocationResult.TimedOut || result instanceof InvocationResult.Moved) {
            event.abandon();
        }
    }

    /** Never fails, as a delivery that doesn't hear of its end would hold its partitions for ever: an answer can be large. */
    private AttemptResult meaning(InvocationResult result) {
        MappingSettings settings = delivery.batch().mapping().settings();
        try {
            return AttemptResult.of(result, part, settings.failureHandling(), new AttemptResult.Ran(requestId, version));
        } catch (RuntimeException | Error e) {
            LOG.error("Mapping {}: what the function answered can't be read", delivery.batch().mapping().id(), e);
            return AttemptResult.unreadable("the function's answer can't be read: " + e, requestId);
        }
    }

    @Override
    public void ended() {
        AttemptResult means = Objects.requireNonNull(meaning, "a call that ends has come to something");
        surroundings.advance(() -> delivery.ended(means));
    }

    /** Whether the invocation got as far as its slot. */
    boolean started() {
        return startedAt != null;
    }

    /** What the observer is shown. */
    DeliveryObserver.Attempt observed(int number, AttemptResult of) {
        Instant now = surroundings.clock().timestamp();
        Instant began = startedAt == null ? now : startedAt;
        Payload bytes = event.written();
        return new DeliveryObserver.Attempt(number, requestId, began, Duration.between(began, now), of.report(), part.records(),
                of.failedRecords(part), bytes == null ? null : bytes.bytes(), bytes == null ? 0 : bytes.length(), of.answer());
    }
}
