/**
 * Sluice as an extension of JUnit Jupiter, 5.10 or newer: {@link dev.sluice.junit.SluiceTest} on a class, or a
 * {@link dev.sluice.junit.SluiceExtension} in it.
 */
package dev.sluice.junit;
