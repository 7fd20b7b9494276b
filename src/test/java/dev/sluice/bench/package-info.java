/** Measures what Sluice costs: records per second beside a bare consumer, time to start, memory; run by {@code scripts/bench} only. */
package dev.sluice.bench;
