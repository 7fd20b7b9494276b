package dev.sluice.telemetry;

import static dev.sluice.fixture.WaitingDelivery.failure;
import static dev.sluice.fixture.WaitingDelivery.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver.Attempt;
import dev.sluice.dispatch.Fate;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.Offsets;
import dev.sluice.fixture.WaitingDelivery;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.PollerObserver.PartitionPosition;
import dev.sluice.mapping.PollerObserver.PollerAssignment;
import dev.sluice.mapping.ProvisionedPollers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private final Metrics metrics = new Metrics(() -> new Journal.Losses(3, 4));
    private final EventSourceMapping mapping = Mappings.aMapping().function("orders").topics("t").build();
    private final Delivery delivery = WaitingDelivery.of(mapping, Offsets.range("t", 0, 10, 14));

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void countsUnderAwsNamesWithMappingAndFunction() {
        metrics.polled(mapping, 7, 2);
        metrics.polled(mapping, 0, 0);
        metrics.committed(mapping, 4);
        metrics.pollingFailed(mapping, "E", "m");
        metrics.commitFailed(mapping, "E", "m");

        assertThat(value("sluice_polled_event_count_total")).isEqualTo(7);
        assertThat(value("sluice_filtered_out_event_count_total")).isEqualTo(2);
        assertThat(value("sluice_committed_event_count_total")).isEqualTo(4);
        assertThat(value("sluice_polling_error_count_total")).isEqualTo(1);
        assertThat(value("sluice_commit_error_count_total")).isEqualTo(1);
        assertThat(metrics.scrape()).contains("{function=\"orders\",mapping=\"" + mapping.id() + "\"} 7.0");
    }

    @Test
    void everySeriesIsThereFromTheFirstPollOnWhateverMetricsConfigSays() {
        metrics.polled(mapping, 0, 0);

        for (String name : List.of("polled_event", "filtered_out_event", "invoked_event", "failed_invoke_event", "dropped_event",
                "on_failure_destination_delivered_event", "committed_event", "polling_error", "invoke_error",
                "on_failure_destination_delivery_error", "commit_error")) {
            assertThat(value("sluice_" + name + "_count_total")).as(name).isZero();
        }
        for (String name : List.of("sluice_max_offset_lag", "sluice_sum_offset_lag", "sluice_offset_lag")) {
            assertThat(value(name)).as("unknown as yet: " + name).isNaN();
        }
        assertThat(metrics.scrape()).doesNotContain("sluice_provisioned_pollers{");
    }

    @Test
    void invocationsCountAgainOnEachRetry() {
        metrics.polled(mapping, 5, 0);
        metrics.attempted(delivery, failure(delivery, 1));
        metrics.attempted(delivery, success(delivery, 2));
        metrics.settled(delivery, Fate.DELIVERED, delivery.batch().records());
        metrics.ended(delivery);

        assertThat(value("sluice_invoked_event_count_total")).isEqualTo(10);
        assertThat(value("sluice_failed_invoke_event_count_total")).isEqualTo(5);
        assertThat(value("sluice_invoke_error_count_total")).as("per batch").isEqualTo(1);
        assertThat(value("sluice_delivered_event_count_total")).isEqualTo(5);
        assertThat(value("sluice_dropped_event_count_total")).isZero();
        assertThat(value("sluice_invocation_duration_seconds_count")).isEqualTo(2);
        assertThat(metrics.scrape()).contains("le=\"0.025\"} 2");
    }

    @Test
    void ofAPartlyTakenBatchOnlyTheRecordsThatTheFunctionNamedHaveFailed() {
        metrics.polled(mapping, 5, 0);
        metrics.attempted(delivery, new Attempt(1, "r", WaitingDelivery.STARTED, Duration.ZERO,
                new AttemptReport(AttemptReport.Kind.FAILED, "PROBLEM", "2 of 5"), delivery.batch().records(), 2, null, 0, null));

        assertThat(value("sluice_failed_invoke_event_count_total")).isEqualTo(2);
    }

    @Test
    void whatCouldNotBeInvokedFailedWithoutBeingInvoked() {
        metrics.polled(mapping, 5, 0);
        metrics.attempted(delivery, new Attempt(1, null, WaitingDelivery.STARTED, Duration.ZERO,
                new AttemptReport(AttemptReport.Kind.FUNCTION_NOT_VALID, "PROBLEM", "gone"), delivery.batch().records(), 5, null, 0, null));

        assertThat(value("sluice_invoked_event_count_total")).isZero();
        assertThat(value("sluice_failed_invoke_event_count_total")).isEqualTo(5);
    }

    @Test
    void whatTheDestinationTookIsNotDropped() {
        metrics.polled(mapping, 5, 0);
        metrics.destinationFailed(delivery, 5, "down");
        metrics.settled(delivery, Fate.SENT_TO_DESTINATION, List.of(Offsets.range("t", 0, 10, 11)));
        metrics.settled(delivery, Fate.DROPPED, List.of(Offsets.of("t", 0, 12)));
        metrics.settled(delivery, Fate.SKIPPED, List.of(Offsets.of("t", 0, 13, 14)));

        assertThat(value("sluice_on_failure_destination_delivery_error_count_total")).isEqualTo(1);
        assertThat(value("sluice_on_failure_destination_delivered_event_count_total")).isEqualTo(2);
        assertThat(value("sluice_dropped_event_count_total")).isEqualTo(1);
        assertThat(value("sluice_skipped_event_count_total")).isEqualTo(2);
    }

    @Test
    void lagIsThatOfAllPollers() {
        metrics.positions(mapping, 0, List.of(new PartitionPosition("t", 0, 100, 95, 92, 90), new PartitionPosition("t", 1, 5, 5, 5, 5)));
        metrics.positions(mapping, 1, List.of(new PartitionPosition("t", 2, 50, 30, 30, 30)));

        assertThat(value("sluice_max_offset_lag")).isEqualTo(20);
        assertThat(value("sluice_sum_offset_lag")).isEqualTo(30);
        assertThat(value("sluice_offset_lag")).as("up to what was processed").isEqualTo(28);
        assertThat(metrics.scrape()).contains("sluice_offset_lag{function=\"orders\",mapping=\"" + mapping.id() + "\",topic=\"t\"}");

        metrics.stopped(mapping, 1);
        assertThat(value("sluice_sum_offset_lag")).isEqualTo(10);
    }

    @Test
    void lagIsUnknownWhileOnePartitionsIs() {
        metrics.positions(mapping, 0,
                List.of(new PartitionPosition("t", 0, 100, 95, 92, 90), new PartitionPosition("t", 1, -1, -1, -1, -1)));

        assertThat(value("sluice_sum_offset_lag")).isNaN();
    }

    @Test
    void provisionedPollersAreThoseAtWork() {
        EventSourceMapping provisioned = Mappings.aMapping().provisionedPollers(new ProvisionedPollers(2, 4, null)).build();
        metrics.assigned(provisioned, new PollerAssignment(0, "k:1", "PLAINTEXT", null, 4, 1, List.of()));
        metrics.assigned(provisioned, new PollerAssignment(1, "k:1", "PLAINTEXT", null, 4, 1, List.of()));

        assertThat(value("sluice_provisioned_pollers")).isEqualTo(2);
        metrics.stopped(provisioned, 0);
        assertThat(value("sluice_provisioned_pollers")).isEqualTo(1);
    }

    @Test
    void theSeriesOfAMappingEndWithItsLastPollerAndThoseOfOthersStay() {
        EventSourceMapping other = Mappings.aMapping().build();
        metrics.assigned(mapping, new PollerAssignment(0, "k:1", "PLAINTEXT", null, 4, 1, List.of()));
        metrics.polled(mapping, 1, 0);
        metrics.polled(other, 1, 0);

        metrics.stopped(mapping, 0);
        // An abandoned call that ends at last brings nothing back.
        metrics.attempted(delivery, success(delivery, 1));

        assertThat(metrics.scrape()).doesNotContain(mapping.id().toString()).contains(other.id().toString());

        metrics.polled(mapping, 2, 0);
        assertThat(metrics.scrape()).contains("sluice_polled_event_count_total{function=\"orders\",mapping=\"" + mapping.id() + "\"} 2.0");
    }

    @Test
    void tellsWhatTheJournalLostAndHowTheProcessIs() {
        String text = metrics.scrape();

        assertThat(text).contains("sluice_journal_lost_entries_total 3.0", "sluice_journal_lost_bodies_total 4.0", "jvm_memory_used_bytes",
                "process_uptime_seconds", "# HELP ", "# TYPE ");
        assertThat(metrics.scrape()).as("measured once only").isNotEmpty();
    }

    /** The value of the one series of this name. */
    private double value(String name) {
        List<String> lines = metrics.scrape().lines().filter(line -> line.startsWith(name + "{")).toList();
        assertThat(lines).as(name).hasSize(1);
        return Double.parseDouble(lines.get(0).substring(lines.get(0).lastIndexOf(' ') + 1));
    }
}
