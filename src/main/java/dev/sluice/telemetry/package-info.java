/**
 * What a mapping tells of itself: metrics, its system log, and the journal of its deliveries.
 *
 * <p>{@link dev.sluice.telemetry.Telemetry} hands every observation to all of them; then {@link dev.sluice.telemetry.Journal} and
 * {@code JournalWriter}.
 */
package dev.sluice.telemetry;
