/** Fixtures that the tests of several packages share. */
package dev.sluice.testing;
