package dev.sluice.diagnosis;

import static dev.sluice.diagnosis.Finding.shortened;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.FleetView;
import dev.sluice.mapping.FleetView.PartitionDetail;
import dev.sluice.mapping.MappingState;
import dev.sluice.mapping.MappingStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why does nothing arrive, or not more? What follows from what is known, the most important first; what is not known is not said. Stateless,
 * pure.
 */
public final class MappingDiagnosis {

    private MappingDiagnosis() {
    }

    /** A lag that has grown by less, or by less than a tenth of what was written, comes and goes. */
    private static final int NOTABLE = 10;

    /** At least one. @param now to say how long something still lasts */
    public static List<Finding> of(Observed observed, Instant now) {
        List<Finding> findings = new Reading(observed, now).findings();
        findings.sort(Comparator.comparing(Finding::cause));
        return List.copyOf(findings);
    }

    /** One diagnosis on its way. Single-use, confined to one thread. */
    private static final class Reading {
        private final Observed observed;
        private final EventSourceMapping mapping;
        private final Instant now;
        private final String uuid;
        private final String function;
        private final List<Finding> findings = new ArrayList<>();

        Reading(Observed observed, Instant now) {
            this.observed = observed;
            this.mapping = observed.mapping();
            this.now = now;
            this.uuid = mapping.id().toString();
            this.function = mapping.settings().functionArn().name();
        }

        List<Finding> findings() {
            function();
            if (mapping.state() == MappingState.DISABLED) {
                disabled();
            } else if (observed.pollers() == null) {
                found(Cause.IN_TRANSITION, "The mapping is " + mapping.state().awsName() + "; nothing polls for it yet.", null);
            } else {
                polled(observed.pollers());
            }
            if (findings.isEmpty()) {
                found(Cause.UNKNOWN, "Nothing is known that would hold records up.", "sluice mappings " + uuid);
            }
            return findings;
        }

        private void function() {
            if (observed.function() instanceof Observed.Function.Missing missing) {
                if (missing.elsewhere() == null) {
                    found(Cause.FUNCTION_MISSING, "There is no function " + function + " in this account and region.", "sluice functions");
                } else {
                    found(Cause.FUNCTION_ELSEWHERE, "There is no function " + function + " here, but one " + missing.elsewhere() + ".",
                            "sluice functions " + function, "the mapping is in " + mapping.scope());
                }
                return;
            }
            Observed.Function.Known known = (Observed.Function.Known) observed.function();
            if (known.reservedConcurrency() != null && known.reservedConcurrency() == 0) {
                found(Cause.CONCURRENCY_ZERO, "The reserved concurrency of " + function + " is 0: it is not invoked.",
                        "aws lambda delete-function-concurrency --function-name " + function);
            }
            if (known.movedBecause() != null) {
                found(Cause.MOVED_TO_PROCESS, function + " runs in a process of its own, as " + known.movedBecause() + ".",
                        "sluice functions " + function);
            }
        }

        private void found(Cause cause, String sentence, @Nullable String command, String... figures) {
            findings.add(new Finding(cause, shortened(sentence), List.of(figures), command, null));
        }

        private void disabled() {
            String command = "sluice mappings enable " + uuid;
            if (observed.failure() == null) {
                found(Cause.DISABLED, "Somebody has disabled the mapping (" + mapping.status().reason() + "); nothing polls for it.",
                        command);
            } else {
                String sentence = shortened("Disabled, " + mapping.status().reason() + ": " + observed.failure().cause());
                List<String> figures = new ArrayList<>(List.of("since " + observed.failure().since()));
                if (!sentence.contains(observed.failure().cause())) {
                    figures.add(observed.failure().cause());
                }
                findings.add(new Finding(Cause.DISABLED_BY_PROBLEM, sentence, figures, command, null));
            }
        }

        private void polled(FleetView.Detail pollers) {
            FleetView.Last last = pollers.last();
            List<PartitionDetail> partitions = pollers.partitions();
            if (last != null) {
                trouble(last, partitions);
            }
            if (partitions.isEmpty()) {
                if (last == null) {
                    noPartition(pollers);
                }
                return;
            }
            waiting(partitions);
            openTransactions(partitions);
            filtered();
            givenUp();
            slots(partitions);
            tooSlow(partitions);
            if (findings.stream().noneMatch(finding -> finding.cause().blocking())) {
                inFlight(partitions);
                nothingNew(partitions);
            }
        }

