/**
 * A Sluice server in a test, without a line of it in the test's JVM: the server is a process of its own, which this package starts from the
 * program it brings along, talks to over HTTP, and ends. Nothing here but the JDK's {@code java.base} is needed. Begin with
 * {@link dev.sluice.testing.SluiceServer}; what a test does is in {@link dev.sluice.testing.SluiceAccount}.
 */
package dev.sluice.testing;
