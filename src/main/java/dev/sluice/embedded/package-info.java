/**
 * A real single-node Kafka broker (KRaft) in this JVM.
 *
 * <p>{@link dev.sluice.embedded.EmbeddedKafka} first, then {@link dev.sluice.embedded.EmbeddedKafkaConfiguration}.
 */
package dev.sluice.embedded;