        private void noPartition(FleetView.Detail pollers) {
            if (!pollers.elsewhere().isEmpty()) {
                FleetView.Elsewhere held = pollers.elsewhere().get(0);
                found(Cause.NO_PARTITION,
                        held.topic() + "-" + held.partition() + " is read by another member of its group: " + held.clientId()
                                + " at " + held.host() + ".",
                        "sluice mappings", pollers.elsewhere().stream().map(other -> other.topic() + "-"
                                + other.partition() + " " + other.clientId() + " " + other.host()).toArray(String[]::new));
            } else if (mapping.state() == MappingState.ENABLED) {
                found(Cause.NO_PARTITION, "It has no partition of " + String.join(",", mapping.source().topics())
                        + ": other members of its group have them all, or it is joining.", "sluice mappings " + uuid,
                        "group " + pollers.consumerGroupId());
            } else {
                found(Cause.IN_TRANSITION, "The mapping is " + mapping.state().awsName() + ": it is joining its consumer group.", null);
            }
        }

        private void trouble(FleetView.Last last, List<PartitionDetail> partitions) {
            String sentence = shortened(TroubleText.before(last.trouble(), observed.function()) + last.detail());
            List<String> figures = new ArrayList<>();
            if (!sentence.contains(last.detail())) {
                figures.add(last.detail());
            }
            partitions.stream().filter(partition -> partition.nextAttempt() != null).min(Comparator.comparing(PartitionDetail::nextAttempt))
                    .ifPresent(partition -> figures.add("attempt " + partition.attempt() + " of " + partition.topic() + "-"
                            + partition.partition() + " failed; the next in " + seconds(Duration.between(now,
                                    Objects.requireNonNull(partition.nextAttempt())))));
            findings.add(new Finding(TroubleText.cause(last.trouble()), sentence, figures, TroubleText.command(last.trouble(), mapping),
                    last.age()));
        }

        private void waiting(List<PartitionDetail> partitions) {
            if (partitions.stream().anyMatch(partition -> partition.waiting().earlierOwner())) {
                found(Cause.EARLIER_INVOCATION, "An invocation from before the last rebalance still runs; its partition waits for it.",
                        "sluice logs " + function);
            }
            List<PartitionDetail> collecting = partitions.stream().filter(partition -> partition.waiting().window() != null).toList();
            if (!collecting.isEmpty()) {
                int records = collecting.stream().mapToInt(partition -> partition.waiting().records()).sum();
                Duration left = collecting.stream().map(partition -> Objects.requireNonNull(partition.waiting().window()))
                        .min(Comparator.naturalOrder()).orElseThrow();
                found(Cause.WAITING_FOR_WINDOW, count(records, "record waits", "records wait") + " for the batching window, which ends in "
                        + seconds(left) + ", or for BatchSize " + mapping.settings().batchSize() + ".",
                        "aws lambda update-event-source-mapping --uuid " + uuid + " --maximum-batching-window-in-seconds 0");
            }
        }

        private void openTransactions(List<PartitionDetail> partitions) {
            partitions.stream().filter(partition -> partition.openTransaction() >= 0).forEach(partition -> found(Cause.OPEN_TRANSACTION,
                    partition.topic() + "-" + partition.partition() + ": records from offset " + partition.openTransaction()
                            + " on wait for an open transaction to end.",
                    "sluice mappings " + uuid));
        }

        private void filtered() {
            FilteredOut filtered = observed.filtered();
            if (filtered != null) {
                FilteredOut.Last last = Objects.requireNonNull(filtered.last(), "last");
                MappingProgress progress = observed.progress();
                boolean nothingPassed = progress.polled() > 0 && progress.filteredOut() == progress.polled();
                List<String> figures =
                        new ArrayList<>(List.of("the last was " + last.topic() + "-" + last.partition() + " offset " + last.offset()));
                if (filtered.ofOtherFormat() > 0) {
                    figures.add(filtered.ofOtherFormat() + " of them only for their format");
                }
                if (progress.polled() > 0) {
                    figures.add(progress.filteredOut() + " of " + progress.polled() + " since the server was started");
                }
                found(Cause.FILTERED_OUT, "Its filters have dropped " + (nothingPassed
                        ? progress.polled() + " of " + count(progress.polled(), "record", "records")
                        : count(filtered.records(), "record", "records")) + ", the last as " + last.reason(),
                        "sluice deliveries --mapping " + uuid, figures.toArray(String[]::new));
            }
        }

