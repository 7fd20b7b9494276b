/**
 * Which records a mapping wants: filter patterns as Lambda reads them, and what they say of a record.
 *
 * <p>{@link dev.sluice.filter.RecordFilter} first, then {@code FilterPattern} and {@code FilterPatterns}, which check and read them.
 */
package dev.sluice.filter;
