package dev.sluice.poller;

import dev.sluice.mapping.Fact;
import dev.sluice.mapping.FleetReports;
import dev.sluice.mapping.MappingId;
import java.util.List;

/** Keeps what a fleet reports, as {@code started 1}: what, and of which generation. As thread-safe as the lists. */
record RecordedReports(List<String> reports, List<String> results) implements FleetReports {

    @Override
    public void tell(MappingId id, long generation, Fact.Stored fact) {
        if (fact instanceof Fact.Result result) {
            results.add(result.lastProcessingResult());
        } else if (fact instanceof Fact.Failed failed) {
            reports.add("failed " + generation + " " + failed.reason());
        } else {
            String name = fact.getClass().getSimpleName();
            reports.add(Character.toLowerCase(name.charAt(0)) + name.substring(1) + " " + generation);
        }
    }
}