        private void givenUp() {
            MappingProgress.GivenUp gone = observed.progress().givenUp();
            if (gone != null) {
                boolean tooLarge = gone.condition().equals("MaximumPayloadSizeExceeded");
                found(tooLarge ? Cause.RECORD_TOO_LARGE : Cause.GIVEN_UP, tooLarge
                        ? gone.topic() + "-" + gone.partition() + " offset " + gone.offset() + " is too large for an event of Lambda (6 MB)"
                                + " and was given up."
                        : count(gone.records(), "record was", "records were") + " given up since the start, the last for "
                                + gone.condition() + ".",
                        "sluice deliveries --mapping " + uuid + " --failed",
                        "the last was " + gone.topic() + "-" + gone.partition() + " offset " + gone.offset(),
                        count(gone.records(), "record", "records") + " in all since the server was started");
            }
        }

        private void slots(List<PartitionDetail> partitions) {
            if (observed.function() instanceof Observed.Function.Known known && known.waiting() > 0
                    && partitions.stream().anyMatch(partition -> partition.inFlight() > 0)) {
                found(Cause.WAITING_FOR_SLOT, "As many invocations of " + function + " run as may; "
                        + count(known.waiting(), "more waits", "more wait") + " for one to end.", "sluice functions " + function,
                        known.reservedConcurrency() == null ? "no reserved concurrency" : "reserved concurrency "
                                + known.reservedConcurrency());
            }
        }

        /** Only where the function has its hands full: what waits for a window, or nobody has polled, is no matter of its speed. */
        private void tooSlow(List<PartitionDetail> partitions) {
            MappingProgress.Trend trend = observed.progress().trend();
            boolean busy = partitions.stream().anyMatch(partition -> partition.inFlight() > 0);
            if (trend == null || !busy || findings.stream().anyMatch(finding -> finding.cause().blocking()
                    || finding.cause() == Cause.WAITING_FOR_WINDOW)) {
                return;
            }
            long growth = trend.lagNow() - trend.lagThen();
            if (growth >= NOTABLE && growth * 10 >= trend.written()) {
                found(Cause.TOO_SLOW, "Too slow: its lag has grown from " + trend.lagThen() + " to " + trend.lagNow() + " in "
                        + seconds(trend.over()) + ".", "sluice deliveries --mapping " + uuid,
                        perSecond(trend.written(), trend.over()) + " records/s are written",
                        perSecond(trend.committed(), trend.over()) + " records/s are done");
            }
        }

        private static String perSecond(long records, Duration over) {
            return String.format(Locale.ROOT, "%.1f", records * 1000.0 / Math.max(1, over.toMillis()));
        }

        private void inFlight(List<PartitionDetail> partitions) {
            int records = partitions.stream().mapToInt(PartitionDetail::inFlight).sum();
            if (records > 0) {
                found(Cause.IN_FLIGHT, count(records, "record is", "records are") + " with the function, in attempt "
                        + partitions.stream().mapToInt(PartitionDetail::attempt).max().orElse(1) + ".", "sluice logs " + function);
            }
        }

        private void nothingNew(List<PartitionDetail> partitions) {
            if (partitions.stream().anyMatch(partition -> partition.lag() < 0)) {
                return; // it isn't known whether there is anything
            }
            long lag = partitions.stream().mapToLong(PartitionDetail::lag).sum();
            boolean nothingElse = findings.stream().allMatch(finding -> finding.cause() == Cause.MOVED_TO_PROCESS);
            if (lag > 0) {
                if (nothingElse) {
                    found(Cause.CATCHING_UP, count(lag, "record is", "records are") + " still to be delivered.", "sluice mappings " + uuid);
                }
                return;
            }
            long written = partitions.stream().mapToLong(PartitionDetail::end).sum();
            boolean nothingYet = MappingStatus.NO_RECORDS_PROCESSED.equals(mapping.status().lastProcessingResult());
            if (nothingYet && written > 0 && mapping.source().beginsAtLatest()) {
                found(Cause.POSITION_LATEST, "Position LATEST: up to " + count(written, "older record was", "older records were")
                        + " left out; nothing came since the mapping began.",
                        "sluice produce " + mapping.source().topics().get(0) + " VALUE");
            } else if (nothingElse) {
                found(Cause.NOTHING_NEW, written == 0 ? "The topic has no records yet."
                        : "Nothing new: everything that was written is behind it.", null, "partitions " + partitions.size(),
                        "offsets up to " + written + " in all");
            }
        }

        private static String count(long number, String one, String many) {
            return number + " " + (number == 1 ? one : many);
        }

        private static String seconds(Duration duration) {
            return Math.max(0, (duration.toMillis() + 999) / 1000) + " s";
        }
    }
}
