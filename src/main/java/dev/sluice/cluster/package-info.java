/** Which brokers and which credentials an event source means, whether they can be reached, and records sent to them one by one. */
package dev.sluice.cluster;
