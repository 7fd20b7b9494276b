/**
 * What a server can't go on after, and who hears of it.
 *
 * <p>{@link dev.sluice.fault.FatalFaults} first.
 */
package dev.sluice.fault;
