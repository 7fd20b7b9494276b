package dev.sluice.mapping;

/** Who stores what the pollers tell about a mapping. Thread-safe. */
public interface FleetReports {

    /** A fact of an older generation than the stored one changes nothing. Throws what storing throws. */
    void tell(MappingId id, long generation, Fact.Stored fact);
}
