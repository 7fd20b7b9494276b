/** A real single-node Kafka broker (KRaft) in this JVM. */
package dev.sluice.embedded;
