/**
 * What becomes of the records of a poll before somebody delivers them: measured, in buffers, cut into batches. {@code RecordBuffer} keeps what waits,
 * {@code Batcher} says which batch is due, {@code RecordSlice} is what a batch has of a partition.
 */
package dev.sluice.batching;
