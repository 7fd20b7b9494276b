/**
 * The heart: what an event source mapping is, which state it is in, and the use cases that change it.
 *
 * <p>{@link dev.sluice.mapping.EventSourceMapping} first, then {@link dev.sluice.mapping.EventSourceMappings} (AWS's five operations),
 * {@code ServiceCheck} (AWS's checks in AWS's order) and {@code MappingLifecycle} (the state machine, one pure function). The other public
 * interfaces are ports: {@code MappingStore}, {@code Fleet}, {@code FleetReports}, {@code MappingObserver}, {@code PollerObserver}.
 */
package dev.sluice.mapping;
