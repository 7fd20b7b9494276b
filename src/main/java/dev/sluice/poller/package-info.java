/** The consumers at work: leases, batching, commits, and the fleet of all of them. */
package dev.sluice.poller;
