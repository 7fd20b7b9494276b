/** What a mapping tells of itself: metrics, its system log, and the journal of its deliveries. */
package dev.sluice.telemetry;
