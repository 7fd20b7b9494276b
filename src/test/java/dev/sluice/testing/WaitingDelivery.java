package dev.sluice.testing;

import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Batch;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.dispatch.DeliveryObserver.Attempt;
import dev.sluice.dispatch.Dispatcher;
import dev.sluice.dispatch.EventWriter;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.dispatch.RetryPolicy;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.resource.FunctionArn;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Deliveries that wait for a slot for ever, for what watches deliveries: a test plays what happens to them. */
public final class WaitingDelivery {

    public static final Instant STARTED = Instant.parse("2026-03-04T05:06:07.089Z");

    /** One for all, since each has a thread; it begins nothing, so that it may stay open. */
    private static final Dispatcher DISPATCHER = new Dispatcher(new FullFunction(),
            new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(1), () -> 0.5), null, DeliveryObserver.NONE, Clock.systemUTC());

    private WaitingDelivery() {
    }

    public static Delivery of(EventSourceMapping mapping, PartitionRecords... records) {
        // Nothing ever happens to it by itself, so nobody listens.
        return DISPATCHER.deliver(new Batch(mapping, new EventWriter(mapping.source().eventSource(), "k:1"), List.of(records), 1_000),
                null);
    }

    /** A successful attempt with the delivery's records, the event {@code {"n":NUMBER}} and the answer {@code null}. */
    public static Attempt success(Delivery delivery, int number) {
        return attempt(delivery, number, new AttemptReport(AttemptReport.Kind.SUCCEEDED, "OK", ""), "null");
    }

    public static Attempt failure(Delivery delivery, int number) {
        return attempt(delivery, number, new AttemptReport(AttemptReport.Kind.FAILED, "PROBLEM: Function call failed",
                "{\"errorMessage\":\"boom\"}"), "{\"errorMessage\":\"boom\"}");
    }

    private static Attempt attempt(Delivery delivery, int number, AttemptReport report, String answer) {
        byte[] buffer = ("{\"n\":" + number + "}and what was in the buffer before").getBytes(StandardCharsets.UTF_8);
        return new Attempt(number, "request-" + number, STARTED.plusSeconds(number), Duration.ofMillis(12), report,
                delivery.batch().records(), report.kind() == AttemptReport.Kind.SUCCEEDED ? 0 : size(delivery), buffer,
                ("{\"n\":" + number + "}").length(), answer.getBytes(StandardCharsets.UTF_8));
    }

    private static int size(Delivery delivery) {
        return delivery.batch().records().stream().mapToInt(PartitionRecords::size).sum();
    }

    /** Has no free slot. */
    private static final class FullFunction implements FunctionInvoker {
        @Override
        public Pending submit(Invocation invocation) {
            return () -> true;
        }

        @Override
        public Optional<Duration> timeout(FunctionArn function) {
            return Optional.of(Duration.ofSeconds(3));
        }
    }
}
