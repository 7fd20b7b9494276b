package dev.sluice.poller;

import dev.sluice.mapping.FleetReports;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.StateTransitionReason;
import java.util.List;

/** Keeps what a fleet reports, as {@code started 1}: what, and of which generation. As thread-safe as the lists. */
record RecordedReports(List<String> reports, List<String> results) implements FleetReports {

    @Override
    public void started(MappingId id, long generation) {
        reports.add("started " + generation);
    }

    @Override
    public void startingPositionApplied(MappingId id, long generation) {
        reports.add("startingPositionApplied " + generation);
    }

    @Override
    public void stopped(MappingId id, long generation) {
        reports.add("stopped " + generation);
    }

    @Override
    public void failed(MappingId id, long generation, StateTransitionReason reason, String cause) {
        reports.add("failed " + generation + " " + reason);
    }

    @Override
    public void processed(MappingId id, long generation, String lastProcessingResult) {
        results.add(lastProcessingResult);
    }
}
