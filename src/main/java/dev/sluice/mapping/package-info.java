/** The heart: what an event source mapping is, which state it is in, and the use cases that change it. */
package dev.sluice.mapping;
